// Signals for the JVM's threads: faults, and those that threads send each other (tgkill: the sampler of
// the flight recorder, abort). HotSpot's handlers run on the thread's own stack, in ring 0 like all of
// it, with the frame that Linux builds on x86-64 (arch/x86 ABI: struct rt_sigframe).
#include "lock.h"

#define SIGNALS 64
#define RED_ZONE 128
enum { SA_ONSTACK = 0x08000000, SA_RESTORER = 0x04000000, SS_DISABLE = 2, SI_TKILL = -6, SIGKILL = 9, SIGABRT = 6 };
enum { RFLAGS_JVM = 0xcd5 };             // flags that a handler may change for the code it interrupted

struct action { u64 handler, flags, restorer, mask; };
static struct action actions[SIGNALS + 1];
static struct lock actions_lock;

struct frame {
  u64 restorer;                          // the handler's return address
  u64 uc_flags, uc_link, stack, stack_flags, stack_size;
  u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, segments, error, trap, old_mask, cr2;
  u64 fpu, reserved[8], mask, mask_rest[15];
  u32 si_signo, si_errno, si_code, si_pad;
  u64 si_address, si_rest[13];
};

static u64 bit(u32 signal) { return 1ul << (signal - 1); }
int signal_pending(struct thread *t) { return (t->pending & ~t->blocked) != 0; }

// Where the handler's frame goes: below the red zone, or on the alternate stack.
static u64 frame_top(const struct regs *r, const struct thread *t, const struct action *a)
{
  u64 sp = r->rsp - RED_ZONE;
  int on_alternate = sp - t->alternate_stack < t->alternate_size;
  return a->flags & SA_ONSTACK && t->alternate_stack && !on_alternate ? t->alternate_stack + t->alternate_size : sp;
}

// The FPU image in the form a handler expects: XSAVE's. The registers themselves are untouched.
static i64 put_fpu(u64 at)
{
  static const u8 zeros[64];
  if (copy_out(at + 512, zeros, sizeof zeros) || copy_out(at + features.xsave_size - 8, zeros, 8))
    return -EFAULT;                      // and its pages are there now
  asm volatile("xsave64 (%0)" ::"r"(at), "a"((u32)features.xcr0), "d"(0) : "memory");
  return 0;
}

// Makes the thread go on in its handler. 0: there is none, or no stack for it.
static int deliver(struct regs *r, u32 signal, i32 code, u64 address, u64 mask)
{
  struct thread *t = this_thread();
  struct action a = actions[signal];
  struct frame f = { 0 };
  if (a.handler <= 1)
    return 0;
  u64 fpu = ROUND_DOWN(frame_top(r, t, &a) - features.xsave_size, 64ul), at = ROUND_DOWN(fpu - sizeof f, 16ul) - 8;
  f.restorer = a.restorer;
  f.stack = t->alternate_stack;
  f.stack_size = t->alternate_size;
  f.stack_flags = t->alternate_stack ? t->alternate_flags : SS_DISABLE;
  f.r8 = r->r8, f.r9 = r->r9, f.r10 = r->r10, f.r11 = r->r11, f.r12 = r->r12, f.r13 = r->r13, f.r14 = r->r14, f.r15 = r->r15;
  f.rdi = r->rdi, f.rsi = r->rsi, f.rbp = r->rbp, f.rbx = r->rbx, f.rdx = r->rdx, f.rax = r->rax, f.rcx = r->rcx;
  f.rsp = r->rsp, f.rip = r->rip, f.rflags = r->rflags, f.segments = USER_CODE, f.error = r->error;
  f.trap = r->vector < 32 ? r->vector : 0;
  f.old_mask = f.mask = mask;
  f.cr2 = address;
  f.fpu = fpu;
  f.si_signo = signal;
  f.si_code = code;
  f.si_address = address;
  if (put_fpu(fpu) || copy_out(at, &f, sizeof f))
    return 0;
  r->rdi = signal;
  r->rsi = at + offsetof(struct frame, si_signo);
  r->rdx = at + offsetof(struct frame, uc_flags);
  r->rax = 0;
  r->rip = a.handler;
  r->rsp = at;
  r->rflags = RFLAGS_FIXED;
  t->blocked |= a.mask | bit(signal);
  count(STAT_SIGNALS);
  return 1;
}

int signal_fault(struct regs *r, u32 signal, u32 code, u64 address)
{
  return deliver(r, signal, code, address, this_thread()->blocked);
}

// On the way back to the JVM's code. 1: the registers are a handler's now.
int signal_deliver_pending(struct regs *r)
{
  struct thread *t = this_thread();
  u64 deliverable = t->pending & ~t->blocked, mask = t->blocked;
  if (t->restore_blocked) {              // after sigsuspend: its mask ruled only until now
    t->restore_blocked = 0;
    mask = t->blocked = t->saved_blocked;
  }
  if (!deliverable)
    return 0;
  u32 signal = __builtin_ctzl(deliverable) + 1;
  __atomic_fetch_and(&t->pending, ~bit(signal), __ATOMIC_SEQ_CST);
  if (deliver(r, signal, SI_TKILL, 0, mask))
    return 1;
  if (actions[signal].handler == 0 && signal == SIGABRT)
    panic_regs(r, "JVM thread %u (%s) aborted", t->id, t->name);
  return 0;
}

void sys_rt_sigreturn(struct regs *r)
{
  struct frame f;
  if (copy_in(&f, r->rsp - 8, sizeof f))
    panic_regs(r, "sigreturn without a frame");
  r->r8 = f.r8, r->r9 = f.r9, r->r10 = f.r10, r->r11 = f.r11, r->r12 = f.r12, r->r13 = f.r13, r->r14 = f.r14, r->r15 = f.r15;
  r->rdi = f.rdi, r->rsi = f.rsi, r->rbp = f.rbp, r->rbx = f.rbx, r->rdx = f.rdx, r->rax = f.rax, r->rcx = f.rcx;
  r->rsp = f.rsp, r->rip = f.rip;
  r->rflags = (f.rflags & RFLAGS_JVM) | RFLAGS_FIXED;
  r->cs = KERNEL_CODE;
  r->ss = KERNEL_DATA;
  this_thread()->blocked = f.mask;
  if (f.fpu)
    asm volatile("xrstor64 (%0)" ::"r"(f.fpu), "a"((u32)features.xcr0), "d"(0) : "memory");
}

i64 sys_rt_sigaction(u32 signal, u64 new, u64 old, u64 size)
{
  if (signal < 1 || signal > SIGNALS || size != 8)
    return -EINVAL;
  struct action next, last;
  if (new && GET(next, new))
    return -EFAULT;
  lock(&actions_lock);
  last = actions[signal];
  if (new)
    actions[signal] = next;
  unlock(&actions_lock);
  return old && PUT(old, last) ? -EFAULT : 0;
}

i64 sys_rt_sigprocmask(u32 how, u64 new, u64 old, u64 size)
{
  enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };
  struct thread *t = this_thread();
  u64 mask, last = t->blocked;
  if (size != 8 || (new && how > SIG_SETMASK))
    return -EINVAL;
  if (new) {
    if (GET(mask, new))
      return -EFAULT;
    t->blocked = how == SIG_BLOCK ? last | mask : how == SIG_UNBLOCK ? last & ~mask : mask;
  }
  return old && PUT(old, last) ? -EFAULT : 0;
}

i64 sys_rt_sigsuspend(u64 set, u64 size)
{
  struct thread *t = this_thread();
  u64 mask;
  if (size != 8)
    return -EINVAL;
  if (GET(mask, set))
    return -EFAULT;
  t->saved_blocked = t->blocked;
  t->blocked = mask;
  t->restore_blocked = 1;
  while (!signal_pending(t)) {
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
    if (signal_pending(t))
      wake(t);
    schedule();
  }
  return -EINTR;
}

i64 sys_sigaltstack(u64 new, u64 old)
{
  struct stack { u64 base; u32 flags, pad; u64 size; } next;
  struct thread *t = this_thread();
  struct stack last = { t->alternate_stack, t->alternate_stack ? t->alternate_flags : SS_DISABLE, 0, t->alternate_size };
  if (new && GET(next, new))
    return -EFAULT;
  if (old && PUT(old, last))
    return -EFAULT;
  if (new) {
    t->alternate_stack = next.flags & SS_DISABLE ? 0 : next.base;
    t->alternate_flags = next.flags;
    t->alternate_size = next.flags & SS_DISABLE ? 0 : next.size;
  }
  return 0;
}

i64 sys_tgkill(u32 thread, u32 signal)
{
  struct thread *t = thread_find(thread);
  if (signal > SIGNALS)
    return -EINVAL;
  if (!t)
    return -ESRCH;
  if (!signal)
    return 0;
  __atomic_fetch_or(&t->pending, bit(signal), __ATOMIC_SEQ_CST);
  wake(t);
  if (t->state == RUNNING && t != this_thread())
    apic_send(t->cpu, VECTOR_WAKE);
  return 0;
}
