// Dropping translations on other CPUs. The asking CPU writes what to drop into its own struct cpu, sets
// its bit in `flush_from` of each CPU concerned, interrupts them and waits for all. Nobody waits for an
// idle CPU: it drops everything before it runs anything again.
#include "lock.h"

#define RANGE_LIMIT 64                   // more pages than this: drop all
enum { CR4_PGE = 1 << 7 };

void tlb_everything(void)                // global pages too: SDM 3, 5.10.4.1
{
  u64 cr4 = cr4_read();
  cr4_write(cr4 & ~(u64)CR4_PGE);
  cr4_write(cr4 | CR4_PGE);
}

// pages: a number; 0 = all of user space; EVERYTHING.
static void drop(u64 address, u64 pages, int in_user)
{
  struct cpu *c = this_cpu();
  int jvm = address >= JVM_START && address < JVM_END;
  if (pages == EVERYTHING || (jvm && pages > RANGE_LIMIT)) {
    tlb_everything();
  } else if (!pages && !in_user) {       // the process may be gone when this returns: leave its tables
    cr3_write(kernel_root);
    c->root = kernel_root;
  } else if (!pages || pages > RANGE_LIMIT) {
    cr3_write(c->root);
  } else {
    for (u64 i = 0; i < pages; i++)
      tlb_drop(address + i * PAGE);
  }
}

static void answer(int in_user)
{
  struct cpu *c = this_cpu();
  u64 from = __atomic_exchange_n(&c->flush_from, 0, __ATOMIC_ACQ_REL);
  for (; from; from &= from - 1) {
    struct cpu *asking = &cpus[__builtin_ctzl(from)];
    drop(asking->flush_start, asking->flush_pages, in_user);
    __atomic_fetch_sub(&asking->flush_waiting, 1, __ATOMIC_RELEASE);
  }
}

void tlb_answer(void) { answer(0); }

void tlb_interrupt(int in_user)
{
  apic_end_of_interrupt();
  answer(in_user);
}

// What this CPU was not told while idle.
void tlb_catch_up(void)
{
  if (!__atomic_exchange_n(&this_cpu()->flush_late, 0, __ATOMIC_SEQ_CST))
    return;
  drop(0, 0, 0);
  tlb_everything();
}

static void flush(u64 mask, u64 address, u64 pages)
{
  struct cpu *c = this_cpu();
  if (mask >> c->index & 1)
    drop(address, pages, 0);
  c->flush_start = address;
  c->flush_pages = pages;
  for (u32 i = 0; i < cpu_count; i++) {
    if (i == c->index || !(mask >> i & 1) || !cpus[i].online)
      continue;
    __atomic_store_n(&cpus[i].flush_late, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&cpus[i].idle, __ATOMIC_SEQ_CST))
      continue;
    __atomic_fetch_add(&c->flush_waiting, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_or(&cpus[i].flush_from, 1ul << c->index, __ATOMIC_SEQ_CST);
    apic_send(i, VECTOR_TLB);
  }
  while (c->flush_waiting) {
    if (c->flush_from)
      answer(0);
    cpu_relax();
  }
}

void tlb_flush_jvm(u64 address, u64 pages) { flush(~0ul, address, pages); }
void tlb_flush_body(u64 mask, u64 address, u64 pages) { flush(mask, address, pages); }

void user_root_leave_body(void) { drop(0, 0, 0); }
