// The way in: PVH (QEMU, Firecracker, Cloud Hypervisor), Multiboot2 (GRUB), and the trampoline of
// the application processors. All arrive in 32-bit or 16-bit mode and leave in 64-bit mode at the
// shim's high address.
#include "layout.h"
#define PHYSICAL(x) ((x) - SHIM_BASE)
#define MSR_EFER 0xc0000080
#define EFER_LME_NXE_SCE 0x901
#define CR4_PAE 0x20
#define CR0_CLEAR 0x6000000c            // CD NW TS EM
#define CR0_SET 0x80010023              // PG WP NE MP PE
#define LARGE_PAGE 0x83                 // present, writable, 2 MB

// PVH: an ELF note names the 32-bit entry (Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY = 18)
  .section .note.Xen, "a", @note
  .align 4
  .long 4, 8, 18
  .asciz "Xen"
  .quad PHYSICAL(pvh_start)

// Multiboot2 header (specification 1.6 and 2.0, 3.1): entry address, and an end tag
  .section .multiboot, "ax"
  .align 8
multiboot:
  .long 0xe85250d6, 0, multiboot_end - multiboot, -(0xe85250d6 + (multiboot_end - multiboot))
  .short 3, 0
  .long 12, PHYSICAL(multiboot_start), 0
  .short 0, 0
  .long 8
multiboot_end:

// The first page tables: 4 GB of 2 MB pages, mapped at 0 and in the direct map; the first GB of it
// again as the shim. pagetable.c replaces all but the top level.
  .bss
  .align 4096
  .global boot_root, boot_high, boot_direct, boot_low
boot_root: .skip 4096
boot_low: .skip 4096
boot_direct: .skip 4096
boot_high: .skip 4096
boot_pages: .skip 4 * 4096
boot_stack: .skip 16384
boot_stack_top:

  .data
  .align 8
boot_gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
boot_gdt_pointer: .word 31
  .long PHYSICAL(boot_gdt), 0
loader_magic: .long 0
loader_info: .long 0
  .align 8
  .global ap_stack
ap_stack: .quad 0

// Enters long mode with the tables at boot_root; clobbers eax, ecx, edx.
.macro LONG_MODE
  movl %cr4, %eax
  orl $CR4_PAE, %eax
  movl %eax, %cr4
  movl $PHYSICAL(boot_root), %eax
  movl %eax, %cr3
  movl $MSR_EFER, %ecx
  rdmsr
  orl $EFER_LME_NXE_SCE, %eax
  wrmsr
  movl %cr0, %eax
  andl $~CR0_CLEAR, %eax
  orl $CR0_SET, %eax
  movl %eax, %cr0
.endm

.macro DATA_SEGMENTS
  movl $KERNEL_DATA, %eax
  movl %eax, %ds
  movl %eax, %es
  movl %eax, %ss
  xorl %eax, %eax
  movl %eax, %fs
  movl %eax, %gs
.endm

  .text
  .code32
multiboot_start:                         // eax = 0x36d76289, ebx = boot information (2.0, 3.3)
  movl %eax, PHYSICAL(loader_magic)
  jmp 1f
  .global pvh_start
pvh_start:                               // ebx = hvm_start_info
  movl $0, PHYSICAL(loader_magic)
1:
  cld
  cli
  movl %ebx, PHYSICAL(loader_info)
  movl $PHYSICAL(boot_low) + 3, PHYSICAL(boot_root)
  movl $PHYSICAL(boot_direct) + 3, PHYSICAL(boot_root) + 256 * 8
  movl $PHYSICAL(boot_high) + 3, PHYSICAL(boot_root) + 511 * 8
  movl $PHYSICAL(boot_pages) + 3, PHYSICAL(boot_high) + 510 * 8
  xorl %ecx, %ecx
2:                                       // four tables of 512 entries
  movl %ecx, %eax
  shll $21, %eax
  orl $LARGE_PAGE, %eax
  movl %eax, PHYSICAL(boot_pages)(, %ecx, 8)
  incl %ecx
  cmpl $2048, %ecx
  jb 2b
  xorl %ecx, %ecx
3:
  movl %ecx, %eax
  shll $12, %eax
  addl $PHYSICAL(boot_pages) + 3, %eax
  movl %eax, PHYSICAL(boot_low)(, %ecx, 8)
  movl %eax, PHYSICAL(boot_direct)(, %ecx, 8)
  incl %ecx
  cmpl $4, %ecx
  jb 3b
  LONG_MODE
  lgdt PHYSICAL(boot_gdt_pointer)
  ljmp $KERNEL_CODE, $PHYSICAL(4f)
  .code64
4:
  movabs $5f, %rax
  jmp *%rax
5:
  DATA_SEGMENTS
  lea boot_stack_top(%rip), %rsp
  xorl %ebp, %ebp
  movl loader_magic(%rip), %edi
  movl loader_info(%rip), %esi
  call boot_main
  ud2

// Application processors start here in real mode, at TRAMPOLINE (SDM 3, 10.4.4).
  .global trampoline, trampoline_end
  .code16
trampoline:
  cli
  cld
  xorw %ax, %ax
  movw %ax, %ds
  lgdtl TRAMPOLINE + (ap_gdt_pointer - trampoline)
  movl %cr0, %eax
  orl $1, %eax
  movl %eax, %cr0
  ljmpl $BOOT_CODE32, $TRAMPOLINE + (1f - trampoline)
  .code32
1:
  movw $KERNEL_DATA, %ax
  movw %ax, %ds
  movw %ax, %ss
  LONG_MODE
  ljmpl $KERNEL_CODE, $TRAMPOLINE + (2f - trampoline)
  .code64
2:
  movabs $ap_start, %rax
  jmp *%rax
  .align 8
ap_gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
ap_gdt_pointer: .word 31
  .long TRAMPOLINE + (ap_gdt - trampoline)
trampoline_end:

ap_start:
  DATA_SEGMENTS
  mov ap_stack(%rip), %rsp
  xorl %ebp, %ebp
  call smp_main
  ud2
