// The JVM's threads: their table, their birth by clone(2) and their end.
#include "lock.h"

#define STACK_BLOCK 16384                // FPU state at the bottom, stack above it

struct thread threads[MAX_THREADS];
static struct lock table_lock;
static u32 next_id = 2;
enum { CLONE_VM = 0x100, CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000,
       CLONE_CHILD_SETTID = 0x1000000 };

static void fpu_reset(u8 *area)
{
  memset(area, 0, F_XSAVE + features.xsave_size);
  *(u32 *)(area + F_FORM) = 1;
  *(u16 *)(area + F_X87) = FCW_DEFAULT;
  *(u16 *)(area + F_X87 + 8) = 0xffff;
  *(u32 *)(area + F_MXCSR) = MXCSR_DEFAULT;
}

// A thread that is not runnable yet; 0 if the table is full.
struct thread *thread_create(void)
{
  static u32 warned;
  struct thread *t = 0;
  lock(&table_lock);
  for (u32 i = 0; i < MAX_THREADS && !t; i++)
    if (threads[i].state == FREE)
      t = &threads[i];
  if (t) {
    u64 top = t->stack_top;
    u8 *fpu = t->fpu;
    memset(t, 0, sizeof *t);
    t->state = NEW;
    t->id = next_id++;
    t->stack_top = top;
    t->fpu = fpu;
  }
  unlock(&table_lock);
  if (!t) {
    if (!warned++)
      print("shim: the JVM wants more than %u threads\n", MAX_THREADS);
    return 0;
  }
  if (!t->fpu) {
    t->fpu = permanent(STACK_BLOCK);
    t->stack_top = (u64)t->fpu + STACK_BLOCK;
  }
  t->affinity = ~0ul;
  t->class = CLASS_JAVA;
  fpu_reset(t->fpu);
  return t;
}

struct thread *thread_find(u32 id)
{
  for (u32 i = 0; i < MAX_THREADS; i++)
    if (threads[i].id == id && threads[i].state != FREE && threads[i].state != DEAD)
      return &threads[i];
  return 0;
}

// HotSpot names its threads, and by their names we know them.
void thread_name(struct thread *t, const char *name)
{
  static const struct { const char *prefix; enum class class; } known[] = {
    { "VM Thread", CLASS_URGENT }, { "C1 Compiler", CLASS_COMPILER }, { "C2 Compiler", CLASS_COMPILER },
    { "GC Thread", CLASS_COLLECTOR }, { "ZWorker", CLASS_COLLECTOR }, { "ZDriver", CLASS_COLLECTOR },
    { "ZUncommit", CLASS_COLLECTOR }, { "G1 ", CLASS_COLLECTOR },
  };
  memset(t->name, 0, sizeof t->name);
  memcpy(t->name, name, MIN(strlen(name), sizeof t->name - 1));
  t->class = CLASS_JAVA;
  for (u32 i = 0; i < COUNT(known); i++)
    if (starts_with(name, known[i].prefix))
      t->class = known[i].class;
}

// Prepares the stack so that the first switch to the thread pops these registers.
void thread_start(struct thread *t, const struct regs *registers)
{
  *thread_regs(t) = *registers;
  u64 *stack = (u64 *)thread_regs(t);
  *--stack = (u64)thread_begin;
  for (int i = 0; i < 6; i++)            // what switch_stack pops
    *--stack = 0;
  t->stack_pointer = (u64)stack;
  t->state = WAITING;
  wake(t);
}

void thread_first(u64 entry, u64 stack)
{
  struct thread *t = thread_create();
  struct regs r = { .rip = entry, .rsp = stack, .cs = KERNEL_CODE, .ss = KERNEL_DATA, .rflags = RFLAGS_FIXED };
  t->id = 1;
  thread_name(t, "java");
  thread_start(t, &r);
}

i64 sys_clone(u64 flags, u64 stack, u64 parent_tid, u64 child_tid, u64 tls)
{
  struct thread *t, *parent = this_thread();
  if (!(flags & CLONE_VM)) {
    linux_report("clone without CLONE_VM", flags, stack, 0, 0);
    return -ENOSYS;
  }
  if (!(t = thread_create()))
    return -EAGAIN;
  struct regs r = *thread_regs(parent);
  r.rax = 0;
  r.rsp = stack ? stack : r.rsp;
  r.rflags = RFLAGS_FIXED;
  t->fs_base = flags & CLONE_SETTLS ? tls : fs_base_read();
  t->blocked = parent->blocked;
  thread_name(t, parent->name);
  fpu_save(t->fpu);
  fpu_restore(t->fpu);
  u32 id = t->id;
  if ((flags & CLONE_PARENT_SETTID && PUT(parent_tid, id)) || (flags & CLONE_CHILD_SETTID && PUT(child_tid, id))) {
    t->state = FREE;
    return -EFAULT;
  }
  t->clear_tid = flags & CLONE_CHILD_CLEARTID ? child_tid : 0;
  thread_start(t, &r);
  return id;
}

_Noreturn void thread_exit(void)
{
  struct thread *t = this_thread();
  if (t->clear_tid && !PUT(t->clear_tid, (u32)0))
    futex_wake(t->clear_tid, 1, ~0u);
  t->state = DEAD;
  schedule();
  panic("a thread that has ended runs");
}
