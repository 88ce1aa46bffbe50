// What traps and interrupts mean; entry.S calls these. See there for the stacks they run on.
#include "instructions.h"
extern u64 fixups_start[], fixups_end[];
enum { SIGILL = 4, SIGTRAP = 5, SIGBUS = 7, SIGFPE = 8, SIGSEGV = 11, SI_KERNEL = 0x80, RFLAGS_TF = 0x100 };
static void interrupt(u32 vector) {
  if (vector >= VECTOR_LINE) line_interrupt(vector);
  apic_end_of_interrupt();
  if (vector == VECTOR_TIMER) timer_interrupt();
}
static int fix_up(struct regs *r) {
  u64 *f = fixups_start;
  while (f < fixups_end && f[0] != r->rip) f += 2;
  if (f < fixups_end) r->rip = f[1];
  return f < fixups_end;
}
// On the interrupt stack. 1: done; 0: the JVM was interrupted, and trap_jvm() has to see to it.
int trap_here(struct regs *r) {
  struct thread *t = this_thread();
  if (r->vector == VECTOR_PAGE) {
    t->fault_address = cr2_read();
    if (!(t->fault_code = page_fault(t->fault_address, r->error))) return 1;
  }
  if ((r->vector == VECTOR_PAGE || r->vector == VECTOR_GP) && fix_up(r)) return 1;
  if ((i64)r->rsp >= 0) return 0;
  if (r->vector < VECTOR_TIMER) panic_regs(r, "trap %lu in the shim", r->vector);
  interrupt(r->vector);                  // of the idle loop
  return 1;
}
static void exception(struct regs *r) {
  struct thread *t = this_thread();
  static const u8 signals[32] = { [0] = SIGFPE, [1] = SIGTRAP, [3] = SIGTRAP, [4] = SIGSEGV, [6] = SIGILL, [VECTOR_GP] = SIGSEGV,
                                  [VECTOR_PAGE] = SIGSEGV, [16] = SIGFPE, [17] = SIGBUS, [19] = SIGFPE };
  u32 signal = signals[r->vector], code = r->vector == VECTOR_PAGE ? t->fault_code : r->vector == VECTOR_GP ? SI_KERNEL : 1;
  u64 address = r->vector == VECTOR_PAGE ? t->fault_address : r->vector == VECTOR_GP ? 0 : r->rip;
  if (trace) print("shim: trap %lu at %lx, address %lx, thread %u\n", r->vector, r->rip, address, t->id);
  if (!signal || !signal_fault(r, signal, code, address))
    panic_regs(r, "trap %lu of JVM thread %u (%s), address %lx", r->vector, t->id, t->name, address);
}
// The JVM was interrupted; on its thread's shim stack, so this may wait.
void trap_jvm(struct regs *r) {
  if (r->vector < VECTOR_TIMER) exception(r);
  else interrupt(r->vector);
  reschedule_if_asked();
}
// Ring 3 was interrupted; its registers are saved, and Java goes on after this.
void user_interrupt(u32 vector) {
  struct thread *t = this_thread();
  t->in_user = 1;
  interrupt(vector);
  if (vector == VECTOR_WAKE) this_cpu()->wake = 0;
  reschedule_if_asked();
  t->in_user = 0;
}
// #MC, NMI, and #DB in ring 0, with any GS and at any instruction. A stray NMI is no reason to stop.
void trap_paranoid(struct regs *r) {
  if (r->vector == VECTOR_MCE) panic_regs(r, "machine check");
  if (r->vector == VECTOR_NMI && panicking) panic_halt();
  if (r->vector == VECTOR_DEBUG) asm volatile("mov %0, %%db6" ::"r"(0ul));
  r->rflags &= ~(u64)RFLAGS_TF;
}
