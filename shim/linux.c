// The system calls that HotSpot and its C library make, by Linux's numbers on x86-64. What is not here is
// reported once with its arguments and answered ENOSYS.
#include "lock.h"

// One line for each kind of thing that the JVM asked for in vain.
void linux_report(const char *what, u64 number, u64 a, u64 b, u64 c) {
  static u8 reported[512];
  if (number >= sizeof reported || !__atomic_exchange_n(&reported[number], 1, __ATOMIC_RELAXED))
    print("shim: the JVM asked for %s %lu (%lx, %lx, %lx): not supported\n", what, number, a, b, c);
}

static i64 put_pair(u64 to, u64 first, u64 second) {
  u64 pair[2] = { first, second };
  return to ? copy_out(to, pair, sizeof pair) : 0;
}

static i64 clock_time(u32 clock, u64 to) {
  enum { CLOCK_REALTIME = 0, CLOCK_REALTIME_COARSE = 5 };
  u64 ns = clock_ns() + (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? wall_base : 0);
  return put_pair(to, ns / SECOND, ns % SECOND);
}

static i64 nanosleep(u32 clock, u64 flags, u64 request) {
  enum { TIMER_ABSTIME = 1 };
  struct { u64 seconds, nanoseconds; } time;
  struct thread *t = this_thread();
  if (GET(time, request)) return -EFAULT;
  if (time.nanoseconds >= SECOND) return -EINVAL;
  u64 now = clock_ns(), ns = MIN(time.seconds, 1ul << 33) * SECOND + time.nanoseconds;
  u64 end = !(flags & TIMER_ABSTIME) ? now + ns : clock ? ns : ns - MIN(ns, wall_base);
  int safepoint = t->class == CLASS_URGENT && end - now <= 2 * MILLISECOND;
  if (safepoint) safepoint_want(1);
  while (clock_ns() < end && !signal_pending(t)) {
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
    sleep_until(end);
  }
  if (safepoint) safepoint_want(0);
  return signal_pending(t) ? -EINTR : 0;
}

static i64 yield(void) {                 // behind the others, if not by much
  struct thread *t = this_thread();
  t->virtual_time = MAX(t->virtual_time, this_cpu()->virtual_time + MILLISECOND / 4);
  schedule();
  return 0;
}

static i64 affinity_get(u64 size, u64 to) { return size < 8 ? -EINVAL : PUT(to, ~0ul >> (64 - cpu_count)) ?: 8; }

static i64 uname(u64 to) {
  char names[6][65] = { "Linux", "biscotti", "6.1.0", "Biscotti shim", "x86_64", "(none)" };
  return copy_out(to, names, sizeof names);
}

static i64 sysinfo(u64 to) {             // uptime, three loads, memory: total, free, ..., processes, ..., unit
  u64 info[14] = { clock_ns() / SECOND, 0, 0, 0, jvm_pages * PAGE, jvm_pages_free * PAGE, [10] = 1, [13] = 1 };
  return copy_out(to, info, sizeof info);
}

static i64 get_limit(u32 resource, u64 to) {
  enum { RLIMIT_STACK = 3, RLIMIT_NOFILE = 7 };
  u64 limit = resource == RLIMIT_STACK ? 8ul << 20 : resource == RLIMIT_NOFILE ? 256 : ~0ul;
  return put_pair(to, limit, limit);
}

static i64 set_name(u32 option, u64 name) {                     // prctl
  enum { PR_SET_NAME = 15 };
  char text[16] = "";
  if (option != PR_SET_NAME) return -EINVAL;
  copy_string(text, name, sizeof text - 1);  // what is longer is cut
  thread_name(this_thread(), text);
  return 0;
}

static i64 set_base(u32 code, u64 base) {                       // arch_prctl
  enum { ARCH_SET_FS = 0x1002 };
  if (code != ARCH_SET_FS) return -EINVAL;
  fs_base_write(base);
  return 0;
}

static i64 random(u64 to, u64 n) {       // xorshift64* over the TSC: seeds of hash tables, not secrets
  static u64 state = 0x9e3779b97f4a7c15;
  for (u64 i = 0; i < n; i++) {
    u64 x = state ^ tsc_read();
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    state = x;
    if (PUT(to + i, (u8)(x * 0x2545f4914f6cdd1d >> 56))) return -EFAULT;
  }
  return n;
}

static i64 clone3(u64 arguments, u64 size) {
  struct { u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; } a;
  if (size < sizeof a) return -EINVAL;
  return GET(a, arguments) ?: sys_clone(a.flags, a.stack + a.stack_size, a.parent_tid, a.child_tid, a.tls);
}

static _Noreturn void jvm_exited(u32 status) {
  print("shim: the JVM has exited with status %u\n", status);
  machine_stop_body(status ? 2 : 0);
}

static i64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  struct thread *t = this_thread();
  i64 result = file_call(number, a, b, c, d);
  if (result != NOT_A_FILE_CALL) return result;
  switch (number) {
  case 9: return sys_mmap(a, b, c, d, e, f);
  case 10: return sys_mprotect(a, b, c);
  case 11: return sys_munmap(a, b);
  case 12: return 0;                                            // brk: malloc turns to mmap
  case 13: return sys_rt_sigaction(a, b, c);
  case 14: return sys_rt_sigprocmask(a, b, c);
  case 24: return yield();
  case 25: return -ENOMEM;                                      // mremap: realloc copies instead
  case 28: return sys_madvise(a, b, c);
  case 35: return nanosleep(1, 0, a);
  case 39: return 1;                                            // getpid
  case 41: return -EAFNOSUPPORT;                                // socket
  case 56: return sys_clone(a, b, c, d, e);
  case 60: thread_exit();
  case 63: return uname(a);
  case 96: return put_pair(a, (clock_ns() + wall_base) / SECOND, (clock_ns() + wall_base) % SECOND / 1000);  // gettimeofday
  case 97: return get_limit(a, b);
  case 99: return sysinfo(a);
  case 102: case 104: case 107: case 108: case 110: return 0;   // getuid, getgid, geteuid, getegid, getppid
  case 130: return sys_rt_sigsuspend(a);
  case 157: return set_name(a, b);
  case 158: return set_base(a, b);
  case 186: return t->id;                                       // gettid
  case 200: return sys_tgkill(a, b);                            // tkill
  case 202: return sys_futex(a, b, c, d, f);
  case 203: return 0;                                           // sched_setaffinity: placing threads is ours
  case 204: return affinity_get(b, c);
  case 218: t->clear_tid = a; return t->id;                     // set_tid_address
  case 228: return clock_time(a, b);
  case 229: return put_pair(b, 0, 1);                           // clock_getres
  case 230: return nanosleep(a, b, c);                          // clock_nanosleep
  case 231: jvm_exited(a);
  case 234: return sys_tgkill(b, c);
  case 239: case 332: case 334: return -ENOSYS;                 // get_mempolicy, statx, rseq: known to be optional
  case 273: return 0;                                           // set_robust_list: no process dies alone
  case 302: return c ? -EPERM : get_limit(b, d);                // prlimit64
  case 309: return (a ? PUT(a, this_cpu()->index) : 0) ?: b ? PUT(b, 0) : 0;  // getcpu
  case 318: return random(a, b);                                // getrandom
  case 435: return clone3(a, b);
  }
  linux_report("system call", number, a, b, c);
  return -ENOSYS;
}

// Called by entry.S. 1: all registers are to be restored, for a signal handler or from one.
int system_call(struct regs *r) {
  enum { SYS_rt_sigreturn = 15 };
  if (r->rax == SYS_rt_sigreturn) {
    sys_rt_sigreturn(r);
    signal_deliver_pending(r);
    return 1;
  }
  u64 number = r->rax;
  r->rax = call(number, r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9);
  if (trace > 1)
    print("shim: [%u] %lu(%lx, %lx, %lx, %lx) = %lx\n", this_thread()->id, number, r->rdi, r->rsi, r->rdx, r->r10, r->rax);
  reschedule_if_asked();
  return signal_deliver_pending(r);
}
