// The JVM's threads: their table, their birth by clone3(2) and their end.
#include "lock.h"
#define BLOCK 16384                      // of each thread: FPU state at the bottom, its shim stack above

struct thread threads[MAX_THREADS];
static struct lock table_lock;
// A thread that is not runnable yet; 0 if the table is full. Blocks stay with their place in the table.
struct thread *thread_create(void) {
  static u32 last_id = 1, warned;       // 1 is the first thread's
  struct thread *t = threads;
  lock(&table_lock);
  while (t < threads + MAX_THREADS && t->state != FREE) t++;
  if (t == threads + MAX_THREADS) {
    unlock(&table_lock);
    if (!warned++) print("shim: the JVM wants more than %u threads\n", MAX_THREADS);
    return 0;
  }
  *t = (struct thread){ .state = NEW, .id = ++last_id, .fpu = t->fpu ? t->fpu : permanent(BLOCK), .affinity = ~0ul, .class = CLASS_JAVA };
  unlock(&table_lock);
  t->stack_top = (u64)t->fpu + BLOCK;
  memset(t->fpu, 0, F_XSAVE + features.xsave_size);
  *(u32 *)(t->fpu + F_XSAVE + 24) = MXCSR_DEFAULT;              // form 0: an XSAVE image, all else in its initial state
  return t;
}
// HotSpot names its threads, and by their names we know them.
void thread_name(struct thread *t, const char *name) {
  static const struct { const char *prefix; enum class class; } known[] = {
    { "VM Thread", CLASS_URGENT }, { "C1 Compiler", CLASS_COMPILER }, { "C2 Compiler", CLASS_COMPILER }, { "GC Thread", CLASS_COLLECTOR },
    { "ZWorker", CLASS_COLLECTOR }, { "ZDriver", CLASS_COLLECTOR }, { "ZUncommit", CLASS_COLLECTOR }, { "G1 ", CLASS_COLLECTOR },
  };
  format(t->name, sizeof t->name, "%s", name);
  t->class = CLASS_JAVA;
  for (u32 i = 0; i < COUNT(known); i++) if (starts_with(name, known[i].prefix)) t->class = known[i].class;
}
// Prepares the stack so that the first switch to the thread pops these registers.
void thread_start(struct thread *t, const struct regs *registers) {
  *thread_regs(t) = *registers;
  u64 *stack = (u64 *)thread_regs(t) - 7;                       // six registers for switch_stack, and where to go
  memset(stack, 0, 6 * 8);
  stack[6] = (u64)thread_begin;
  t->stack_pointer = (u64)stack; t->state = WAITING;
  wake(t);
}
// As pthread_create(3) calls it.
i64 sys_clone3(u64 arguments, u64 size) {
  enum { PTHREAD = 0x380100 };           // CLONE_VM, SETTLS, PARENT_SETTID, CHILD_CLEARTID
  struct { u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; } a;
  struct thread *t, *parent = this_thread();
  if (size < sizeof a || GET(a, arguments)) return -EINVAL;
  if ((a.flags & PTHREAD) != PTHREAD) return linux_report("clone3 with flags", a.flags, 0, 0, 0), -ENOSYS;
  if (!(t = thread_create())) return -EAGAIN;
  u32 id = t->id;
  struct regs r = *thread_regs(parent);
  r.rax = 0;
  r.rsp = a.stack + a.stack_size;
  r.rflags = RFLAGS_FIXED;
  t->fs_base = a.tls; t->clear_tid = a.child_tid;
  thread_name(t, parent->name);
  PUT(a.parent_tid, id);
  thread_start(t, &r);
  return id;
}
_Noreturn void thread_exit(void) {
  struct thread *t = this_thread();
  if (t->clear_tid && !PUT(t->clear_tid, (u32)0)) futex_wake(t->clear_tid, 1);
  t->state = DEAD;
  schedule();
  __builtin_unreachable();
}
