// Time: the TSC since power-on, scaled to nanoseconds; the local APIC's timer as a one-shot alarm. The
// TSC's rate comes from the hypervisor or the CPU if they tell, else it is measured by the PIT.
#include "instructions.h"
u64 tsc_base, tsc_mult;
static u64 timer_mult;                   // timer ticks per 2^32 ns
enum { PIT_COUNTER = 0x40, PIT_COMMAND = 0x43, PIT_HZ = 1193182, PIT_TICKS = PIT_HZ / 100 };
// 8254 data sheet: counter 0 in mode 0 counts down from 65535; a latch command makes it readable.
static u64 measure_by_pit(void) {
  u32 left = 0xffff;
  out8(PIT_COMMAND, 0x30); out8(PIT_COUNTER, 0xff); out8(PIT_COUNTER, 0xff);
  u64 start = tsc_read();
  for (u32 i = 0; left > 0xffff - PIT_TICKS; i++) {
    out8(PIT_COMMAND, 0);
    left = in8(PIT_COUNTER);
    left |= in8(PIT_COUNTER) << 8;
    for (volatile u32 pause = 0; pause < 50; pause++) { }       // instructions may pass by faster than reads of a port
    if (i == 1u << 20) return 0;         // it does not count: there is none
  }
  return mul_div(tsc_read() - start, PIT_HZ, 0xffff - left);
}
static u64 measure_timer(void) {
  apic_timer(0xffffffff);
  u64 start = clock_ns();
  clock_wait(5 * MILLISECOND);
  return mul_div(0xffffffff - apic_timer_left(), 1ul << 32, clock_ns() - start);
}
// A host may take the CPU away in the middle of a measurement, for longer than the PIT counts: two in a row must agree.
static u64 agreed(u64 (*measure)(void)) {
  u64 last = 0, now = measure();
  for (u32 i = 0; i < 1000 && (now > last + last / 64 || last > now + now / 64); i++) last = now, now = measure();
  return now;
}
static u64 tsc_rate(void) {
  struct cpuid hypervisor = cpuid(0x40000000, 0), crystal = cpuid(0, 0).a >= 0x15 ? cpuid(0x15, 0) : (struct cpuid){ 0 };
  u64 rate = 0;
  if (cpuid(1, 0).c >> 31 && hypervisor.a >= 0x40000010) rate = cpuid(0x40000010, 0).a * 1000ul;
  if (!rate && crystal.a && crystal.b && crystal.c) rate = (u64)crystal.c * crystal.b / crystal.a;
  if (!rate && !(rate = agreed(measure_by_pit))) panic("no way to know the TSC's rate: CPUID does not tell, and there is no PIT");
  return rate;
}
u64 clock_ns(void) { return (unsigned __int128)(tsc_read() - tsc_base) * tsc_mult >> 32; }
void clock_wait(u64 ns) { for (u64 end = clock_ns() + ns; clock_ns() < end;) cpu_relax(); }
void clock_init(void) {
  tsc_base = tsc_read();
  tsc_mult = mul_div(SECOND, 1ul << 32, tsc_rate());
  timer_mult = agreed(measure_timer);
  apic_timer(0);
}
// Makes the timer of this CPU ring at `deadline` or before.
void clock_arm(struct cpu *c, u64 deadline) {
  if (deadline >= c->timer_deadline) return;
  u64 now = clock_ns(), ns = deadline > now ? MIN(deadline - now, SECOND) : 0;
  c->timer_deadline = now + ns;
  apic_timer(MAX((u64)((unsigned __int128)ns * timer_mult >> 32), 1ul));
}
