// Files that the shim carries in itself.
  .section .rodata
  .balign 4096
  .global vdso_start, vdso_end
vdso_start:
  .incbin "vdso.so"
vdso_end:
  .balign 4096
