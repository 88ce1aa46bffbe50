// JVM memory touched on behalf of a system call. A fault that page_fault() cannot resolve continues at the
// fixup, and the call answers -EFAULT.
#include "layout.h"
#define EFAULT 14

  .text
  .global copy_in, copy_out
copy_in:                                 // i64 copy_in(void *to, u64 from, u64 length)
  mov %rsi, %rax
  jmp 1f
copy_out:                                // i64 copy_out(u64 to, const void *from, u64 length)
  mov %rdi, %rax
1:                                       // the JVM's side must lie in the JVM's range
  cmp jvm_start(%rip), %rax; jb bad
  add %rdx, %rax
  jc bad
  cmp jvm_end(%rip), %rax; ja bad
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
