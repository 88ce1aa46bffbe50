// Traps, interrupts and system calls of ring 0 (the JVM and the shim itself), and the first
// instructions of those of ring 3, which go on in user.S.
//
// Every vector has an interrupt stack (SDM 3, 7.14.5), for the JVM's code keeps data below its stack pointer. The
// interrupted stack pointer tells who was: the upper half is the shim (idle, or touching JVM memory), the rest is the
// JVM. In ring 0 GS is this CPU's struct cpu, always, but for the few instructions around swapgs, where only #DB, NMI
// and #MC can come: these three set and restore GS by value and trust nothing.
#include "layout.h"
#define EFAULT 14
  .global vectors, trap_return, tlb_vector, syscall_entry, thread_begin, switch_stack, copy_in, copy_out
.macro PUSH_REGISTERS
  EACH push, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
.endm
.macro POP_REGISTERS
  EACH pop, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
.endm
  .text
  .balign 16
vectors:                                 // 16 bytes each
  .set v, 0
  .rept VECTORS
  .balign 16
  .if !((v == 8) || ((v >= 10) && (v <= 14)) || (v == 17) || (v == 21) || (v == 29) || (v == 30))
  push $0                                // no error code
  .endif
  push $v
  .if (v == VECTOR_NMI) || (v == VECTOR_MCE)
  jmp paranoid
  .elseif v == VECTOR_DEBUG
  jmp debug
  .else
  jmp trap
  .endif
  .set v, v + 1
  .endr

  .balign 16
trap:
  testb $3, 24(%rsp)                     // saved CS
  jnz user_trap
  PUSH_REGISTERS
  cld
  lea user_iretq(%rip), %rax; cmp %rax, F_RIP(%rsp); je user_iretq_fault
  mov %rsp, %rdi
  call trap_here                         // page faults, and interrupts of the idle loop, end here
  test %eax, %eax; jnz 1f
  // The JVM, and it may have to wait or get a signal: move to the thread's shim stack, so that the
  // interrupt stack is free again.
  mov %gs:CPU_STACK, %rdi; sub $REGS_SIZE, %rdi
  mov %rsp, %rsi
  mov %rdi, %rsp
  mov $REGS_SIZE / 8, %ecx
  rep movsq
  mov %rsp, %rdi; call trap_jvm
1:
trap_return:
  POP_REGISTERS
  add $16, %rsp; iretq
// A #DB in ring 3 is an ordinary trap; in ring 0 it can come with the user's GS (a breakpoint
// delayed by `mov %ss`, or TF, seen on the first instruction after syscall).
debug:
  testb $3, 24(%rsp); jnz user_trap
// The top of the interrupt stack of #DB, NMI and #MC holds the address of this CPU's struct cpu.
paranoid:
  PUSH_REGISTERS
  cld
  rdgsbase %rbx
  mov %rsp, %rax; or $4095, %rax
  mov -7(%rax), %rax; wrgsbase %rax
  mov %rsp, %rdi; call trap_paranoid
  wrgsbase %rbx; jmp trap_return
// TLB requests: answered in place, from any context, without leaving ring 3 for Java.
  .balign 16
tlb_vector:
  testb $3, 8(%rsp); jz 1f
  swapgs; lfence
1:
  EACH push, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
  cld
clac_tlb: nopl (%rax)                    // clac, if there is SMAP
  mov 80(%rsp), %edi; and $3, %edi
  call tlb_interrupt
  EACH pop, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
  testb $3, 8(%rsp); jz 2f
  swapgs
2:
  iretq
// ---- The syscall instruction. Interrupts are off (RFLAGS_SYSCALL_MASK). ----
// The return address tells who asks. Ring 3 cannot execute within the JVM's range, but the two bytes
// of a syscall may end right where it begins: that address, too, is ring 3's.
  .balign 16
syscall_entry:
  cmp jvm_start(%rip), %rcx; jbe user_syscall
  cmp jvm_end(%rip), %rcx; jae user_syscall
  mov %rsp, %gs:CPU_SCRATCH
  mov %gs:CPU_STACK, %rsp
  push $KERNEL_DATA; push %gs:CPU_SCRATCH; push %r11; push $KERNEL_CODE
  push %rcx; push $0; push $VECTOR_SYSCALL
  PUSH_REGISTERS
  mov %rsp, %rdi; call system_call
  test %eax, %eax
  jnz trap_return                        // every register was set: the return from a signal
  POP_REGISTERS
  mov 16(%rsp), %rcx
  mov 40(%rsp), %rsp
  sti                                    // takes effect after the jump
  jmp *%rcx

thread_begin:
  call schedule_tail
  jmp trap_return
// void switch_stack(u64 *save, u64 to)
switch_stack:
  EACH push, rbx, rbp, r12, r13, r14, r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  EACH pop, r15, r14, r13, r12, rbp, rbx
  ret
// ---- Calls of Java (FFM downcalls) that work on the shim's stack with interrupts off ----
.macro SHIM_CALL name
  .global \name
\name:
  push %rbp
  mov %rsp, %rbp
  cli
  mov %gs:CPU_STACK, %rsp; call \name\()_body
  mov %rbp, %rsp
  pop %rbp
  sti; ret
.endm
  .irp name, cpu_pin, cpu_idle, cpu_wake, tlb_flush, interrupt_route, interrupt_enable, interrupt_message, device_map, log_write, user_root_leave, machine_stop
  SHIM_CALL \name
  .endr
// ---- JVM memory touched for a system call. A fault that page_fault() cannot resolve means -EFAULT. ----
copy_in:                                 // i64 copy_in(void *to, u64 from, u64 length)
  mov %rsi, %rax; jmp 1f
copy_out:                                // i64 copy_out(u64 to, const void *from, u64 length)
  mov %rdi, %rax
1:                                       // the JVM's side must lie in the JVM's range
  cmp jvm_start(%rip), %rax; jb bad
  add %rdx, %rax; jc bad
  cmp jvm_end(%rip), %rax; ja bad
  mov %rdx, %rcx; shr $3, %rcx
2:rep movsq
  mov %edx, %ecx; and $7, %ecx
3:rep movsb
  xor %eax, %eax; ret
bad:
  mov $-EFAULT, %rax; ret
  FIXUP 2b, bad
  FIXUP 3b, bad
  .section .clac_sites, "a"
  .quad clac_tlb
  .section .rodata
  .balign 8
jvm_start: .quad JVM_START
jvm_end: .quad JVM_END
