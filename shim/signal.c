// Signals for the JVM's threads: faults, and those that threads send each other (tgkill: the sampler of
// the flight recorder, abort). HotSpot's handlers run on the thread's own stack, in ring 0 like all of
// it, with the frame that Linux builds on x86-64 (arch/x86: struct rt_sigframe).
#include "lock.h"
#define SIGNALS 64
#define RED_ZONE 128
enum { SI_TKILL = -6, SIGABRT = 6, RFLAGS_JVM = 0xcd5 };        // flags a handler may change for what it interrupted

static struct action { u64 handler, flags, restorer, mask; } actions[SIGNALS + 1];
struct frame {
  u64 restorer, uc_flags, uc_link, stack, stack_flags, stack_size;
  u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, segments, error, trap, old_mask, cr2;
  u64 fpu, reserved[8], mask, mask_rest[15];
  u32 si_signo, si_errno, si_code, si_pad;
  u64 si_address, si_rest[13];
};
#define EACH_REGISTER(X) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(rdi) X(rsi) X(rbp) X(rbx) X(rdx) X(rax) X(rcx) X(rsp) X(rip)

static u64 bit(u32 signal) { return 1ul << (signal - 1); }
int signal_pending(struct thread *t) { return (t->pending & ~t->blocked) != 0; }

// Makes the thread go on in its handler. 0: there is none, or no stack for it.
static int deliver(struct regs *r, u32 signal, i32 code, u64 address, u64 mask) {
  static const u8 zeros[4096];
  struct thread *t = this_thread();
  struct action a = actions[signal];
  u64 fpu = ROUND_DOWN(r->rsp - RED_ZONE - features.xsave_size, 64ul), at = ROUND_DOWN(fpu - sizeof(struct frame), 16ul) - 8;
  struct frame f = { .restorer = a.restorer, .rflags = r->rflags, .segments = USER_CODE, .error = r->error, .trap = r->vector,
                     .old_mask = mask, .mask = mask, .cr2 = address, .fpu = fpu, .si_signo = signal, .si_code = code, .si_address = address };
#define PUT_REGISTER(name) f.name = r->name;
  EACH_REGISTER(PUT_REGISTER)
  if (a.handler <= 1 || copy_out(fpu, zeros, features.xsave_size) || copy_out(at, &f, sizeof f)) return 0;
  asm volatile("xsave64 (%0)" ::"r"(fpu), "a"((u32)features.xcr0), "d"(0) : "memory");
  r->rdi = signal; r->rsi = at + offsetof(struct frame, si_signo);
  r->rdx = at + offsetof(struct frame, uc_flags); r->rax = 0; r->rip = a.handler; r->rsp = at;
  r->rflags = RFLAGS_FIXED;
  t->blocked |= a.mask | bit(signal);
  count(STAT_SIGNALS);
  return 1;
}
int signal_fault(struct regs *r, u32 signal, u32 code, u64 address) { return deliver(r, signal, code, address, this_thread()->blocked); }

// On the way back to the JVM's code. 1: the registers are a handler's now.
int signal_deliver_pending(struct regs *r) {
  struct thread *t = this_thread();
  u64 deliverable = t->pending & ~t->blocked;
  if (t->restore_blocked) t->blocked = t->saved_blocked;  // after sigsuspend: its mask ruled only until now
  t->restore_blocked = 0;
  if (!deliverable) return 0;
  u32 signal = __builtin_ctzl(deliverable) + 1;
  __atomic_fetch_and(&t->pending, ~bit(signal), __ATOMIC_SEQ_CST);
  if (deliver(r, signal, SI_TKILL, 0, t->blocked)) return 1;
  if (signal == SIGABRT) panic_regs(r, "JVM thread %u (%s) aborted", t->id, t->name);
  return 0;
}
void sys_rt_sigreturn(struct regs *r) {
  struct frame f;
  if (copy_in(&f, r->rsp - 8, sizeof f)) panic_regs(r, "sigreturn without a frame");
#define GET_REGISTER(name) r->name = f.name;
  EACH_REGISTER(GET_REGISTER)
  r->rflags = (f.rflags & RFLAGS_JVM) | RFLAGS_FIXED;
  this_thread()->blocked = f.mask;
  asm volatile("xrstor64 (%0)" ::"r"(f.fpu), "a"((u32)features.xcr0), "d"(0) : "memory");
}
i64 sys_rt_sigaction(u32 signal, u64 new, u64 old) {
  if (signal < 1 || signal > SIGNALS) return -EINVAL;
  struct action last = actions[signal];
  return (new ? GET(actions[signal], new) : 0) ?: old ? PUT(old, last) : 0;
}
i64 sys_rt_sigprocmask(u32 how, u64 new, u64 old) {
  enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };
  struct thread *t = this_thread();
  u64 mask, last = t->blocked;
  if (new && (how > SIG_SETMASK || GET(mask, new))) return how > SIG_SETMASK ? -EINVAL : -EFAULT;
  if (new) t->blocked = how == SIG_BLOCK ? last | mask : how == SIG_UNBLOCK ? last & ~mask : mask;
  return old ? PUT(old, last) : 0;
}
i64 sys_rt_sigsuspend(u64 set) {
  struct thread *t = this_thread();
  u64 mask;
  if (GET(mask, set)) return -EFAULT;
  t->saved_blocked = t->blocked; t->blocked = mask; t->restore_blocked = 1;
  while (!signal_pending(t)) {
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
    if (signal_pending(t)) wake(t);
    schedule();
  }
  return -EINTR;
}
i64 sys_tgkill(u32 thread, u32 signal) {
  struct thread *t = thread_find(thread);
  if (signal > SIGNALS || !t) return signal > SIGNALS ? -EINVAL : -ESRCH;
  if (signal) __atomic_fetch_or(&t->pending, bit(signal), __ATOMIC_SEQ_CST);
  wake(t);
  if (t->state == RUNNING && t != this_thread()) apic_send(t->cpu, VECTOR_WAKE);
  return 0;
}
