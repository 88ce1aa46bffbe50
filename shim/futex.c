// futex(2): waiting on a word of memory. Waiters hang in buckets by address; a bucket's lock makes the
// comparison and the wait one step.
#include "lock.h"
enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_WAIT_BITSET = 9, FUTEX_PRIVATE = 128, FUTEX_CLOCK_REALTIME = 256 };
static struct bucket { struct lock lock; struct thread *first; } buckets[256];
static struct bucket *bucket_of(u64 address) { return &buckets[(address >> 2 ^ address >> 10 ^ address >> 18) % COUNT(buckets)]; }
static void take_out(struct bucket *b, struct thread *t) {
  struct thread **p = &b->first;
  while (*p != t) p = &(*p)->next_waiter;
  *p = t->next_waiter;
  t->futex_queued = 0;
}
u32 futex_wake(u64 address, u32 count) {
  struct bucket *b = bucket_of(address);
  u32 woken = 0;
  lock(&b->lock);
  for (struct thread *t = b->first, *next; t && woken < count; t = next) {
    next = t->next_waiter;
    if (t->futex == address) {
      take_out(b, t);
      wake(t);
      woken++;
    }
  }
  unlock(&b->lock);
  return woken;
}
static i64 futex_wait(u64 address, u32 value, u64 deadline) {
  struct bucket *b = bucket_of(address);
  struct thread *t = this_thread(), **end = &b->first;
  u32 word;
  lock(&b->lock);
  i64 error = GET(word, address) ?: word != value ? -EAGAIN : 0;
  if (!error) {
    t->futex = address; t->futex_queued = 1; t->next_waiter = 0;
    while (*end) end = &(*end)->next_waiter;  // first come, first woken
    *end = t;
    __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
  }
  unlock(&b->lock);
  if (error) return error;
  sleep_until(deadline);
  lock(&b->lock);
  int queued = t->futex_queued;
  if (queued) take_out(b, t);
  unlock(&b->lock);
  return queued && clock_ns() >= deadline ? -ETIMEDOUT : 0;     // or woken for nothing: who waits looks again (futex(2))
}
i64 sys_futex(u64 address, u32 operation, u32 value, u64 timeout) {
  u64 deadline = NEVER;
  i64 error = 0;
  switch (operation & ~(FUTEX_CLOCK_REALTIME | FUTEX_PRIVATE)) {
  case FUTEX_WAIT_BITSET:                // all bits; until a time of the clock, not for as long
    if (timeout) error = get_time(timeout, &deadline);
    return error ?: deadline <= clock_ns() ? -ETIMEDOUT : futex_wait(address, value, deadline);
  case FUTEX_WAIT:
    if (timeout) break;                  // for a while: nobody does
    return futex_wait(address, value, NEVER);
  case FUTEX_WAKE: return futex_wake(address, value);
  }
  linux_report("futex operation", operation, address, value, timeout);
  return -ENOSYS;
}
