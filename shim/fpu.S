// Vector and x87 state of the JVM's threads; the same layout as in a user frame.
#include "fpu.h"
  .text
  .global fpu_save, fpu_restore
fpu_save:                                // void fpu_save(u8 *area)
  FPU_SAVE
  ret
fpu_restore:                             // void fpu_restore(const u8 *area)
  FPU_RESTORE fpu_refused
  ret
fpu_refused:
  ud2

  .data
  .global fpu_method, xsave_mask
fpu_method: .byte 2
  .balign 8
xsave_mask: .quad 3
  .section .rodata
  .balign 64
  .global initial_fpu, mxcsr_default
initial_fpu:                             // an XSAVE image whose header says: all in initial state
  .fill 512, 1, 0
  .fill 64, 1, 0
mxcsr_default: .long MXCSR_DEFAULT
