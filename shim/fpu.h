// Saving and restoring vector and x87 state (assembly macros). Under TCG an XSAVE and XRSTOR pair
// costs 930 ns and sixteen moves 166 ns, so plain moves are used unless x87 registers are in use or
// the CPU has AVX-512. `fpu_method` says what the CPU has: 0 AVX, 1 SSE only, 2 always XSAVE.
#include "layout.h"

.macro VECTORS_EACH instruction, register, base, store
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  .if \store
  \instruction %\register\n, F_VECTORS + 32 * \n(\base)
  .else
  \instruction F_VECTORS + 32 * \n(\base), %\register\n
  .endif
  .endr
.endm

// Saves to the frame in rdi and leaves x87 and MXCSR as the C ABI wants them. Clobbers rax, rdx.
.macro FPU_SAVE
  cmpb $0, fpu_method(%rip)
  jne 3f
  fnstenv F_X87(%rdi)
  stmxcsr F_MXCSR(%rdi)
  cmpw $0xffff, F_X87 + 8(%rdi)          // tag word: all empty
  jne 5f
  VECTORS_EACH vmovdqu, ymm, %rdi, 1
  vzeroupper
1:
  movl $1, F_FORM(%rdi)
  cmpw $FCW_DEFAULT, F_X87(%rdi)
  jne 4f
2:
  ldmxcsr mxcsr_default(%rip)
  .subsection 1
3:
  cmpb $1, fpu_method(%rip)
  jne 6f
  fnstenv F_X87(%rdi)
  stmxcsr F_MXCSR(%rdi)
  cmpw $0xffff, F_X87 + 8(%rdi)
  jne 5f
  VECTORS_EACH movups, xmm, %rdi, 1
  jmp 1b
4:
  fninit
  jmp 2b
5:
  fldenv F_X87(%rdi)
6:
  mov xsave_mask(%rip), %eax
  xor %edx, %edx
  xsave64 F_XSAVE(%rdi)
  movl $0, F_FORM(%rdi)
  mov $1, %eax                           // no process shall find another's x87 registers
  xrstor64 initial_fpu(%rip)
  jmp 2b
  .previous
.endm

// Restores from the frame in rdi. Clobbers rax, rdx. Java may have written the image for a program:
// one that the CPU refuses (#GP for reserved bits) goes on at `refused`.
.macro FPU_RESTORE refused
  cmpl $1, F_FORM(%rdi)
  jne 4f
  cmpb $0, fpu_method(%rip)
  jne 3f
  VECTORS_EACH vmovdqu, ymm, %rdi, 0
1:
7:ldmxcsr F_MXCSR(%rdi)
  fnclex
  cmpw $FCW_DEFAULT, F_X87(%rdi)
  jne 5f
  cmpw $0, F_X87 + 4(%rdi)               // status word
  jne 5f
2:
  .subsection 1
3:
  VECTORS_EACH movups, xmm, %rdi, 0
  jmp 1b
4:
  mov xsave_mask(%rip), %eax
  xor %edx, %edx
8:xrstor64 F_XSAVE(%rdi)
  jmp 2b
5:
  fldenv F_X87(%rdi)
  jmp 2b
  .previous
  .pushsection .fixups, "a"
  .quad 7b, \refused, 8b, \refused
  .popsection
.endm
