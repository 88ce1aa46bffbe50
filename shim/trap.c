// What traps and interrupts mean; entry.S calls these. See there for the stacks they run on.
#include "instructions.h"

extern u64 fixups_start[], fixups_end[];
enum { SIGILL = 4, SIGTRAP = 5, SIGBUS = 7, SIGFPE = 8, SIGSEGV = 11 };
enum { SI_KERNEL = 0x80, FPE_INTDIV = 1, FPE_FLTINV = 7, ILL_ILLOPN = 2, TRAP_BRKPT = 1, BUS_ADRALN = 1 };
enum { RFLAGS_TF = 0x100 };

static void interrupt(u32 vector)
{
  if (vector >= VECTOR_LINE)
    line_interrupt(vector);
  apic_end_of_interrupt();
  if (vector == VECTOR_TIMER)
    timer_interrupt();
}

static int fix_up(struct regs *r)
{
  for (u64 *f = fixups_start; f < fixups_end; f += 2)
    if (f[0] == r->rip) {
      r->rip = f[1];
      return 1;
    }
  return 0;
}

static int in_shim(const struct regs *r) { return (i64)r->rsp < 0; }

// On the interrupt stack. 1: done; 0: the JVM was interrupted, and trap_jvm() has to see to it.
int trap_here(struct regs *r)
{
  if (r->vector == VECTOR_PAGE) {
    struct thread *t = this_thread();
    t->fault_address = cr2_read();
    t->fault_code = page_fault(t->fault_address, r->error);
    if (!t->fault_code)
      return 1;
  }
  if ((r->vector == VECTOR_PAGE || r->vector == VECTOR_GP) && fix_up(r))
    return 1;
  if (!in_shim(r))
    return 0;
  if (r->vector < VECTOR_TIMER)
    panic_regs(r, "trap %lu in the shim, error %lx, cr2 %lx", r->vector, r->error, cr2_read());
  interrupt(r->vector);                  // of the idle loop
  return 1;
}

static void exception(struct regs *r)
{
  struct thread *t = this_thread();
  static const struct { u8 signal, code; } signals[32] = {
    [0] = { SIGFPE, FPE_INTDIV }, [1] = { SIGTRAP, TRAP_BRKPT }, [3] = { SIGTRAP, SI_KERNEL }, [4] = { SIGSEGV, SI_KERNEL },
    [6] = { SIGILL, ILL_ILLOPN }, [VECTOR_GP] = { SIGSEGV, SI_KERNEL }, [16] = { SIGFPE, FPE_FLTINV },
    [17] = { SIGBUS, BUS_ADRALN }, [19] = { SIGFPE, FPE_FLTINV },
  };
  u32 signal = signals[r->vector].signal, code = signals[r->vector].code;
  u64 address = r->vector == VECTOR_GP ? 0 : r->rip;
  if (r->vector == VECTOR_PAGE) {
    signal = SIGSEGV;
    code = t->fault_code;
    address = t->fault_address;
  }
  if (trace)
    print("shim: trap %lu at %lx, address %lx, thread %u (%s)\n", r->vector, r->rip, address, t->id, t->name);
  if (!signal || !signal_fault(r, signal, code, address))
    panic_regs(r, "trap %lu of JVM thread %u (%s), error %lx, address %lx", r->vector, t->id, t->name, r->error, address);
}

// The JVM was interrupted; on its thread's shim stack, so this may wait.
void trap_jvm(struct regs *r)
{
  if (r->vector >= VECTOR_TIMER) {
    interrupt(r->vector);
    reschedule_if_asked();
  } else {
    exception(r);
  }
  signal_deliver_pending(r);
}

// Ring 3 was interrupted; its registers are saved, and Java goes on after this.
void user_interrupt(u32 vector)
{
  struct thread *t = this_thread();
  interrupt(vector);
  if (vector == VECTOR_WAKE)
    this_cpu()->wake = 0;
  t->in_user = 1;
  reschedule_if_asked();
  t->in_user = 0;
}

// #MC, NMI, and #DB in ring 0, with any GS and at any instruction.
void trap_paranoid(struct regs *r)
{
  if (r->vector == VECTOR_NMI) {
    if (panicking)
      panic_halt();
    return;                              // nobody sends others; a spurious one is no reason to stop
  }
  if (r->vector == VECTOR_MCE)
    panic_regs(r, "machine check");
  r->rflags &= ~(u64)RFLAGS_TF;
  asm volatile("mov %0, %%db6" ::"r"(0ul));
}
