// The JVM's threads: their table, their birth by clone(2) and their end.
#include "lock.h"
#define BLOCK 16384                      // of each thread: FPU state at the bottom, its shim stack above

struct thread threads[MAX_THREADS];
static struct lock table_lock;
enum { CLONE_VM = 0x100, CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000 };
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
struct thread *thread_find(u32 id) {
  for (struct thread *t = threads; t < threads + MAX_THREADS; t++)
    if (t->id == id && t->state != FREE && t->state != DEAD) return t;
  return 0;
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
i64 sys_clone(u64 flags, u64 stack, u64 parent_tid, u64 child_tid, u64 tls) {
  struct thread *t, *parent = this_thread();
  if (!(flags & CLONE_VM)) return linux_report("clone without CLONE_VM", flags, stack, 0, 0), -ENOSYS;
  if (!(t = thread_create())) return -EAGAIN;
  u32 id = t->id;
  if (flags & CLONE_PARENT_SETTID && PUT(parent_tid, id)) {
    t->state = FREE;
    return -EFAULT;
  }
  struct regs r = *thread_regs(parent);
  r.rax = 0;
  r.rsp = stack ? stack : r.rsp;
  r.rflags = RFLAGS_FIXED;
  t->fs_base = flags & CLONE_SETTLS ? tls : fs_base_read();
  t->blocked = parent->blocked;
  t->clear_tid = flags & CLONE_CHILD_CLEARTID ? child_tid : 0;
  thread_name(t, parent->name);
  fpu_save(t->fpu);
  fpu_restore(t->fpu);
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
