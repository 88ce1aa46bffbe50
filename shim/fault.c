// Page faults of the JVM, and of the shim on the JVM's memory. A page's content is made without the
// memory lock; the region is looked up again after that, for it may have changed meanwhile.
#include "lock.h"
enum { FAULT_WRITE = 2, FAULT_FETCH = 16 };
enum { SEGV_MAPERR = 1, SEGV_ACCERR = 2 };
static int allowed(const struct region *r, u64 error) {
  return error & FAULT_FETCH ? r->prot & PROT_EXEC : error & FAULT_WRITE ? r->prot & PROT_WRITE : r->prot != 0;
}
static _Noreturn void out_of_memory(void) {
  panic("the JVM's memory is used up: %lu MB; give it more with jvm=", jvm_pages >> 8);
}
// What belongs at an address of private memory: zeros, or what the boot archive holds there.
static u64 content(const struct region *r, u64 address) {
  u64 page = page_alloc(), offset = r->offset + (address - r->start);
  if (!page) out_of_memory();
  if (r->node && offset < r->node->size) memcpy(physical(page), r->node->data + offset, MIN(PAGE, r->node->size - offset));
  return page;
}
// The archive's own page, if it is a whole aligned one.
static u64 file_in_place(const struct node *node, u64 offset) {
  u64 at = (u64)node->data + offset - DIRECT_MAP;
  return !node->chunks && at % PAGE == 0 && offset + PAGE <= node->size ? at : 0;
}
// Pages made ready outside the lock for a fault; what it did not use goes back.
struct supply { u64 page, large; int no_large; };
enum outcome { DONE, WANT_PAGE, WANT_LARGE };
// A page that is there already: its protection grew, or a file's page in place is written to.
static enum outcome fault_present(const struct region *r, u64 address, u64 error, u64 *entry, struct supply *supply) {
  if (!(error & FAULT_WRITE) || *entry & PTE_OWNED || r->shared) {
    *entry = pte_protect(*entry, r);
    tlb_drop(address);
    return DONE;
  }
  if (!supply->page) return WANT_PAGE;
  *entry = supply->page | PTE_OWNED | prot_bits(r->prot);
  supply->page = 0;
  tlb_flush_jvm(address, 1);
  return DONE;
}
// The entry for a 2 MB page, if one fits: the region covers it, nothing of it is mapped yet, and, for
// private memory, at least a fourth of the JVM's memory is still free.
static u64 *large_entry(const struct region *r, u64 address) {
  u64 start = ROUND_DOWN(address, LARGE);
  int memfd = r->shared && (r->offset + start - r->start) % LARGE == 0;
  int private = !r->node && r->prot & PROT_WRITE && jvm_pages_free > jvm_pages / 4;
  if (!(memfd || private) || start < r->start || start + LARGE > r->end) return 0;
  u64 *entry = pte_create(start, LARGE);
  return entry && !*entry ? entry : 0;
}
static enum outcome fault_absent(const struct region *r, u64 address, u64 error, struct supply *supply) {
  u64 offset = r->offset + (address - r->start), bits = prot_bits(r->prot), page;
  u64 *large = supply->no_large ? 0 : large_entry(r, address), *entry = large ? large : pte_create(address, PAGE);
  if (!entry) out_of_memory();
  if (r->shared) {
    if (!(page = memfd_page(r->node, offset))) out_of_memory();
    *entry = (large ? ROUND_DOWN(page, LARGE) | PTE_LARGE : page) | bits;
  } else if (large) {
    if (!supply->large) return WANT_LARGE;
    *entry = supply->large | PTE_LARGE | PTE_OWNED | bits;
    supply->large = 0;
  } else if (r->node && !(error & FAULT_WRITE) && (page = file_in_place(r->node, offset))) {
    *entry = page | prot_bits(r->prot & ~PROT_WRITE);
  } else {
    if (!supply->page) return WANT_PAGE;
    *entry = supply->page | PTE_OWNED | bits;
    supply->page = 0;
  }
  return DONE;
}
int page_fault(u64 address, u64 error) {
  if (address < JVM_START || address >= JVM_END) return SEGV_MAPERR;
  address = ROUND_DOWN(address, PAGE);
  struct supply supply = { 0 };
  struct region copy = { 0 };
  enum outcome outcome;
  int code;
  do {
    u64 at, size, *entry;
    outcome = DONE;
    lock(&memory_lock);
    const struct region *r = region_at(address);
    code = !r ? SEGV_MAPERR : !allowed(r, error) ? SEGV_ACCERR : 0;
    if (!code) {
      if (supply.page && (r->node != copy.node || r->offset - r->start != copy.offset - copy.start)) {
        page_free(supply.page);          // made for what was mapped here before
        supply.page = 0;
      }
      entry = pte_find(address, address + PAGE, &at, &size);
      outcome = entry ? fault_present(r, address, error, entry, &supply) : fault_absent(r, address, error, &supply);
      copy = *r;
    }
    unlock(&memory_lock);
    if (outcome == WANT_LARGE && !(supply.large = large_alloc())) supply.no_large = 1;
    if (outcome == WANT_PAGE) supply.page = content(&copy, address);
  } while (outcome != DONE);
  if (supply.page) page_free(supply.page);
  if (supply.large) large_free(supply.large);
  return code;
}
