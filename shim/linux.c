// The system calls that HotSpot and its C library make, by Linux's numbers on x86-64. What is not here is
// reported once with its arguments and answered ENOSYS.
#include "lock.h"

// One line for each kind of thing that the JVM asked for in vain.
void linux_report(const char *what, u64 number, u64 a, u64 b, u64 c)
{
  static u8 reported[512];
  if (number < sizeof reported && __atomic_exchange_n(&reported[number], 1, __ATOMIC_RELAXED))
    return;
  print("shim: the JVM asked for %s %lu (%lx, %lx, %lx): not supported\n", what, number, a, b, c);
}

static i64 clock_time(u32 clock, u64 to)
{
  struct thread *t = this_thread();
  u64 ns = clock_ns();
  if (clock == 0 || clock == 5)          // CLOCK_REALTIME, CLOCK_REALTIME_COARSE
    ns += wall_base;
  else if (clock == 3 || (i32)clock < 0) // CLOCK_THREAD_CPUTIME_ID, and pthread_getcpuclockid's form
    ns -= t->started;
  struct { u64 seconds, nanoseconds; } time = { ns / SECOND, ns % SECOND };
  return PUT(to, time);
}

static i64 nanosleep(u64 flags, u64 request, u32 clock)
{
  enum { TIMER_ABSTIME = 1 };
  struct { u64 seconds, nanoseconds; } time;
  struct thread *t = this_thread();
  if (GET(time, request))
    return -EFAULT;
  if (time.nanoseconds >= SECOND)
    return -EINVAL;
  u64 now = clock_ns(), ns = MIN(time.seconds, 1ul << 33) * SECOND + time.nanoseconds;
  u64 end = flags & TIMER_ABSTIME ? (clock ? ns : ns - MIN(ns, wall_base)) : now + ns;
  int safepoint = t->class == CLASS_URGENT && end - now <= 2 * MILLISECOND;
  if (safepoint)
    safepoint_want();
  while (clock_ns() < end && !signal_pending(t)) {
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
    sleep_until(end);
  }
  if (safepoint)
    safepoint_wanted = 0;
  return signal_pending(t) ? -EINTR : 0;
}

static i64 yield(void)
{
  this_thread()->virtual_time = MAX(this_thread()->virtual_time, this_cpu()->virtual_time + MILLISECOND / 4);
  schedule();
  return 0;
}

static i64 affinity_get(u64 size, u64 to)
{
  u64 mask = cpu_count == 64 ? ~0ul : (1ul << cpu_count) - 1;
  return size < 8 ? -EINVAL : PUT(to, mask) ?: 8;
}

static i64 uname(u64 to)
{
  char names[6][65] = { "Linux", "biscotti", "6.1.0", "Biscotti shim", "x86_64", "(none)" };
  return copy_out(to, names, sizeof names);
}

static i64 sysinfo(u64 to)
{
  struct { u64 uptime, loads[3], total, free, shared, buffers, swap, swap_free; u16 processes; u64 high, high_free; u32 unit; u8 pad[4]; }
    info = { .uptime = clock_ns() / SECOND, .total = jvm_pages * PAGE, .free = jvm_pages_free * PAGE, .processes = 1, .unit = 1 };
  return PUT(to, info);
}

static i64 get_limit(u32 resource, u64 to)
{
  enum { RLIMIT_STACK = 3, RLIMIT_NOFILE = 7 };
  u64 limit = resource == RLIMIT_STACK ? 8ul << 20 : resource == RLIMIT_NOFILE ? 256 : ~0ul;
  struct { u64 soft, hard; } pair = { limit, limit };
  return to ? PUT(to, pair) : 0;
}

static i64 set_name(u32 option, u64 name)
{
  enum { PR_SET_NAME = 15 };
  char text[16] = "";
  if (option != PR_SET_NAME)
    return -EINVAL;
  if (copy_string(text, name, sizeof text) == -EFAULT)
    return -EFAULT;
  text[15] = 0;
  thread_name(this_thread(), text);
  return 0;
}

static i64 set_base(u32 code, u64 base)
{
  enum { ARCH_SET_FS = 0x1002 };
  if (code != ARCH_SET_FS)
    return -EINVAL;
  fs_base_write(base);
  return 0;
}

static i64 random(u64 to, u64 n)         // xorshift64* over the TSC: seeds of hash tables, not secrets
{
  static u64 state = 0x9e3779b97f4a7c15;
  for (u64 i = 0; i < n; i++) {
    u64 x = state ^ tsc_read();
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    state = x;
    u8 byte = x * 0x2545f4914f6cdd1d >> 56;
    if (PUT(to + i, byte))
      return -EFAULT;
  }
  return n;
}

static i64 clone3(u64 arguments, u64 size)
{
  struct { u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; } a;
  if (size < sizeof a)
    return -EINVAL;
  return copy_in(&a, arguments, sizeof a) ?: sys_clone(a.flags, a.stack + a.stack_size, a.parent_tid, a.child_tid, a.tls);
}

static _Noreturn void jvm_exited(u32 status)
{
  print("shim: the JVM has exited with status %u\n", status);
  machine_stop_body(status ? 2 : 0);
}

static i64 get_cpu(u64 cpu, u64 node)
{
  u32 zero = 0;
  return (cpu && PUT(cpu, this_cpu()->index)) || (node && PUT(node, zero)) ? -EFAULT : 0;
}

static i64 get_resolution(u64 to)
{
  struct { u64 seconds, nanoseconds; } one = { 0, 1 };
  return to ? PUT(to, one) : 0;
}

static i64 get_time_of_day(u64 to)
{
  u64 ns = clock_ns() + wall_base;
  struct { u64 seconds, microseconds; } time = { ns / SECOND, ns % SECOND / 1000 };
  return to ? PUT(to, time) : 0;
}

static i64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
  struct thread *t = this_thread();
  i64 result = file_call(number, a, b, c, d);
  if (result != NOT_A_FILE_CALL)
    return result;
  switch (number) {
  case 9: return sys_mmap(a, b, c, d, e, f);
  case 10: return sys_mprotect(a, b, c);
  case 11: return sys_munmap(a, b);
  case 12: return sys_brk(a);
  case 13: return sys_rt_sigaction(a, b, c, d);
  case 14: return sys_rt_sigprocmask(a, b, c, d);
  case 24: return yield();
  case 25: return sys_mremap(a, b, c, d);
  case 28: return sys_madvise(a, b, c);
  case 35: return nanosleep(0, a, 1);
  case 39: return 1;                                            // getpid
  case 41: return -EAFNOSUPPORT;                                // socket
  case 56: return sys_clone(a, b, c, d, e);
  case 60: thread_exit();
  case 63: return uname(a);
  case 96: return get_time_of_day(a);
  case 97: return get_limit(a, b);
  case 99: return sysinfo(a);
  case 102: case 104: case 107: case 108: return 0;             // getuid, getgid, geteuid, getegid
  case 110: return 0;                                           // getppid
  case 130: return sys_rt_sigsuspend(a, b);
  case 131: return sys_sigaltstack(a, b);
  case 157: return set_name(a, b);                              // prctl
  case 158: return set_base(a, b);                              // arch_prctl
  case 186: return t->id;                                       // gettid
  case 200: return sys_tgkill(a, b);                            // tkill
  case 202: return sys_futex(a, b, c, d, f);
  case 203: return 0;                                           // sched_setaffinity: placing threads is ours
  case 204: return affinity_get(b, c);
  case 218: t->clear_tid = a; return t->id;                     // set_tid_address
  case 228: return clock_time(a, b);
  case 229: return get_resolution(b);
  case 230: return nanosleep(b, c, a);                          // clock_nanosleep
  case 231: jvm_exited(a);
  case 234: return sys_tgkill(b, c);
  case 239: return -ENOSYS;                                     // get_mempolicy: no NUMA
  case 273: return 0;                                           // set_robust_list: no process dies alone
  case 302: return c ? -EPERM : get_limit(b, d);                // prlimit64
  case 309: return get_cpu(a, b);
  case 318: return random(a, b);                                // getrandom
  case 332: case 334: return -ENOSYS;                           // statx, rseq: the C library has other ways
  case 435: return clone3(a, b);
  }
  linux_report("system call", number, a, b, c);
  return -ENOSYS;
}

// Called by entry.S. 1: all registers are to be restored, for a signal handler or from one.
int system_call(struct regs *r)
{
  enum { SYS_rt_sigreturn = 15 };
  u64 number = r->rax;
  if (number == SYS_rt_sigreturn) {
    sys_rt_sigreturn(r);
    signal_deliver_pending(r);
    return 1;
  }
  r->rax = call(number, r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9);
  if (trace > 1)
    print("shim: [%u] %lu(%lx, %lx, %lx, %lx) = %lx\n", this_thread()->id, number, r->rdi, r->rsi, r->rdx, r->r10, r->rax);
  reschedule_if_asked();
  return this_thread()->pending ? signal_deliver_pending(r) : 0;
}
