// The vDSO (vdso(7)): time and the CPU's number without a system call. The JVM has it, in ring 0, and every program, in
// ring 3. A page of data lies in front of it, with what the clocks need.
typedef unsigned long u64;
typedef unsigned int u32;

// For the JVM java_start() in elf.c writes this, for programs biscotti.process.Vdso. The sequence is odd while it changes.
struct data {
  u32 sequence;
  u64 tsc_base, tsc_multiplier;          // nanoseconds = (tsc - base) * multiplier >> 32
  u64 wall_base;                         // the time of day less the monotonic clock's, at wall_start
  long wall_start;                       // of the monotonic clock; since then the time of day goes
  long wall_rate;                        // faster by this, in units of 2^-64,
  long slew_rate, slew_end;              // and by this up to here
};
extern const volatile struct data vdso_data __attribute__((visibility("hidden")));

struct timespec { long seconds, nanoseconds; };
struct timeval { long seconds, microseconds; };

enum { SECOND = 1000000000, MICROSECOND = 1000 };
enum { SYS_gettimeofday = 96, SYS_clock_gettime = 228, SYS_clock_getres = 229 };

// Clocks that are the time of day, and those that run since boot (clock_gettime(2)); the coarse ones are no coarser here.
enum { REALTIME = 1 << 0 | 1 << 5, SINCE_BOOT = 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7, COARSE = 1 << 5 | 1 << 6, CLOCKS = 8 };

static long system_call(long number, long first, const void *second) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second) : "rcx", "r11", "memory");
  return result;
}

// The time stamp counter, not before what was loaded earlier (Intel SDM 2, RDTSC).
static u64 tsc(void) {
  u32 low, high;
  __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return low | (u64)high << 32;
}

// How much of the time of day some nanoseconds make at a rate.
static long gained(long nanoseconds, long rate) { return (__int128)nanoseconds * rate >> 64; }

// As biscotti.sched.WallClock has it.
static u64 of_day_at(long ns) {
  long start = vdso_data.wall_start, end = vdso_data.slew_end;
  return vdso_data.wall_base + ns + gained(ns - start, vdso_data.wall_rate) + gained((ns < end ? ns : end) - start, vdso_data.slew_rate);
}

static u64 now(int of_day) {
  u32 sequence;
  u64 nanoseconds;
  do {
    while ((sequence = vdso_data.sequence) & 1) __asm__ volatile("pause");
    __asm__ volatile("" : : : "memory");
    nanoseconds = (unsigned __int128)(tsc() - vdso_data.tsc_base) * vdso_data.tsc_multiplier >> 32;
    if (of_day) nanoseconds = of_day_at(nanoseconds);
    __asm__ volatile("" : : : "memory");
  } while (vdso_data.sequence != sequence);
  return nanoseconds;
}

static int is(int clock, u32 kind) { return clock >= 0 && clock < CLOCKS && (kind >> clock & 1); }

int __vdso_clock_gettime(int clock, struct timespec *time) {
  if (!is(clock, REALTIME | SINCE_BOOT)) return system_call(SYS_clock_gettime, clock, time);
  u64 ns = now(is(clock, REALTIME));
  time->seconds = ns / SECOND;
  time->nanoseconds = ns % SECOND;
  return 0;
}

int __vdso_clock_getres(int clock, struct timespec *resolution) {
  if (!is(clock, (REALTIME | SINCE_BOOT) & ~COARSE)) return system_call(SYS_clock_getres, clock, resolution);
  if (resolution) *resolution = (struct timespec){ 0, 1 };
  return 0;
}

int __vdso_gettimeofday(struct timeval *time, void *zone) {
  if (zone) return system_call(SYS_gettimeofday, (long)time, zone);
  if (time) {
    u64 ns = now(1);
    time->seconds = ns / SECOND;
    time->microseconds = ns % SECOND / MICROSECOND;
  }
  return 0;
}

long __vdso_time(long *time) {
  long seconds = now(1) / SECOND;
  if (time) *time = seconds;
  return seconds;
}

// The limit of the segment that each CPU has for this is its number (segments_init in cpu.c).
long __vdso_getcpu(u32 *cpu, u32 *node, void *unused) {
  enum { CPU_SELECTOR = 9 << 3 | 3 };
  u32 number;
  (void)unused;
  __asm__ volatile("lsl %1, %0" : "=r"(number) : "r"((u32)CPU_SELECTOR) : "cc");
  if (cpu) *cpu = number;
  if (node) *node = 0;
  return 0;
}

int clock_gettime(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_gettime")));
int clock_getres(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_getres")));
int gettimeofday(struct timeval *, void *) __attribute__((weak, alias("__vdso_gettimeofday")));
long time(long *) __attribute__((weak, alias("__vdso_time")));
long getcpu(u32 *, u32 *, void *) __attribute__((weak, alias("__vdso_getcpu")));
