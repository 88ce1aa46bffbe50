// JVM memory touched on behalf of a system call. A fault that page_fault() cannot resolve continues
// at the fixup, and the call answers -EFAULT.
#include "layout.h"
#define EFAULT 14
#define ENAMETOOLONG 36

.macro FIXUP from, to
  .pushsection .fixups, "a"
  .quad \from, \to
  .popsection
.endm

  .text
  .global copy_in, copy_out
// i64 copy_in(void *to, u64 from, u64 length), i64 copy_out(u64 to, const void *from, u64 length)
copy_in:
  mov %rsi, %rax
  jmp 1f
copy_out:
  mov %rdi, %rax
1:                                       // the JVM's side must lie in the JVM's range
  mov jvm_first(%rip), %rcx
  cmp %rcx, %rax
  jb bad
  add %rdx, %rax
  jc bad
  cmp jvm_last(%rip), %rax
  ja bad
  mov %rdx, %rcx
  shr $3, %rcx
2:rep movsq
  mov %edx, %ecx
  and $7, %ecx
3:rep movsb
  xor %eax, %eax
  ret
bad:
  mov $-EFAULT, %rax
  ret
  FIXUP 2b, bad
  FIXUP 3b, bad

// i64 copy_string(char *to, u64 from, u64 size): length without the NUL
  .global copy_string
copy_string:
  cmp jvm_first(%rip), %rsi
  jb bad
  xor %eax, %eax
4:
  cmp %rdx, %rax
  jae 6f
5:movb (%rsi, %rax), %cl
  movb %cl, (%rdi, %rax)
  inc %rax
  test %cl, %cl
  jnz 4b
  dec %rax
  ret
6:
  mov $-ENAMETOOLONG, %rax
  ret
  FIXUP 5b, bad

  .section .rodata
  .balign 8
jvm_first: .quad JVM_START
jvm_last: .quad JVM_END
