// Scheduling of the JVM's threads: preemptive, a run queue per CPU, idle CPUs pull work from others.
//
// A thread's virtual time grows with the time it runs, slower the weightier its class; the least runs first.
// Java code goes before garbage collection; compilation gets Java's weight when a tick finds ring 3 busy, since all
// that is not yet compiled runs tens of times slower, and has little before: most of a boot runs once. None starves,
// not even while every carrier is in ring 3. A CPU's virtual time is the least of its threads'; a thread that comes to
// its queue is brought near to it. Two exceptions serve safepoints: the VM thread goes before all others, and
// while it waits for a safepoint, so do threads that were preempted in Java code.
//
// A queue's lock is held across the switch of stacks, so whoever takes a thread out of a queue knows that its
// stack is free, unless it was woken before it had left its CPU: then on_cpu is set, and it is not taken.
#include "lock.h"
#define SLICE MILLISECOND
#define CREDIT (3 * MILLISECOND)         // how far a thread may be ahead of its CPU, or behind
#define GRANULARITY (MILLISECOND / 4)    // less than this is no reason to preempt

static u32 weight[CLASSES] = { 32, 16, 8, 2 };
static volatile u32 safepoint_wanted;    // the VM thread is waiting for others to stop
static u32 rank(const struct thread *t) {
  return t->class == CLASS_URGENT ? 0 : safepoint_wanted && t->class == CLASS_JAVA && !t->in_user ? 1 : 2;
}
static int before(const struct thread *a, const struct thread *b, i64 by) {
  return rank(a) != rank(b) ? rank(a) < rank(b) : (i64)(b->virtual_time - a->virtual_time) > by;
}
static void charge(struct thread *t, u64 now) {
  t->virtual_time += (now - t->started) * 16 / weight[t->class]; t->started = now;
}
static void enqueue(struct cpu *c, struct thread *t) {
  i64 ahead = t->virtual_time - c->virtual_time;
  t->virtual_time = c->virtual_time + MAX(MIN(ahead, (i64)CREDIT), -(i64)CREDIT); t->cpu = c->index;
  t->next_ready = c->ready;
  c->ready = t;
  c->ready_count++;
}
static struct thread *take_best(struct cpu *c, u64 allowed_on) {
  struct thread **best = 0, *t;
  for (struct thread **p = &c->ready; (t = *p); p = &t->next_ready)
    if (t->affinity & allowed_on && (!t->on_cpu || t == this_thread()) && (!best || before(t, *best, 0))) best = p;
  if (!best) return 0;
  t = *best;
  *best = t->next_ready;
  c->ready_count--;
  return t;
}
// Takes a thread from another CPU that has at least `least` waiting, and never waits for its queue.
static struct thread *pull(struct cpu *c, u32 least) {
  struct thread *t = 0;
  for (struct cpu *from = cpus; from < cpus + cpu_count && !t; from++)
    if (from != c && from->ready_count >= least && lock_try(&from->queue_lock)) {
      t = take_best(from, 1ul << c->index);
      unlock(&from->queue_lock);
    }
  return t;
}
static void switch_to(struct cpu *c, struct thread *n) {
  struct thread *p = c->thread;
  n->on_cpu = 1; n->cpu = c->index;
  if (p != c->idle_thread) {             // a dead one, too: saving leaves the x87 registers empty
    fpu_save(p->fpu);
    p->fs_base = fs_base_read();
  }
  if (n != c->idle_thread) {
    fpu_restore(n->fpu);
    fs_base_write(n->fs_base);
  }
  c->previous = p; c->thread = n; c->stack = n->stack_top;
  switch_stack(&p->stack_pointer, n->stack_pointer);
  schedule_tail();
}
// The first thing a thread does on the CPU it was switched to.
void schedule_tail(void) {
  struct cpu *c = this_cpu();
  struct thread *p = c->previous;
  int dead = p->state == DEAD;           // asked now: once on_cpu is 0 it may run elsewhere, and die there
  __atomic_store_n(&p->on_cpu, 0, __ATOMIC_RELEASE);
  if (dead) p->state = FREE;
  unlock(&c->queue_lock);
}
// Runs the best thread; the caller has set its own state. Interrupts are off.
void schedule(void) {
  struct cpu *c = this_cpu();
  struct thread *p = c->thread, *n;
  lock(&c->queue_lock);
  u64 now = clock_ns();
  c->reschedule = 0;
  charge(p, now);
  if (p->state == RUNNING && p != c->idle_thread) {
    p->state = READY;
    enqueue(c, p);
  }
  if (!(n = take_best(c, ~0ul)) && !(n = pull(c, 1))) n = c->idle_thread;
  if (n != c->idle_thread) clock_arm(c, now + SLICE);
  n->started = now; n->state = RUNNING;
  if (n != p) switch_to(c, n);
  else unlock(&c->queue_lock);
}
void reschedule_if_asked(void) { if (this_cpu()->reschedule) schedule(); }

// ---- Waking ----
static struct cpu *choose_cpu(const struct thread *t) {
  struct cpu *last = &cpus[t->affinity >> t->cpu & 1 ? t->cpu : (u32)__builtin_ctzl(t->affinity)];
  if (last->idle && !last->ready_count) return last;
  for (struct cpu *c = cpus; c < cpus + cpu_count; c++)
    if (c->idle && !c->ready_count && t->affinity >> c->index & 1) return c;
  return last;
}
static void ask_reschedule(struct cpu *c) {
  c->reschedule = 1;
  if (c != this_cpu()) apic_send(c->index, VECTOR_WAKE);
}
// Makes a waiting thread ready; a thread that does not wait is left alone.
void wake(struct thread *t) {
  u32 waiting = WAITING;
  if (!__atomic_compare_exchange_n(&t->state, &waiting, READY, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return;
  struct cpu *c = choose_cpu(t);
  lock(&c->queue_lock);
  enqueue(c, t);
  int preempts = c->thread == c->idle_thread || before(t, c->thread, GRANULARITY);
  unlock(&c->queue_lock);
  if (preempts) ask_reschedule(c);
}
// The VM thread naps between looks at who has not stopped yet: those now go first.
void safepoint_want(int wanted) {
  safepoint_wanted = wanted;
  for (struct cpu *c = cpus; wanted && c < cpus + cpu_count; c++) if (c != this_cpu() && c->ready_count) ask_reschedule(c);
}

// ---- The tick and the idle loop ----
// Every millisecond while this CPU runs a thread, and when a sleeper's time has come.
void timer_interrupt(void) {
  struct cpu *c = this_cpu();
  struct thread *current = c->thread, *pulled;
  u64 now = clock_ns(), least;
  if (current->in_user) weight[CLASS_COMPILER] = weight[CLASS_JAVA];
  c->timer_deadline = NEVER;
  sleepers_wake(c, now);
  if (current == c->idle_thread) return;
  lock(&c->queue_lock);
  charge(current, now); least = current->virtual_time;
  if (!c->ready_count && (pulled = pull(c, 2))) enqueue(c, pulled);
  for (struct thread *t = c->ready; t; t = t->next_ready) {
    least = (i64)(t->virtual_time - least) < 0 ? t->virtual_time : least;
    c->reschedule |= before(t, current, 0);
  }
  c->virtual_time = (i64)(least - c->virtual_time) > 0 ? least : c->virtual_time;
  unlock(&c->queue_lock);
  clock_arm(c, now + SLICE);
}
void schedule_init_cpu(void) {           // what runs now becomes this CPU's idle thread
  struct cpu *c = this_cpu();
  struct thread *t = thread_create();
  t->state = RUNNING; t->on_cpu = 1; t->cpu = c->index;
  c->thread = c->idle_thread = t; c->stack = t->stack_top; c->timer_deadline = NEVER;
}
_Noreturn void idle_loop(void) {
  struct cpu *c = this_cpu();
  for (;;) {
    __atomic_store_n(&c->idle, 0, __ATOMIC_SEQ_CST);
    tlb_catch_up();
    schedule();
    __atomic_store_n(&c->idle, 1, __ATOMIC_SEQ_CST);
    if (!c->ready_count) asm volatile("sti; hlt; cli" ::: "memory");
  }
}
