// Time: the TSC since power-on, scaled to nanoseconds; the local APIC's timer as a one-shot alarm.
// The TSC's rate comes from the hypervisor or the CPU if they tell, else it is measured.
#include "instructions.h"

u64 tsc_base, tsc_mult, wall_base;
static u64 timer_mult;                                          // timer ticks per 2^32 ns

enum { PIT_COUNTER2 = 0x42, PIT_COMMAND = 0x43, PIT_GATE = 0x61, PIT_HZ = 1193182, PM_TIMER_HZ = 3579545 };

// 8254 data sheet: counter 2 in mode 0 raises its output, bit 5 of port 0x61, at the end of the count.
static u64 measure_by_pit(void)
{
  u32 ticks = PIT_HZ / 50;
  out8(PIT_GATE, (in8(PIT_GATE) & ~2) | 1);
  out8(PIT_COMMAND, 0xb0);
  out8(PIT_COUNTER2, ticks);
  out8(PIT_COUNTER2, ticks >> 8);
  u64 start = tsc_read();
  if (in8(PIT_GATE) & 0x20)
    return 0;                                                   // already up: there is no PIT
  for (u32 i = 0; !(in8(PIT_GATE) & 0x20); i++)
    if (i == 1u << 24)
      return 0;
  return (tsc_read() - start) * 50;
}

static u64 measure_by_pm_timer(void)                            // ACPI 6.5, 4.8.2.1: 24 bits, 3.58 MHz
{
  if (!acpi.pm_timer)
    return 0;
  u32 first = in32(acpi.pm_timer) & 0xffffff, passed = 0;
  u64 start = tsc_read();
  for (u32 i = 0; passed < PM_TIMER_HZ / 50; i++) {
    passed = (in32(acpi.pm_timer) - first) & 0xffffff;
    if (i > 1u << 20 && !passed)
      return 0;
  }
  return mul_div(tsc_read() - start, PM_TIMER_HZ, passed);
}

static u64 tsc_rate(const char **source)
{
  u64 rate;
  struct cpuid hypervisor = cpuid(0x40000000, 0), crystal = cpuid(0, 0).a >= 0x15 ? cpuid(0x15, 0) : (struct cpuid){};
  *source = "the hypervisor";
  if ((cpuid(1, 0).c >> 31) && hypervisor.a >= 0x40000010 && (rate = cpuid(0x40000010, 0).a * 1000ul))
    return rate;
  *source = "CPUID 15H";
  if (crystal.a && crystal.b && crystal.c)
    return (u64)crystal.c * crystal.b / crystal.a;
  *source = "the PIT";
  if ((rate = measure_by_pit()))
    return rate;
  *source = "the ACPI PM timer";
  if ((rate = measure_by_pm_timer()))
    return rate;
  panic("no way to measure the TSC: no rate in CPUID, no PIT, no ACPI PM timer");
}

// The real-time clock (MC146818 data sheet), as Linux leaves it: UTC, mostly in BCD, 24 hours.
static u32 rtc_read(u8 index)
{
  out8(0x70, index);
  return in8(0x71);
}

static u64 wall_seconds(void)
{
  enum { SECONDS = 0, MINUTES = 2, HOURS = 4, DAY = 7, MONTH = 8, YEAR = 9, STATUS_A = 10, STATUS_B = 11 };
  static const u8 fields[] = { SECONDS, MINUTES, HOURS, DAY, MONTH, YEAR };
  u32 v[6], again;
  if (rtc_read(STATUS_A) == 0xff) {
    print("shim: no real-time clock: the wall clock starts in 1970\n");
    return 0;
  }
  do {                                                          // not while it is being updated
    while (rtc_read(STATUS_A) & 0x80)
      cpu_relax();
    for (u32 i = 0; i < 6; i++)
      v[i] = rtc_read(fields[i]);
    again = rtc_read(SECONDS);
  } while (again != v[0]);
  if (!(rtc_read(STATUS_B) & 4))
    for (u32 i = 0; i < 6; i++)
      v[i] = (v[i] & 15) + (v[i] >> 4) * 10;
  // Days from the civil calendar, with years beginning in March.
  u64 year = 2000 + v[5] - (v[4] <= 2), month = v[4] <= 2 ? v[4] + 9 : v[4] - 3;
  u64 days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + v[3] - 1 - 719468;
  return ((days * 24 + v[2]) * 60 + v[1]) * 60 + v[0];
}

u64 clock_ns(void) { return (u64)((unsigned __int128)(tsc_read() - tsc_base) * tsc_mult >> 32); }

void clock_wait(u64 ns)
{
  for (u64 end = clock_ns() + ns; clock_ns() < end;)
    cpu_relax();
}

void clock_init(void)
{
  const char *source;
  tsc_base = tsc_read();
  u64 rate = tsc_rate(&source);
  tsc_mult = mul_div(SECOND, 1ul << 32, rate);
  apic_timer(0xffffffff);
  u64 start = clock_ns();
  clock_wait(10 * MILLISECOND);
  u64 ticks = 0xffffffff - apic_timer_left(), elapsed = clock_ns() - start;
  apic_timer(0);
  timer_mult = mul_div(ticks, 1ul << 32, elapsed);
  wall_base = wall_seconds() * SECOND - clock_ns();
  print("shim: TSC %lu MHz by %s\n", rate / 1000000, source);
}

// Makes the timer of this CPU ring at `deadline` or before.
void clock_arm(struct cpu *c, u64 deadline)
{
  if (deadline >= c->timer_deadline)
    return;
  u64 now = clock_ns(), ns = deadline > now ? MIN(deadline - now, SECOND) : 0;
  c->timer_deadline = now + ns;
  apic_timer(MAX((u64)((unsigned __int128)ns * timer_mult >> 32), 1));
}
