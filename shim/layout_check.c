// Holds the C structures to the offsets that assembly uses.
#include "shim.h"

#define AT(type, field, offset) _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)
AT(cpu, self, CPU_SELF);
AT(cpu, thread, CPU_THREAD);
AT(cpu, scratch, CPU_SCRATCH);
AT(cpu, stack, CPU_STACK);
AT(cpu, frame, CPU_FRAME);
AT(cpu, return_stack, CPU_RETURN);
AT(cpu, root, CPU_ROOT);
AT(cpu, wake, CPU_WAKE);
AT(cpu, index, CPU_INDEX);
AT(cpu, tsc_base, CPU_TSC_BASE);
AT(cpu, tsc_mult, CPU_TSC_MULT);
AT(cpu, wall, CPU_WALL);
AT(regs, r15, F_R15);
AT(regs, rdi, F_RDI);
AT(regs, rax, F_RAX);
AT(regs, vector, F_VECTOR);
AT(regs, rip, F_RIP);
AT(regs, rsp, F_RSP);
_Static_assert(sizeof(struct regs) == REGS_SIZE, "struct regs");
