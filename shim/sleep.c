// Waiting with a deadline: a list of sleepers per CPU, the earliest first. A sleeper takes itself out when
// it was woken otherwise, so that whoever wakes it needs no lock of this.
#include "lock.h"

// Waits; the caller set its state to WAITING. Ends at the deadline or by wake().
void sleep_until(u64 deadline) {
  struct thread *t = this_thread(), **p;
  struct cpu *c = this_cpu();
  if (deadline == NEVER) return schedule();
  lock(&c->sleep_lock);
  for (p = &c->sleepers; *p && (*p)->deadline <= deadline; p = &(*p)->next_sleeper) ;
  t->deadline = deadline; t->next_sleeper = *p; t->sleeping = 1;
  *p = t;
  unlock(&c->sleep_lock);
  clock_arm(c, deadline);
  schedule();
  lock(&c->sleep_lock);                  // of the CPU where it went to sleep
  for (p = &c->sleepers; t->sleeping && *p != t; p = &(*p)->next_sleeper) ;
  if (t->sleeping) *p = t->next_sleeper;
  t->sleeping = 0;
  unlock(&c->sleep_lock);
}
// The timer rang on this CPU.
void sleepers_wake(struct cpu *c, u64 now) {
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
