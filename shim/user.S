// Ring 3: the way there and back. enter_user(frame, root) is called by Java as a C function, runs
// the user thread whose registers `frame` holds until it traps, and returns why.
#include "fpu.h"

  .text
// u64 enter_user(struct user_frame *frame, u64 root)
  .balign 16
  .global enter_user
enter_user:
  push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
  rdfsbase %rax
  push %rax
  cli
  cmpl $0, %gs:CPU_WAKE                  // woken on the way here: ring 3 has to wait
  jne woken
  mov %rsp, %gs:CPU_RETURN
  mov %rdi, %gs:CPU_FRAME
  cmp %rsi, %gs:CPU_ROOT
  jne load_root
1:
  FPU_RESTORE fpu_image_refused
  mov F_FS(%rdi), %rax
  wrfsbase %rax
  mov F_RIP(%rdi), %rcx
  cmpl $VECTOR_SYSCALL, F_VECTOR(%rdi)
  jne return_by_iret
  // sysret to an address that is not canonical would fault in ring 0 with the user's stack
  // (Intel; CVE-2012-0217): only the lower half may go that way.
  mov %rcx, %rax
  shr $47, %rax
  jnz return_by_iret
  mov F_GS(%rdi), %rax
  swapgs
  wrgsbase %rax
  mov F_RFLAGS(%rdi), %r11
  and $RFLAGS_USER, %r11d
  or $RFLAGS_FIXED, %r11d
  mov F_R15(%rdi), %r15
  mov F_R14(%rdi), %r14
  mov F_R13(%rdi), %r13
  mov F_R12(%rdi), %r12
  mov F_R10(%rdi), %r10
  mov F_R9(%rdi), %r9
  mov F_R8(%rdi), %r8
  mov F_RBP(%rdi), %rbp
  mov F_RSI(%rdi), %rsi
  mov F_RDX(%rdi), %rdx
  mov F_RBX(%rdi), %rbx
  mov F_RAX(%rdi), %rax
  mov F_RSP(%rdi), %rsp
  mov F_RDI(%rdi), %rdi
  sysretq

load_root:
  mov %rsi, %cr3
  mov %rsi, %gs:CPU_ROOT
  jmp 1b

woken:
  movl $0, %gs:CPU_WAKE
  sti
  mov $VECTOR_WAKE, %eax
  add $8, %rsp
  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
  ret

// Every register is restored. The segments are ours whatever the frame says.
return_by_iret:
  mov %rcx, %rax
  shl $16, %rax
  sar $16, %rax
  cmp %rax, %rcx
  jne not_canonical
  mov %gs:CPU_STACK, %rsp
  push $USER_DATA
  push F_RSP(%rdi)
  mov F_RFLAGS(%rdi), %rax
  and $RFLAGS_USER, %eax
  or $RFLAGS_FIXED, %eax
  push %rax
  push $USER_CODE
  push %rcx
  mov F_GS(%rdi), %rax
  swapgs
  wrgsbase %rax
  mov F_R15(%rdi), %r15
  mov F_R14(%rdi), %r14
  mov F_R13(%rdi), %r13
  mov F_R12(%rdi), %r12
  mov F_R11(%rdi), %r11
  mov F_R10(%rdi), %r10
  mov F_R9(%rdi), %r9
  mov F_R8(%rdi), %r8
  mov F_RBP(%rdi), %rbp
  mov F_RSI(%rdi), %rsi
  mov F_RDX(%rdi), %rdx
  mov F_RCX(%rdi), %rcx
  mov F_RBX(%rdi), %rbx
  mov F_RAX(%rdi), %rax
  mov F_RDI(%rdi), %rdi
  .global user_iretq
user_iretq:
  iretq

// What iretq would not load is the user's #GP; its registers are in the frame still.
  .global user_iretq_fault
user_iretq_fault:
  swapgs
  mov F_VECTOR(%rsp), %rax
  mov F_ERROR(%rsp), %rcx
  mov %gs:CPU_FRAME, %rdi
  mov %rax, F_VECTOR(%rdi)
  mov %rcx, F_ERROR(%rdi)
  mov %gs:CPU_STACK, %rsp
  jmp leave_user
fpu_image_refused:
  mov $7, %eax
  xor %edx, %edx
  and xsave_mask(%rip), %eax
  xrstor64 initial_fpu(%rip)
not_canonical:
  movq $VECTOR_GP, F_VECTOR(%rdi)
  movq $0, F_ERROR(%rdi)
  mov F_GS(%rdi), %rax
  swapgs
  wrgsbase %rax
  swapgs
  mov %gs:CPU_STACK, %rsp
  jmp leave_user

// ---- Back: the syscall instruction ----
  .balign 16
  .global user_syscall
user_syscall:
  swapgs
  mov %rsp, %gs:CPU_SCRATCH
  mov %gs:CPU_FRAME, %rsp                // a plain base register: interrupts are off
  mov %rdi, F_RDI(%rsp)
  mov %rsp, %rdi
  mov %gs:CPU_STACK, %rsp
  mov %r15, F_R15(%rdi)
  mov %r14, F_R14(%rdi)
  mov %r13, F_R13(%rdi)
  mov %r12, F_R12(%rdi)
  mov %r11, F_R11(%rdi)
  mov %r10, F_R10(%rdi)
  mov %r9, F_R9(%rdi)
  mov %r8, F_R8(%rdi)
  mov %rbp, F_RBP(%rdi)
  mov %rsi, F_RSI(%rdi)
  mov %rdx, F_RDX(%rdi)
  mov %rcx, F_RCX(%rdi)
  mov %rbx, F_RBX(%rdi)
  mov %rax, F_RAX(%rdi)
  movq $VECTOR_SYSCALL, F_VECTOR(%rdi)
  mov %rcx, F_RIP(%rdi)
  mov %r11, F_RFLAGS(%rdi)
  mov %gs:CPU_SCRATCH, %rax
  mov %rax, F_RSP(%rdi)

// rdi = frame; general registers saved; GS ours; interrupts off.
leave_user:
  FPU_SAVE
  rdfsbase %rax
  mov %rax, F_FS(%rdi)
  swapgs
  rdgsbase %rax
  swapgs
  mov %rax, F_GS(%rdi)
  mov %gs:CPU_RETURN, %rbx
  mov (%rbx), %rax
  wrfsbase %rax
  mov F_VECTOR(%rdi), %rax
  lea -32(%rax), %rcx
  cmp $VECTOR_SYSCALL - 32, %rcx
  jb interrupted                         // 32 to 255
1:
  lea 8(%rbx), %rsp
  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
  sti
  ret
interrupted:                             // may switch threads: rbx and rbp stay with this one
  mov %rax, %rbp
  mov %rax, %rdi
  call user_interrupt
  mov %rbp, %rax
  jmp 1b

// ---- Back: an exception or interrupt; on the interrupt stack: vector, error, rip, cs, ... ----
  .balign 16
  .global user_trap
user_trap:
  swapgs
  lfence                                 // no speculation with the user's GS (CVE-2019-1125)
  .global clac_trap
clac_trap: nopl (%rax)                   // clac, if there is SMAP
  cld
  mov %rdi, %gs:CPU_SCRATCH
  mov %gs:CPU_FRAME, %rdi
  mov %r15, F_R15(%rdi)
  mov %r14, F_R14(%rdi)
  mov %r13, F_R13(%rdi)
  mov %r12, F_R12(%rdi)
  mov %r11, F_R11(%rdi)
  mov %r10, F_R10(%rdi)
  mov %r9, F_R9(%rdi)
  mov %r8, F_R8(%rdi)
  mov %rbp, F_RBP(%rdi)
  mov %rsi, F_RSI(%rdi)
  mov %rdx, F_RDX(%rdi)
  mov %rcx, F_RCX(%rdi)
  mov %rbx, F_RBX(%rdi)
  mov %rax, F_RAX(%rdi)
  mov %gs:CPU_SCRATCH, %rax
  mov %rax, F_RDI(%rdi)
  pop F_VECTOR(%rdi)
  pop F_ERROR(%rdi)
  pop F_RIP(%rdi)
  pop F_CS(%rdi)
  pop F_RFLAGS(%rdi)
  pop F_RSP(%rdi)
  pop F_SS(%rdi)
  mov %cr2, %rax
  mov %rax, F_CR2(%rdi)
  mov %gs:CPU_STACK, %rsp                // leave the interrupt stack
  cmpl $VECTOR_DEBUG, F_VECTOR(%rdi)
  jne leave_user
  mov %db6, %rax
  mov %rax, F_DR6(%rdi)
  xor %eax, %eax
  mov %rax, %db6
  jmp leave_user

  .section .clac_sites, "a"
  .quad clac_trap
