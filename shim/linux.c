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
static i64 put_time(u64 to) {            // the JVM's clocks are all one: the time of day is Java's to know
  u64 ns = clock_ns();
  return put_pair(to, ns / SECOND, ns % SECOND);
}
i64 get_time(u64 address, u64 *ns) {     // a struct timespec
  struct { i64 seconds; u64 nanoseconds; } time;
  if (GET(time, address)) return -EFAULT;
  *ns = MIN(time.seconds, 1l << 33) * SECOND + time.nanoseconds;
  return time.seconds < 0 || time.nanoseconds >= SECOND ? -EINVAL : 0;
}
static i64 nanosleep(u64 request) {      // always for a time, never until one
  struct thread *t = this_thread();
  u64 ns, end;
  i64 error = get_time(request, &ns);
  if (error) return error;
  int safepoint = t->class == CLASS_URGENT && ns <= 2 * MILLISECOND;
  if (safepoint) safepoint_want(1);
  for (end = clock_ns() + ns; clock_ns() < end;) {
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
    sleep_until(end);
  }
  if (safepoint) safepoint_want(0);
  return 0;
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
static i64 random(u64 to, u64 n) {       // the TSC, stirred: seeds of hash tables, not secrets
  static u64 state;
  for (u64 i = 0; i < n; i++) {
    state = (state ^ tsc_read()) * 6364136223846793005 + 1442695040888963407;
    if (PUT(to + i, (u8)(state >> 56))) return -EFAULT;
  }
  return n;
}
static i64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  enum { ARCH_SET_FS = 0x1002 };
  static const char names[6][65] = { "Linux", "biscotti", "6.1.0", "Biscotti shim", "x86_64", "(none)" };
  struct thread *t = this_thread();
  i64 result = file_call(number, a, b, c, d);
  if (result != NOT_A_FILE_CALL) return result;
  switch (number) {
  case 9: return sys_mmap(a, b, c, d, e, f);
  case 10: return sys_mprotect(a, b, c);
  case 11: return sys_munmap(a, b);
  case 12: return 0;                                            // brk: malloc turns to mmap
  case 13: return sys_rt_sigaction(a, b, c);
  case 14: return c ? PUT(c, 0ul) : 0;                          // rt_sigprocmask: none is ever blocked
  case 24: t->virtual_time += MILLISECOND / 4; schedule(); return 0;  // sched_yield
  case 25: return -ENOMEM;                                      // mremap: realloc copies instead
  case 28: return sys_madvise(a, b, c);
  case 39: return 1;                                            // getpid
  case 41: return -EAFNOSUPPORT;                                // socket
  case 60: thread_exit();
  case 63: return copy_out(a, names, sizeof names);             // uname
  case 99: return sysinfo(a);
  case 102: case 104: case 107: case 108: case 110: return 0;   // getuid, getgid, geteuid, getegid, getppid
  case 157: return set_name(a, b);
  case 158: if (a == ARCH_SET_FS) fs_base_write(b); return a == ARCH_SET_FS ? 0 : -EINVAL;  // arch_prctl
  case 186: return t->id;                                       // gettid
  case 202: return sys_futex(a, b, c, d);
  case 203: return 0;                                           // sched_setaffinity: placing threads is ours
  case 204: return b < 8 ? -EINVAL : PUT(c, ~0ul >> (64 - cpu_count)) ?: 8;  // sched_getaffinity
  case 218: t->clear_tid = a; return t->id;                     // set_tid_address
  case 228: return put_time(b);                                 // clock_gettime
  case 229: return put_pair(b, 0, 1);                           // clock_getres
  case 230: return nanosleep(c);                                // clock_nanosleep
  case 231: print("shim: the JVM has exited with status %u\n", (u32)a); machine_stop_body(a ? 2 : 0);  // exit_group
  case 234: panic_regs(thread_regs(t), "JVM thread %u (%s) sent signal %u", t->id, t->name, (u32)c);  // tgkill: abort(3)
  case 239: case 332: case 334: return -ENOSYS;                 // get_mempolicy, statx, rseq: known to be optional
  case 273: return 0;                                           // set_robust_list: no process dies alone
  case 302: return c ? -EPERM : get_limit(b, d);                // prlimit64
  case 318: return random(a, b);                                // getrandom
  case 435: return sys_clone3(a, b);
  }
  linux_report("system call", number, a, b, c);
  return -ENOSYS;
}
// Called by entry.S. 1: all registers are to be restored, those from before a signal.
int system_call(struct regs *r) {
  enum { SYS_rt_sigreturn = 15 };
  if (r->rax == SYS_rt_sigreturn) {
    sys_rt_sigreturn(r);
    return 1;
  }
  u64 number = r->rax;
  r->rax = call(number, r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9);
  if (trace > 1)
    print("shim: [%u] %lu(%lx, %lx, %lx, %lx) = %lx\n", this_thread()->id, number, r->rdi, r->rsi, r->rdx, r->r10, r->rax);
  reschedule_if_asked();
  return 0;
}
