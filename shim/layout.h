// Numbers that C, assembly and the linker script share: the address map, descriptors, vectors, and
// the offsets of the fields that assembly reads. cpu.c holds C's structures to them.
#pragma once
// ---- Address map (docs/shim.md) ----
#define SHIM_BASE    0xffffffff80000000   // the shim: physical address + SHIM_BASE
#define DIRECT_MAP   0xffff800000000000   // all physical memory
#define JVM_START    0x0000040000000000   // 4 TB: ZGC's heap, by its own choice
#define JVM_END      0x0000100000000000   // 16 TB
#define JAVA_BASE    0x0000080000000000   // bin/java, position independent
#define LOADER_BASE  0x0000081000000000   // ld.so
#define MMAP_BASE    0x0000090000000000   // where mmap(2) looks first
#define STACK_TOP    0x000008f000000000   // first thread's stack
#define VDSO_BASE    0x000008fd00000000
#define DEVICE_MAP   0xffff900000000000   // registers of devices
#define TRAMPOLINE   0x8000               // physical page where application processors start
// ---- Segment selectors; sysret wants user data at 8 below user code (SDM 2, SYSRET) ----
#define KERNEL_CODE  0x08
#define KERNEL_DATA  0x10
#define USER_DATA    0x2b
#define USER_CODE    0x33
#define TSS_SELECTOR 0x38
#define BOOT_CODE32  0x18
// ---- Vectors ----
#define VECTOR_DEBUG   1
#define VECTOR_NMI     2
#define VECTOR_DOUBLE  8
#define VECTOR_GP      13
#define VECTOR_PAGE    14
#define VECTOR_MCE     18
#define VECTOR_TIMER   32
#define VECTOR_WAKE    33
#define VECTOR_TLB     34
#define VECTOR_LINE    48                 // I/O APIC line 0
#define LINES          96
#define MESSAGES       64                 // message-signalled interrupts, after the lines
#define VECTORS        (VECTOR_LINE + LINES + MESSAGES)
#define VECTOR_SPURIOUS 255
#define VECTOR_SYSCALL 256                // not a machine vector: the syscall instruction
// ---- struct cpu, reached through GS in ring 0 ----
#define CPU_SELF       0
#define CPU_THREAD     8
#define CPU_SCRATCH    16
#define CPU_STACK      24                 // top of the running thread's shim stack
#define CPU_FRAME      32                 // struct user_frame of the ring-3 context now running
#define CPU_RETURN     40                 // JVM stack pointer inside enter_user
#define CPU_ROOT       48                 // what CR3 holds
#define CPU_WAKE       56                 // u32: a wake of the carrier not yet seen
// ---- struct user_frame: the ABI with Java; r15 ... rax come first, F_r15 = 0 to F_rax = 112 ----
#define F_VECTOR 120
#define F_ERROR 128
#define F_RIP 136
#define F_CS 144
#define F_RFLAGS 152
#define F_RSP 160
#define F_SS 168
#define F_FS 176
#define F_GS 184
#define F_CR2 192
#define F_FORM 200                        // u32: 0 = XSAVE image at F_XSAVE, 1 = the fast area
#define F_DR6 208                         // after a #DB: what caused it
#define F_VECTORS 256                     // fast area: ymm0..15
#define F_X87 768                         // fnstenv image
#define F_MXCSR 800
#define F_XSAVE 832
#define REGS_SIZE 176                     // struct regs is the frame up to here

#define RFLAGS_FIXED 0x202                // IF and the bit that is always one
#define RFLAGS_USER  0x254dd5             // CF PF AF ZF SF TF DF OF NT RF AC ID: what ring 3 may choose
#define RFLAGS_SYSCALL_MASK 0x47700       // TF IF DF IOPL NT AC: cleared by the syscall instruction
#define MXCSR_DEFAULT 0x1f80
#define FCW_DEFAULT  0x37f
#ifdef __ASSEMBLER__
  .set F_NEXT, 0
  .irp r, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
  .set F_\r, F_NEXT
  .set F_NEXT, F_NEXT + 8
  .endr
.macro SAVE base, registers:vararg
  .irp r, \registers
  mov %\r, F_\r(\base)
  .endr
.endm
.macro LOAD base, registers:vararg
  .irp r, \registers
  mov F_\r(\base), %\r
  .endr
.endm
.macro EACH instruction, registers:vararg
  .irp r, \registers
  \instruction %\r
  .endr
.endm
.macro FIXUP from, to                    // a fault at `from` that nothing else mends goes on at `to`
  .pushsection .fixups, "a"
  .quad \from, \to
  .popsection
.endm
#endif
