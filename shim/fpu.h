// Saving and restoring vector and x87 state (assembly macros). Under TCG an XSAVE and XRSTOR pair
// costs 930 ns and sixteen moves 166 ns, so moves are used unless x87 registers are in use or the CPU
// has more than AVX, or less (fpu_moves is 0 then).
#include "layout.h"
// Saves to the frame in rdi and leaves x87 and MXCSR as the C ABI wants them. Clobbers rax, rdx.
.macro FPU_SAVE
  cmpb $0, fpu_moves(%rip); je 4f
  fnstenv F_X87(%rdi)
  stmxcsr F_MXCSR(%rdi)
  cmpw $0xffff, F_X87 + 8(%rdi)          // tag word: all empty
  jne 3f
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  vmovdqu %ymm\n, F_VECTORS + 32 * \n(%rdi)
  .endr
  vzeroupper
  movl $1, F_FORM(%rdi)
  cmpw $FCW_DEFAULT, F_X87(%rdi); jne 5f
2:
  ldmxcsr mxcsr_default(%rip)
  .subsection 1
3:
  fldenv F_X87(%rdi)
4:
  mov xsave_mask(%rip), %eax
  xor %edx, %edx; xsave64 F_XSAVE(%rdi)
  movl $0, F_FORM(%rdi)
  mov $1, %eax                           // no process shall find another's x87 registers
  xrstor64 initial_fpu(%rip)
5:
  fninit; jmp 2b
  .previous
.endm
// Restores from the frame in rdi. Clobbers rax, rdx. Java may have written the image for a program:
// one that the CPU refuses (#GP for reserved bits) goes on at `refused`.
.macro FPU_RESTORE refused
  cmpl $1, F_FORM(%rdi); jne 4f          // 1 only if FPU_SAVE has made moves
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  vmovdqu F_VECTORS + 32 * \n(%rdi), %ymm\n
  .endr
3:ldmxcsr F_MXCSR(%rdi)
  fnclex
  cmpw $FCW_DEFAULT, F_X87(%rdi); jne 5f
  cmpw $0, F_X87 + 4(%rdi)               // status word
  jne 5f
2:
  FIXUP 3b, \refused
  FIXUP 6f, \refused
  .subsection 1
4:mov xsave_mask(%rip), %eax; xor %edx, %edx
6:xrstor64 F_XSAVE(%rdi)
  jmp 2b
5:
  fldenv F_X87(%rdi); jmp 2b
  .previous
.endm
