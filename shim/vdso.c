// The JVM's vDSO: time and CPU number without a system call (vdso(7)). It runs in ring 0, so the
// clock's parameters and the CPU's number are read straight from the shim's per-CPU area through GS.
#include "layout.h"
typedef unsigned long u64;
typedef unsigned int u32;

#define PER_CPU(type, offset) (*(type __seg_gs *)(u64)(offset))
enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_MONOTONIC_RAW = 4, CLOCK_REALTIME_COARSE = 5,
       CLOCK_MONOTONIC_COARSE = 6, CLOCK_BOOTTIME = 7, SYS_clock_gettime = 228 };

static inline u64 monotonic(void)
{
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  u64 ticks = (low | (u64)high << 32) - PER_CPU(u64, CPU_TSC_BASE);
  return (u64)((unsigned __int128)ticks * PER_CPU(u64, CPU_TSC_MULT) >> 32);
}

static inline u64 wall(void) { return monotonic() + PER_CPU(u64, CPU_WALL); }

int __vdso_clock_gettime(int clock, u64 *time)
{
  u64 ns;
  if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME)
    ns = monotonic();
  else if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
    ns = wall();
  else {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_clock_gettime), "D"((long)clock), "S"(time) : "rcx", "r11", "memory");
    return result;
  }
  time[0] = ns / 1000000000;
  time[1] = ns % 1000000000;
  return 0;
}

int __vdso_gettimeofday(u64 *time, void *zone)
{
  (void)zone;
  u64 ns = wall();
  if (time) {
    time[0] = ns / 1000000000;
    time[1] = ns % 1000000000 / 1000;
  }
  return 0;
}

long __vdso_time(long *time)
{
  long seconds = wall() / 1000000000;
  if (time)
    *time = seconds;
  return seconds;
}

int __vdso_getcpu(u32 *cpu, u32 *node)
{
  if (cpu)
    *cpu = PER_CPU(u32, CPU_INDEX);
  if (node)
    *node = 0;
  return 0;
}
