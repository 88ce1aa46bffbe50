// Signals for the JVM's threads: their faults. HotSpot's handlers run on the thread's own stack, in ring 0 like
// all of it, with the frame that Linux builds on x86-64 (arch/x86: struct rt_sigframe). No thread sends another
// one a signal (only the flight recorder would, and it needs files to write), so none is ever blocked.
#include "lock.h"
#define SIGNALS 64
#define RED_ZONE 128
enum { RFLAGS_JVM = 0xcd5 };             // flags a handler may change for what it interrupted

static struct action { u64 handler, flags, restorer, mask; } actions[SIGNALS + 1];
struct frame {
  u64 restorer, uc_flags, uc_link, stack, stack_flags, stack_size;
  u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, segments, error, trap, old_mask, cr2;
  u64 fpu, reserved[8], mask[16];
  u32 si_signo, si_errno, si_code, si_pad;
  u64 si_address, si_rest[13];
};
#define EACH_REGISTER(X) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(rdi) X(rsi) X(rbp) X(rbx) X(rdx) X(rax) X(rcx) X(rsp) X(rip)

// Makes the thread go on in its handler. 0: there is none, or no stack for it.
int signal_fault(struct regs *r, u32 signal, u32 code, u64 address) {
  static const u8 zeros[4096];
  struct action a = actions[signal];
  u64 fpu = ROUND_DOWN(r->rsp - RED_ZONE - features.xsave_size, 64ul), at = ROUND_DOWN(fpu - sizeof(struct frame), 16ul) - 8;
  struct frame f = { .restorer = a.restorer, .rflags = r->rflags, .segments = USER_CODE, .error = r->error, .trap = r->vector,
                     .cr2 = address, .fpu = fpu, .si_signo = signal, .si_code = code, .si_address = address };
#define PUT_REGISTER(name) f.name = r->name;
  EACH_REGISTER(PUT_REGISTER)
  if (a.handler <= 1 || copy_out(fpu, zeros, features.xsave_size) || copy_out(at, &f, sizeof f)) return 0;
  asm volatile("xsave64 (%0)" ::"r"(fpu), "a"((u32)features.xcr0), "d"(0) : "memory");
  r->rdi = signal; r->rsi = at + offsetof(struct frame, si_signo);
  r->rdx = at + offsetof(struct frame, uc_flags); r->rax = 0; r->rip = a.handler; r->rsp = at;
  r->rflags = RFLAGS_FIXED;
  return 1;
}
void sys_rt_sigreturn(struct regs *r) {
  struct frame f;
  if (copy_in(&f, r->rsp - 8, sizeof f)) panic_regs(r, "sigreturn without a frame");
#define GET_REGISTER(name) r->name = f.name;
  EACH_REGISTER(GET_REGISTER)
  r->rflags = (f.rflags & RFLAGS_JVM) | RFLAGS_FIXED;
  asm volatile("xrstor64 (%0)" ::"r"(f.fpu), "a"((u32)features.xcr0), "d"(0) : "memory");
}
i64 sys_rt_sigaction(u32 signal, u64 new, u64 old) {
  if (signal < 1 || signal > SIGNALS) return -EINVAL;
  struct action last = actions[signal];
  return (new ? GET(actions[signal], new) : 0) ?: old ? PUT(old, last) : 0;
}
