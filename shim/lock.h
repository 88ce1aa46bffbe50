// Spin locks. Interrupts are off while one is held or awaited, so a waiter must itself answer the
// TLB requests of other CPUs: the holder may be waiting for just that.
// Order: futex bucket, then sleepers of a CPU, then run queue of a CPU; file, then memory, then frame.
#pragma once
#include "instructions.h"

static inline int lock_try(struct lock *l) { return !__atomic_exchange_n(&l->held, 1, __ATOMIC_ACQUIRE); }
static inline void unlock(struct lock *l) { __atomic_store_n(&l->held, 0, __ATOMIC_RELEASE); }
// The value of an expression, worked out under a lock.
#define LOCKED(l, value) ({ lock(l); typeof(value) v_ = (value); unlock(l); v_; })

static inline void lock(struct lock *l) {
  while (!lock_try(l))
    while (l->held) {
      if (this_cpu()->flush_from) tlb_answer();
      cpu_relax();
    }
}
