// Ring 3: the way there and back. enter_user(frame, root) is called by Java as a C function, runs
// the user thread whose registers `frame` holds until it traps, and returns why.
#include "fpu.h"
  .global enter_user, user_iretq, user_iretq_fault, user_syscall, user_trap, fpu_save, fpu_restore
  .global fpu_moves, xsave_mask
  .text
// u64 enter_user(struct user_frame *frame, u64 root)
  .balign 16
enter_user:
  EACH push, rbx, rbp, r12, r13, r14, r15
  rdfsbase %rax; push %rax
  cli
  cmp %rsi, %gs:CPU_ROOT; jne load_root  // whatever comes next: Java counts on it
1:
  cmpl $0, %gs:CPU_WAKE                  // woken on the way here: ring 3 has to wait
  jne woken
  mov %rsp, %gs:CPU_RETURN
  mov %rdi, %gs:CPU_FRAME
  mov F_FS(%rdi), %rax
3:wrfsbase %rax
  FIXUP 3b, fs_refused
  FPU_RESTORE fpu_image_refused
  mov F_GS(%rdi), %rdx; shl $16, %rdx; sar $16, %rdx                 // canonical, or it would fault below
  mov F_RIP(%rdi), %rcx
  cmpl $VECTOR_SYSCALL, F_VECTOR(%rdi); jne return_by_iret
  // sysret to an address that is not canonical would fault in ring 0 with the user's stack
  // (Intel; CVE-2012-0217): only the lower half may go that way.
  mov %rcx, %rax; shr $47, %rax; jnz return_by_iret
  swapgs; wrgsbase %rdx
  mov F_RFLAGS(%rdi), %r11; and $RFLAGS_USER, %r11d; or $RFLAGS_FIXED, %r11d
  mov F_RSP(%rdi), %rsp
  LOAD %rdi, r15, r14, r13, r12, r10, r9, r8, rbp, rsi, rdx, rbx, rax, rdi
  sysretq
load_root:
  mov %rsi, %cr3
  mov %rsi, %gs:CPU_ROOT; jmp 1b
woken:
  movl $0, %gs:CPU_WAKE
  mov $VECTOR_WAKE, %eax
  mov %rsp, %rbx; jmp return_to_java
// Every register is restored. The segments are ours whatever the frame says.
return_by_iret:
  mov %rcx, %rax; shl $16, %rax; sar $16, %rax
  cmp %rax, %rcx; jne not_canonical
  mov %gs:CPU_STACK, %rsp
  push $USER_DATA; push F_RSP(%rdi)
  mov F_RFLAGS(%rdi), %rax; and $RFLAGS_USER, %eax; or $RFLAGS_FIXED, %eax
  push %rax; push $USER_CODE; push %rcx
  swapgs; wrgsbase %rdx
  LOAD %rdi, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rsi, rdx, rcx, rbx, rax, rdi
user_iretq:
  iretq
// What the CPU would not load is the user's #GP; its registers are in the frame still.
user_iretq_fault:
  swapgs
  mov %gs:CPU_FRAME, %rdi; jmp 2f
fs_refused:
  xor %eax, %eax; wrfsbase %rax
fpu_image_refused:
  mov xsave_mask(%rip), %eax
  xor %edx, %edx; xrstor64 initial_fpu(%rip)
  mov F_GS(%rdi), %rdx; shl $16, %rdx; sar $16, %rdx
not_canonical:
  swapgs; wrgsbase %rdx; swapgs
2:
  movq $VECTOR_GP, F_VECTOR(%rdi); movq $0, F_ERROR(%rdi)
  mov %gs:CPU_STACK, %rsp; jmp leave_user
// ---- Back: the syscall instruction ----
.macro SAVE_REST                         // all but the general registers; rdi = frame
  FPU_SAVE
  rdfsbase %rax; mov %rax, F_FS(%rdi)
  swapgs; rdgsbase %rax; swapgs
  mov %rax, F_GS(%rdi)
.endm
user_syscall:
  swapgs
  mov %rsp, %gs:CPU_SCRATCH
  mov %gs:CPU_FRAME, %rsp                // a plain base register: interrupts are off
  SAVE %rsp, rdi
  mov %rsp, %rdi
  mov %gs:CPU_RETURN, %rsp               // straight to the JVM's stack: nothing interrupts from here to there
  SAVE %rdi, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rsi, rdx, rcx, rbx, rax
  movq $VECTOR_SYSCALL, F_VECTOR(%rdi)
  mov %rcx, F_RIP(%rdi); mov %r11, F_RFLAGS(%rdi)
  mov %gs:CPU_SCRATCH, %rax; mov %rax, F_RSP(%rdi)
  SAVE_REST
  pop %rax; wrfsbase %rax
  mov $VECTOR_SYSCALL, %eax
  EACH pop, r15, r14, r13, r12, rbp, rbx
  sti; ret
// rdi = frame; general registers saved; GS ours; interrupts off.
leave_user:
  SAVE_REST
  mov %gs:CPU_RETURN, %rbx; mov (%rbx), %rax; wrfsbase %rax
  mov F_VECTOR(%rdi), %rax
  cmp $VECTOR_TIMER, %eax; jae interrupted
return_to_java:
  lea 8(%rbx), %rsp
  EACH pop, r15, r14, r13, r12, rbp, rbx
  sti; ret
interrupted:                             // may switch threads: rbx and rbp stay with this one
  mov %rax, %rbp
  mov %rax, %rdi; call user_interrupt
  mov %rbp, %rax; jmp return_to_java
// ---- Back: an exception or interrupt; on the interrupt stack: vector, error, rip, cs, ... ----
user_trap:
  swapgs
  lfence                                 // no speculation with the user's GS (CVE-2019-1125)
clac_trap: nopl (%rax)                   // clac, if there is SMAP
  cld
  mov %rdi, %gs:CPU_SCRATCH
  mov %gs:CPU_FRAME, %rdi
  SAVE %rdi, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rsi, rdx, rcx, rbx, rax
  mov %gs:CPU_SCRATCH, %rax; mov %rax, F_rdi(%rdi)
  .irp field, F_VECTOR, F_ERROR, F_RIP, F_CS, F_RFLAGS, F_RSP, F_SS
  pop \field(%rdi)
  .endr
  mov %cr2, %rax; mov %rax, F_CR2(%rdi)
  mov %gs:CPU_STACK, %rsp                // leave the interrupt stack
  cmpl $VECTOR_DEBUG, F_VECTOR(%rdi); jne leave_user
  mov %db6, %rax; mov %rax, F_DR6(%rdi)
  xor %eax, %eax; mov %rax, %db6; jmp leave_user
// ---- The same for the JVM's threads: void fpu_save(u8 *area), void fpu_restore(const u8 *area) ----
fpu_save:
  FPU_SAVE
  ret
fpu_restore:
  FPU_RESTORE fpu_broken
  ret
fpu_broken:
  ud2
  .section .clac_sites, "a"
  .quad clac_trap
  .data
  .balign 8
xsave_mask: .quad 3
fpu_moves: .byte 0
  .section .rodata
  .balign 64
initial_fpu: .fill 576, 1, 0             // an XSAVE image whose header says: all in initial state
mxcsr_default: .long MXCSR_DEFAULT
