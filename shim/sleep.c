// Waiting with a deadline: a list of sleepers per CPU, the earliest first. A sleeper takes itself out when
// it was woken otherwise, so that whoever wakes it needs no lock of this.
#include "lock.h"

void sleep_add(struct thread *t, u64 deadline)
{
  struct cpu *c = this_cpu();
  lock(&c->sleep_lock);
  struct thread **p = &c->sleepers;
  while (*p && (*p)->deadline <= deadline)
    p = &(*p)->next_sleeper;
  t->deadline = deadline;
  t->next_sleeper = *p;
  t->sleep_cpu = c->index;
  t->sleeping = 1;
  *p = t;
  unlock(&c->sleep_lock);
  clock_arm(c, deadline);
}

void sleep_remove(struct thread *t)
{
  struct cpu *c = &cpus[t->sleep_cpu];
  lock(&c->sleep_lock);
  if (t->sleeping) {
    struct thread **p = &c->sleepers;
    while (*p != t)
      p = &(*p)->next_sleeper;
    *p = t->next_sleeper;
    t->sleeping = 0;
  }
  unlock(&c->sleep_lock);
}

// The timer rang on this CPU.
void sleepers_wake(struct cpu *c, u64 now)
{
  lock(&c->sleep_lock);
  while (c->sleepers && c->sleepers->deadline <= now) {
    struct thread *t = c->sleepers;
    c->sleepers = t->next_sleeper;
    t->sleeping = 0;
    wake(t);                             // under the lock: the thread cannot be in its next wait yet
  }
  u64 next = c->sleepers ? c->sleepers->deadline : NEVER;
  unlock(&c->sleep_lock);
  clock_arm(c, next);
}

// Waits; the caller set its state to WAITING. Ends at the deadline or by wake().
void sleep_until(u64 deadline)
{
  struct thread *t = this_thread();
  if (deadline != NEVER)
    sleep_add(t, deadline);
  schedule();
  if (deadline != NEVER)
    sleep_remove(t);
}
