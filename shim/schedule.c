// Scheduling of the JVM's threads: preemptive, a run queue per CPU, idle CPUs pull work from others.
//
// A thread's virtual time grows with the time it runs, slower the weightier its class; the least runs
// first. So Java code goes before garbage collection before compilation, and none of them starves, not
// even while every carrier is busy in ring 3. Two exceptions serve safepoints: the VM thread goes before
// all others, and while it waits for a safepoint, so do threads that were preempted in Java code.
//
// A queue's lock is held across the switch of stacks, so whoever takes a thread out of a queue knows that
// its stack is free, unless it was woken before it had left its CPU: then on_cpu is set, and it is not
// taken until that CPU has left it.
#include "lock.h"

#define SLICE MILLISECOND
#define WAKE_CREDIT (3 * MILLISECOND)    // how far a thread that waited may be ahead
#define WAKE_GRANULARITY (MILLISECOND / 4)

static const u32 weight[CLASSES] = { 32, 16, 8, 4 };
volatile u32 safepoint_wanted;           // the VM thread is waiting for others to stop
u64 statistics[STAT_COUNT];

static u64 virtual_delta(const struct thread *t, u64 ns) { return ns * 16 / weight[t->class]; }

static u32 rank(const struct thread *t)
{
  if (t->class == CLASS_URGENT)
    return 0;
  return safepoint_wanted && t->class == CLASS_JAVA && !t->in_user ? 1 : 2;
}

static int before(const struct thread *a, const struct thread *b)
{
  return rank(a) != rank(b) ? rank(a) < rank(b) : (i64)(a->virtual_time - b->virtual_time) < 0;
}

static void charge(struct thread *t, u64 now)
{
  t->virtual_time += virtual_delta(t, now - t->started);
  t->started = now;
}

static void enqueue(struct cpu *c, struct thread *t, u64 now)
{
  t->cpu = c->index;
  t->ready_since = now;
  t->next_ready = c->ready;
  c->ready = t;
  c->ready_count++;
}

static struct thread *take_best(struct cpu *c, u64 allowed_on)
{
  struct thread **best = 0;
  for (struct thread **p = &c->ready; *p; p = &(*p)->next_ready)
    if ((*p)->affinity & allowed_on && (!(*p)->on_cpu || *p == this_thread()) && (!best || before(*p, *best)))
      best = p;
  if (!best)
    return 0;
  struct thread *t = *best;
  *best = t->next_ready;
  c->ready_count--;
  return t;
}

// Takes a thread from the longest queue of another CPU, if that one has at least `least` waiting.
static struct thread *pull(struct cpu *c, u32 least)
{
  struct cpu *from = 0;
  for (u32 i = 0; i < cpu_count; i++)
    if (&cpus[i] != c && cpus[i].ready_count >= least && (!from || cpus[i].ready_count > from->ready_count))
      from = &cpus[i];
  if (!from || !lock_try(&from->queue_lock))
    return 0;                            // never waits for a second queue
  struct thread *t = take_best(from, 1ul << c->index);
  unlock(&from->queue_lock);
  if (t)
    t->virtual_time += c->virtual_time - from->virtual_time;
  return t;
}

static void record_wait(struct thread *t, u64 now)
{
  u64 ns = now - t->ready_since, us = ns / 1000;
  u32 bucket = us ? 64 - __builtin_clzl(us) : 0;                // bucket n: below 2^n microseconds
  count(STAT_WAITS + MIN(bucket, STAT_WAIT_BUCKETS - 1u));
  if (ns > statistics[STAT_MAX_WAIT_NS])
    statistics[STAT_MAX_WAIT_NS] = ns;
}

// Runs the best thread; the caller has set its own state. Interrupts are off.
void schedule(void)
{
  struct cpu *c = this_cpu();
  struct thread *p = c->thread, *n;
  u64 now = clock_ns();
  lock(&c->queue_lock);
  c->reschedule = 0;
  charge(p, now);
  if (p->state == RUNNING && p != c->idle_thread) {
    p->state = READY;
    enqueue(c, p, now);
  }
  if (!(n = take_best(c, ~0ul)) && !(n = pull(c, 1)))
    n = c->idle_thread;
  if (n != c->idle_thread) {
    record_wait(n, now);
    if ((i64)(n->virtual_time - c->virtual_time) > 0)
      c->virtual_time = n->virtual_time;
    clock_arm(c, now + SLICE);
  }
  n->started = now;
  if (n == p) {
    n->state = RUNNING;
    unlock(&c->queue_lock);
    return;
  }
  n->state = RUNNING;
  n->on_cpu = 1;
  n->cpu = c->index;
  count(STAT_SWITCHES);
  if (p != c->idle_thread && p->state != DEAD) {
    fpu_save(p->fpu);
    p->fs_base = fs_base_read();
  }
  if (n != c->idle_thread) {
    fpu_restore(n->fpu);
    fs_base_write(n->fs_base);
  }
  c->previous = p;
  c->thread = n;
  c->stack = n->stack_top;
  switch_stack(&p->stack_pointer, n->stack_pointer);
  schedule_tail();
}

// The first thing a thread does on the CPU it was switched to.
void schedule_tail(void)
{
  struct cpu *c = this_cpu();
  struct thread *p = c->previous;
  __atomic_store_n(&p->on_cpu, 0, __ATOMIC_RELEASE);
  if (p->state == DEAD)
    p->state = FREE;
  unlock(&c->queue_lock);
}

void reschedule_if_asked(void)
{
  if (this_cpu()->reschedule)
    schedule();
}

// ---- Waking ----

static struct cpu *choose_cpu(const struct thread *t)
{
  struct cpu *last = &cpus[t->cpu];
  int may_last = t->affinity >> t->cpu & 1;
  if (may_last && last->idle && !last->ready_count)
    return last;
  for (u32 i = 0; i < cpu_count; i++)
    if (cpus[i].idle && !cpus[i].ready_count && t->affinity >> i & 1)
      return &cpus[i];
  return may_last ? last : &cpus[__builtin_ctzl(t->affinity)];
}

static void ask_reschedule(struct cpu *c)
{
  c->reschedule = 1;
  if (c != this_cpu())
    apic_send(c->index, VECTOR_WAKE);
}

// Makes a waiting thread ready; a thread that does not wait is left alone.
void wake(struct thread *t)
{
  u32 waiting = WAITING;
  if (!__atomic_compare_exchange_n(&t->state, &waiting, READY, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    return;
  u64 now = clock_ns();
  struct cpu *c = choose_cpu(t);
  t->virtual_time += c->virtual_time - cpus[t->cpu].virtual_time;
  if ((i64)(c->virtual_time - WAKE_CREDIT - t->virtual_time) > 0)
    t->virtual_time = c->virtual_time - WAKE_CREDIT;
  lock(&c->queue_lock);
  enqueue(c, t, now);
  struct thread *running = c->thread;
  u64 ran = running == c->idle_thread ? 0 : now - running->started;
  int preempts = running == c->idle_thread || rank(t) < rank(running) ||
                 (rank(t) == rank(running) && (i64)(running->virtual_time + virtual_delta(running, ran) - t->virtual_time) > (i64)WAKE_GRANULARITY);
  unlock(&c->queue_lock);
  if (preempts)
    ask_reschedule(c);
}

// The VM thread naps between looks at who has not stopped yet: those now go first.
void safepoint_want(void)
{
  safepoint_wanted = 1;
  for (u32 i = 0; i < cpu_count; i++)
    if (&cpus[i] != this_cpu() && cpus[i].ready_count)
      ask_reschedule(&cpus[i]);
}

// ---- The tick and the idle loop ----

// Every millisecond while this CPU runs a thread, and when a sleeper's time has come.
void timer_interrupt(void)
{
  struct cpu *c = this_cpu();
  u64 now = clock_ns();
  count(STAT_TICKS);
  c->timer_deadline = NEVER;
  sleepers_wake(c, now);
  if (c->thread == c->idle_thread)
    return;
  struct thread *pulled = 0;
  lock(&c->queue_lock);
  charge(c->thread, now);
  if (!c->ready_count && (pulled = pull(c, 2)))
    enqueue(c, pulled, pulled->ready_since);
  u64 least = c->thread->virtual_time;
  for (struct thread *t = c->ready; t; t = t->next_ready) {
    least = (i64)(t->virtual_time - least) < 0 ? t->virtual_time : least;
    c->reschedule |= before(t, c->thread);
  }
  if ((i64)(least - c->virtual_time) > 0)
    c->virtual_time = least;
  unlock(&c->queue_lock);
  clock_arm(c, now + SLICE);
}

void schedule_init_cpu(void)             // what runs now becomes this CPU's idle thread
{
  struct cpu *c = this_cpu();
  struct thread *t = thread_create();
  format(t->name, sizeof t->name, "idle %u", c->index);
  t->state = RUNNING;
  t->on_cpu = 1;
  t->cpu = c->index;
  t->affinity = 1ul << c->index;
  c->thread = c->idle_thread = t;
  c->stack = t->stack_top;
  c->timer_deadline = NEVER;
  c->tsc_base = tsc_base;
  c->tsc_mult = tsc_mult;
  c->wall = wall_base;
}

_Noreturn void idle_loop(void)
{
  struct cpu *c = this_cpu();
  for (;;) {
    __atomic_store_n(&c->idle, 0, __ATOMIC_SEQ_CST);
    tlb_catch_up();
    schedule();
    __atomic_store_n(&c->idle, 1, __ATOMIC_SEQ_CST);
    if (!c->ready_count)
      asm volatile("sti; hlt; cli" ::: "memory");
  }
}
