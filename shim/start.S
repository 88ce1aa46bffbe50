// The way in: PVH (QEMU, Firecracker, Cloud Hypervisor), Multiboot2 (GRUB), and the trampoline of the application
// processors. All arrive in 32-bit or 16-bit mode and leave in 64-bit mode at the shim's high address.
#include "layout.h"
#define PHYSICAL(x) ((x) - SHIM_BASE)
#define MSR_EFER 0xc0000080
#define EFER_LME_NXE_SCE 0x901
#define CR4_PAE 0x20
#define CR0_CLEAR 0x6000000c            // CD NW TS EM
#define CR0_SET 0x80010023              // PG WP NE MP PE
  .global boot_root, boot_high, boot_direct, ap_stack, pvh_start, trampoline, trampoline_end, vdso_start
  .global vdso_end
// PVH: an ELF note names the 32-bit entry (Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY = 18)
  .section .note.Xen, "a", @note
  .align 4
  .long 4, 8, 18
  .asciz "Xen"
  .quad PHYSICAL(pvh_start)
// Multiboot2 header (specification 2.0, 3.1): entry address, and an end tag
  .section .multiboot, "ax"
  .align 8
multiboot:
  .long 0xe85250d6, 0, multiboot_end - multiboot, -(0xe85250d6 + (multiboot_end - multiboot))
  .short 3, 0
  .long 12, PHYSICAL(multiboot_start), 0
  .short 0, 0
  .long 8
multiboot_end:
// The first page tables: 4 GB of 2 MB pages in the direct map; the first GB of it again at 0 and as the shim.
// pagetable.c replaces all but the top level.
  .data
  .align 4096
boot_root:
  .quad PHYSICAL(boot_high) + 3
  .fill 255, 8, 0
  .quad PHYSICAL(boot_direct) + 3
  .fill 254, 8, 0
  .quad PHYSICAL(boot_high) + 3
boot_direct:
  .quad PHYSICAL(boot_pages) + 0x0003, PHYSICAL(boot_pages) + 0x1003, PHYSICAL(boot_pages) + 0x2003, PHYSICAL(boot_pages) + 0x3003
  .fill 508, 8, 0
boot_high:
  .quad PHYSICAL(boot_pages) + 3
  .fill 509, 8, 0
  .quad PHYSICAL(boot_pages) + 3, 0
boot_pages:
  .set page, 0x83                        // present, writable, 2 MB
  .rept 2048
  .quad page
  .set page, page + 0x200000
  .endr
boot_gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
boot_gdt_pointer: .word 31
  .long PHYSICAL(boot_gdt), 0
  .align 8
ap_stack: .quad 0
  .bss
  .align 16
  .skip 16384
boot_stack_top:
.macro LONG_MODE                         // clobbers eax, ecx, edx
  movl $CR4_PAE, %eax; movl %eax, %cr4
  movl $PHYSICAL(boot_root), %eax; movl %eax, %cr3
  movl $MSR_EFER, %ecx
  rdmsr; orl $EFER_LME_NXE_SCE, %eax; wrmsr
  movl %cr0, %eax
  andl $~CR0_CLEAR, %eax; orl $CR0_SET, %eax; movl %eax, %cr0
.endm
.macro DATA_SEGMENTS
  movl $KERNEL_DATA, %eax; movl %eax, %ds
  movl %eax, %es; movl %eax, %ss
  xorl %eax, %eax
  movl %eax, %fs; movl %eax, %gs
.endm
  .text
  .code32
pvh_start:                               // ebx = hvm_start_info
  xorl %eax, %eax
multiboot_start:                         // eax = 0x36d76289, ebx = boot information (2.0, 3.3)
  cld; cli
  movl %eax, %edi
  movl %ebx, %esi
  LONG_MODE
  lgdt PHYSICAL(boot_gdt_pointer)
  ljmp $KERNEL_CODE, $PHYSICAL(1f)
  .code64
1:
  movabs $2f, %rax; jmp *%rax
2:
  DATA_SEGMENTS
  lea boot_stack_top(%rip), %rsp
  call boot_main                         // (magic, information)
// Application processors start here in real mode, at TRAMPOLINE (SDM 3, 10.4.4).
  .code16
trampoline:
  cli; cld
  xorw %ax, %ax
  movw %ax, %ds
  lgdtl TRAMPOLINE + (ap_gdt_pointer - trampoline)
  movl $1, %eax                          // protected mode
  movl %eax, %cr0
  ljmpl $BOOT_CODE32, $TRAMPOLINE + (1f - trampoline)
  .code32
1:
  movw $KERNEL_DATA, %ax
  movw %ax, %ds
  LONG_MODE
  ljmpl $KERNEL_CODE, $TRAMPOLINE + (2f - trampoline)
  .code64
2:
  movabs $3f, %rax; jmp *%rax
  .align 8
ap_gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
ap_gdt_pointer: .word 31
  .long TRAMPOLINE + (ap_gdt - trampoline)
trampoline_end:
3:
  DATA_SEGMENTS
  mov ap_stack(%rip), %rsp; call smp_main
// A file that the shim carries in itself.
  .section .rodata
  .balign 4096
vdso_start:
  .incbin "vdso.so"
vdso_end:
  .balign 4096
