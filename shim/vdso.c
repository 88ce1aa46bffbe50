// The JVM's vDSO: time and CPU number without a system call (vdso(7)). It runs in ring 0, so the clock's
// parameters and the CPU's number are read straight from the shim's per-CPU area through GS.
#include "layout.h"
typedef unsigned long u64; typedef unsigned int u32;

#define PER_CPU(type, offset) (*(type __seg_gs *)(u64)(offset))

int __vdso_clock_gettime(int clock, u64 *time) {
  enum { WALL = 1 << 0 | 1 << 5, MONOTONIC = 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7, SYS_clock_gettime = 228 };
  u32 low, high;
  if (clock < 0 || clock > 7 || !((WALL | MONOTONIC) >> clock & 1)) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_clock_gettime), "D"((long)clock), "S"(time) : "rcx", "r11", "memory");
    return result;
  }
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  u64 ticks = (low | (u64)high << 32) - PER_CPU(u64, CPU_TSC_BASE);
  u64 ns = (u64)((unsigned __int128)ticks * PER_CPU(u64, CPU_TSC_MULT) >> 32) + (WALL >> clock & 1 ? PER_CPU(u64, CPU_WALL) : 0);
  time[0] = ns / 1000000000; time[1] = ns % 1000000000;
  return 0;
}
int __vdso_getcpu(u32 *cpu, u32 *node) {
  if (cpu) *cpu = PER_CPU(u32, CPU_INDEX);
  if (node) *node = 0;
  return 0;
}
