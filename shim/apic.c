// Interrupt controllers: the local APIC (SDM 3, chapter 12), as x2APIC where the CPU has it, and the I/O
// APICs (82093AA data sheet), whose lines Java routes to CPUs.
#include "lock.h"
enum { ID = 0x20, TPR = 0x80, EOI = 0xb0, SPURIOUS = 0xf0, ICR_LOW = 0x300, ICR_HIGH = 0x310, LVT_TIMER = 0x320, LVT_LINT0 = 0x350,
       LVT_LINT1 = 0x360, TIMER_INITIAL = 0x380, TIMER_CURRENT = 0x390, TIMER_DIVIDE = 0x3e0 };
enum { MSR_APIC_BASE = 0x1b, APIC_BASE_X2 = 1 << 10, APIC_BASE_ENABLE = 1 << 11, MSR_X2APIC = 0x800, MSR_X2_ICR = 0x830 };
enum { ICR_PENDING = 1 << 12, ICR_INIT = 0x4500, ICR_STARTUP = 0x4600, ICR_NMI = 0x4400, LVT_NMI = 0x400, LVT_MASKED = 1 << 16 };
enum { LINE_LOW = 1 << 13, LINE_LEVEL = 1 << 15, LINE_MASKED = 1 << 16, IO_SELECT = 0, IO_WINDOW = 4, IO_VERSION = 1, IO_TABLE = 0x10 };
#define APIC_BASE 0xfee00000

static struct line { u32 cpu, bit, level, routed; } lines[LINES + MESSAGES];  // then the messages
static struct lock lines_lock;
u64 pending[MAX_CPUS][8] __attribute__((aligned(64)));          // Java's: one word per CPU, 64 bytes apart

static void apic_write(u32 reg, u32 value) {
  if (features.x2apic) msr_write(MSR_X2APIC + reg / 16, value);
  else *(volatile u32 *)physical(APIC_BASE + reg) = value;
}
static u32 apic_read(u32 reg) {
  return features.x2apic ? msr_read(MSR_X2APIC + reg / 16) : *(volatile u32 *)physical(APIC_BASE + reg);
}
void apic_end_of_interrupt(void) { apic_write(EOI, 0); }
void apic_timer(u64 ticks) { apic_write(TIMER_INITIAL, MIN(ticks, 0xfffffffful)); }
u64 apic_timer_left(void) { return apic_read(TIMER_CURRENT); }
static void apic_command(u32 apic_id, u32 command) {
  if (features.x2apic) {
    asm volatile("mfence; lfence" ::: "memory");                // a wrmsr to x2APIC does not order stores
    msr_write(MSR_X2_ICR, (u64)apic_id << 32 | command);
    return;
  }
  while (apic_read(ICR_LOW) & ICR_PENDING) cpu_relax();
  apic_write(ICR_HIGH, apic_id << 24); apic_write(ICR_LOW, command);
}
void apic_send(u32 cpu, u32 vector) {
  apic_command(cpus[cpu].apic_id, vector == VECTOR_NMI ? ICR_NMI : vector);
}
void apic_start(u32 apic_id, u32 page) {                        // SDM 3, 10.4.4.1
  apic_command(apic_id, ICR_INIT);
  clock_wait(10 * MILLISECOND);
  apic_command(apic_id, ICR_STARTUP | page >> 12);
  clock_wait(MILLISECOND / 5);
  apic_command(apic_id, ICR_STARTUP | page >> 12);              // one that runs already does not hear it
}
u32 apic_id(void) {
  u64 base = msr_read(MSR_APIC_BASE) | APIC_BASE_ENABLE;
  msr_write(MSR_APIC_BASE, base);                               // xAPIC first: SDM 3, 12.12.5
  if (features.x2apic) msr_write(MSR_APIC_BASE, base | APIC_BASE_X2);
  apic_write(LVT_LINT0, LVT_MASKED); apic_write(LVT_LINT1, LVT_NMI); apic_write(TPR, 0);
  apic_write(SPURIOUS, 0x100 | VECTOR_SPURIOUS);
  apic_write(TIMER_DIVIDE, 0xb);                                // by 1
  apic_write(LVT_TIMER, VECTOR_TIMER);                          // one-shot
  return features.x2apic ? apic_read(ID) : apic_read(ID) >> 24;
}

// ---- I/O APIC ----
static void line_write(u32 line, u32 apic_id, u32 low) {
  for (u32 i = 0; i < acpi.io_apic_count; i++) {
    volatile u32 *io = physical(acpi.io_apics[i].address);
    u32 pin = line - acpi.io_apics[i].first_line;
    io[IO_SELECT] = IO_VERSION;
    if (pin > (io[IO_WINDOW] >> 16 & 0xff)) continue;
    const u32 writes[3][2] = { { 0, LINE_MASKED }, { 1, apic_id << 24 }, { 0, low } };
    for (u32 w = 0; w < 3; w++) {
      io[IO_SELECT] = IO_TABLE + 2 * pin + writes[w][0]; io[IO_WINDOW] = writes[w][1];
    }
  }
}
// A line as it was routed. ISA lines may be active low: the MADT tells (ACPI 5.2.12.5).
static void line_set(u32 line, u32 masked) {
  u32 low = (VECTOR_LINE + line) | (lines[line].level ? LINE_LEVEL : 0) | masked;
  for (u32 i = 0; i < acpi.override_count; i++)
    if (acpi.overrides[i].line == line && (acpi.overrides[i].flags & 3) == 3) low |= LINE_LOW;
  line_write(line, cpus[lines[line].cpu].apic_id, low);
}
// gsi below 16 means the ISA interrupt of that number, wherever the MADT says it arrives.
static u32 line_of(u64 gsi) {
  for (u32 i = 0; i < acpi.override_count; i++) if (acpi.overrides[i].irq == gsi) return acpi.overrides[i].line;
  return gsi;
}
void interrupt_route_body(u64 gsi, u64 cpu, u64 bit, u64 level) {
  u32 line = line_of(gsi);
  if (line >= LINES || cpu >= cpu_count || bit >= 64) return;
  lock(&lines_lock);
  lines[line] = (struct line){ cpu, bit, level != 0, 1 };
  line_set(line, 0);
  unlock(&lines_lock);
}
void interrupt_enable_body(u64 gsi) {
  u32 line = line_of(gsi);
  lock(&lines_lock);
  if (line < LINES && lines[line].routed) line_set(line, 0);
  unlock(&lines_lock);
}
// The next free message: its address and data, which a device writes to interrupt (SDM 3, 12.11); 0: none is left.
u64 interrupt_message_body(u64 cpu, u64 bit) {
  static u32 next = LINES;
  u64 message = 0;
  if (cpu >= cpu_count || bit >= 64 || cpus[cpu].apic_id > 0xff) return 0;
  lock(&lines_lock);
  if (next < COUNT(lines)) {
    lines[next] = (struct line){ cpu, bit, 0, 1 };
    message = (APIC_BASE | (u64)cpus[cpu].apic_id << 12) << 32 | (VECTOR_LINE + next++);
  }
  unlock(&lines_lock);
  return message;
}
void line_interrupt(u32 vector) {
  u32 line = vector - VECTOR_LINE;
  lock(&lines_lock);
  struct line l = lines[line];
  if (l.level) line_set(line, LINE_MASKED);  // until interrupt_enable()
  unlock(&lines_lock);
  if (!l.routed) return;
  __atomic_fetch_or(&pending[l.cpu][0], 1ul << l.bit, __ATOMIC_SEQ_CST);
  carrier_wake(&cpus[l.cpu]);
}
void apic_init(void) {
  out8(0x21, 0xff);                      // the old controllers stay silent
  out8(0xa1, 0xff);
  for (u32 line = 0; line < LINES; line++) line_write(line, 0, LINE_MASKED);
}
