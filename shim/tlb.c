// Dropping translations on other CPUs. The asking CPU writes what to drop into its own struct cpu, sets
// its bit in `flush_from` of each CPU concerned, interrupts them and waits for all. Nobody waits for an
// idle CPU: it drops everything before it runs anything again.
#include "lock.h"
enum { RANGE_LIMIT = 64, CR4_PGE = 1 << 7 };                    // more pages than this: drop all

void tlb_everything(void) {              // global pages too: SDM 3, 5.10.4.1
  u64 cr4 = cr4_read();
  cr4_write(cr4 & ~(u64)CR4_PGE); cr4_write(cr4 | CR4_PGE);
}
// pages: a number; 0 = all of user space; EVERYTHING.
static void drop(u64 address, u64 pages, int in_user) {
  struct cpu *c = this_cpu();
  int jvm = address >= JVM_START && address < JVM_END;
  if (pages == EVERYTHING || (jvm && pages > RANGE_LIMIT)) {
    tlb_everything();
  } else if (!pages || pages > RANGE_LIMIT) {
    if (!pages && !in_user) c->root = kernel_root;  // the process may be gone when this returns: leave its tables
    cr3_write(c->root);
  } else {
    for (u64 i = 0; i < pages; i++) tlb_drop(address + i * PAGE);
  }
}
static void answer(int in_user) {
  struct cpu *c = this_cpu();
  for (u64 from = __atomic_exchange_n(&c->flush_from, 0, __ATOMIC_ACQ_REL); from; from &= from - 1) {
    struct cpu *asking = &cpus[__builtin_ctzl(from)];
    drop(asking->flush_start, asking->flush_pages, in_user);
    __atomic_fetch_sub(&asking->flush_waiting, 1, __ATOMIC_RELEASE);
  }
}
void tlb_answer(void) { answer(0); }

void tlb_interrupt(int in_user) {
  apic_end_of_interrupt();
  answer(in_user);
}
void tlb_catch_up(void) {                // what this CPU was not told while idle
  if (__atomic_exchange_n(&this_cpu()->flush_late, 0, __ATOMIC_SEQ_CST)) {
    drop(0, 0, 0);
    tlb_everything();
  }
}
void tlb_flush_body(u64 mask, u64 address, u64 pages) {
  struct cpu *me = this_cpu();
  me->flush_start = address; me->flush_pages = pages;
  for (struct cpu *c = cpus; c < cpus + cpu_count; c++) {
    if (c == me || !(mask >> c->index & 1)) continue;
    __atomic_store_n(&c->flush_late, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&c->idle, __ATOMIC_SEQ_CST)) continue;
    __atomic_fetch_add(&me->flush_waiting, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_or(&c->flush_from, 1ul << me->index, __ATOMIC_SEQ_CST);
    apic_send(c->index, VECTOR_TLB);
  }
  if (mask >> me->index & 1) drop(address, pages, 0);
  while (me->flush_waiting) {
    answer(0);
    cpu_relax();
  }
}
void tlb_flush_jvm(u64 address, u64 pages) { tlb_flush_body(~0ul, address, pages); }
void user_root_leave_body(void) { drop(0, 0, 0); }
