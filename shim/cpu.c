// A CPU's own state: features, control registers, descriptor tables, the syscall instruction.
#include "instructions.h"
struct cpu cpus[MAX_CPUS];
u32 cpu_count = 1;
struct features features;
enum { CR4_PGE = 1 << 7, CR4_OSFXSR = 1 << 9, CR4_OSXMMEXCPT = 1 << 10, CR4_UMIP = 1 << 11, CR4_FSGSBASE = 1 << 16,
       CR4_OSXSAVE = 1 << 18, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21 };
enum { MSR_STAR = 0xc0000081, MSR_LSTAR, MSR_CSTAR, MSR_FMASK, MSR_GS_BASE = 0xc0000101, MSR_KERNEL_GS_BASE };
enum { XCR0_X87_SSE = 3, XCR0_AVX = 4, XCR0_AVX512 = 0xe0 };
enum { IST_INTERRUPT = 1, IST_PAGE, IST_DEBUG, IST_NMI, IST_MCE, IST_DOUBLE, IST_COUNT, IST_SIZE = 4096 };
struct tss { u32 reserved0; u64 rsp[3], reserved1, ist[7], reserved2; u16 reserved3, io_map; } __attribute__((packed, aligned(16)));
static struct gate { u16 offset_low, selector; u8 ist, type; u16 offset_middle; u32 offset_high, reserved; } idt[256];
static struct { u64 gdt[10]; struct tss tss; } tables[MAX_CPUS];
extern char vectors[], tlb_vector[], syscall_entry[];
extern u64 clac_sites_start[], clac_sites_end[], xsave_mask;
#define AT(type, field, offset) _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)
AT(cpu, root, CPU_ROOT);
AT(cpu, wake, CPU_WAKE);
AT(regs, rsp, F_RSP);
_Static_assert(sizeof(struct regs) == REGS_SIZE, "struct regs");

void cpu_detect(void) {
  struct cpuid basic = cpuid(1, 0), more = cpuid(7, 0), xsave = cpuid(0xd, 0);
  if (!(more.b & 1) || !(basic.c >> 26 & 1))
    panic("this CPU has no %s, which Biscotti needs: under QEMU, use -cpu max", more.b & 1 ? "XSAVE (CPUID 1.ECX bit 26)" : "FSGSBASE (CPUID 7.EBX bit 0)");
  int avx = basic.c >> 28 & 1 && xsave.a & XCR0_AVX, avx512 = avx && more.b >> 16 & 1 && (xsave.a & XCR0_AVX512) == XCR0_AVX512;
  features = (struct features){ .avx = avx, .avx512 = avx512, .x2apic = basic.c >> 21 & 1, .smep = more.b >> 7 & 1, .smap = more.b >> 20 & 1,
    .umip = more.c >> 2 & 1, .huge = cpuid(0x80000001, 0).d >> 26 & 1,
    .tcg = basic.c >> 31 && cpuid(0x40000000, 0).b == 0x54474354,  // "TCGTCGTCGTCG"
    .xcr0 = XCR0_X87_SSE | (avx ? XCR0_AVX : 0) | (avx512 ? XCR0_AVX512 : 0) };
  fpu_moves = avx && !avx512;
  xsave_mask = features.xcr0;
}
static void gate_set(u32 vector, const char *handler, u32 ist, u32 privilege) {
  u64 h = (u64)handler;
  idt[vector] = (struct gate){ h, KERNEL_CODE, ist, 0x8e | privilege << 5, h >> 16, h >> 32, 0 };
}
static void gates_init(void) {
  for (u32 v = 0; v < VECTORS; v++) {
    u32 ist = v == VECTOR_PAGE ? IST_PAGE : v == VECTOR_DEBUG ? IST_DEBUG : v == VECTOR_NMI ? IST_NMI :
              v == VECTOR_MCE ? IST_MCE : v == VECTOR_DOUBLE ? IST_DOUBLE : IST_INTERRUPT;
    gate_set(v, vectors + 16 * v, ist, v == 3 || v == 4 ? 3 : 0);   // int3 and into are ring 3's to use
  }
  gate_set(VECTOR_TLB, tlb_vector, IST_INTERRUPT, 0);
  gate_set(VECTOR_SPURIOUS, tlb_vector, IST_INTERRUPT, 0);      // finds nothing to answer
  static const u8 clac[3] = { 0x0f, 0x01, 0xca };
  for (u64 *site = clac_sites_start; features.smap && site < clac_sites_end; site++)
    memcpy(physical(*site - SHIM_BASE), clac, sizeof clac);     // the shim's own mapping is read-only
}
static void segments_init(u32 index) {
  struct tss *tss = &tables[index].tss;
  u64 base = (u64)tss, tss_low = (sizeof *tss - 1) | (base & 0xffffff) << 16 | 0x89ul << 40 | (base >> 24 & 0xff) << 56;
  // Kernel code and data, the trampoline's 32-bit code, no 32-bit user code, user data and code, the CPU's number (SDM 3, 3.4.5).
  const u64 gdt[] = { 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff, 0, 0x00cff3000000ffff, 0x00affb000000ffff, tss_low, base >> 32, 0x0040f10000000000 | index };
  memcpy(tables[index].gdt, gdt, sizeof gdt);
  u8 *stacks = permanent(IST_COUNT * IST_SIZE);
  for (u32 i = IST_INTERRUPT; i < IST_COUNT; i++) {
    u64 top = (u64)stacks + (i + 1) * IST_SIZE - 16;
    *(struct cpu **)(top + 8) = &cpus[index];                   // for the paranoid entry
    tss->ist[i - 1] = top;
  }
  tss->rsp[0] = tss->ist[0]; tss->io_map = sizeof *tss;
  struct { u16 limit; u64 base; } __attribute__((packed)) gdtr = { sizeof gdt - 1, (u64)tables[index].gdt },
    idtr = { sizeof idt - 1, (u64)idt };
  asm volatile("lgdt %0; ltr %w1; lidt %2" ::"m"(gdtr), "r"(TSS_SELECTOR), "m"(idtr));
}
void cpu_init(u32 index) {
  struct cpu *c = &cpus[index];
  c->self = c; c->index = index;
  msr_write(MSR_GS_BASE, (u64)c);
  if (index == 0) gates_init();
  segments_init(index);
  cr4_write(cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_PGE | CR4_FSGSBASE | CR4_OSXSAVE | (features.umip ? CR4_UMIP : 0) |
            (features.smep ? CR4_SMEP : 0) | (features.smap ? CR4_SMAP : 0));
  asm volatile("xsetbv" ::"c"(0), "a"((u32)features.xcr0), "d"(0));
  features.xsave_size = cpuid(0xd, 0).b;                        // for what XCR0 now enables
  asm volatile("fninit; ldmxcsr %0" ::"m"((u32){ MXCSR_DEFAULT }));
  msr_write(MSR_KERNEL_GS_BASE, 0);
  msr_write(MSR_STAR, (u64)(USER_DATA - 8) << 48 | (u64)KERNEL_CODE << 32);
  msr_write(MSR_LSTAR, (u64)syscall_entry); msr_write(MSR_FMASK, RFLAGS_SYSCALL_MASK);
  c->root = cr3_read(); c->apic_id = apic_id();
}
