// The JVM's address space: mmap(2) and its relatives. Regions lie in an array sorted by address, so a
// reservation of a terabyte costs one entry; pages come on the first touch (fault.c).
#include "lock.h"
#define MAX_REGIONS 16384

struct lock memory_lock;                 // regions and page tables
static struct region *regions;
static u32 region_count;
void map_init(void) { regions = permanent(MAX_REGIONS * sizeof *regions); }

u64 prot_bits(u32 prot) {
  return (prot ? PTE_PRESENT : 0) | (prot & PROT_WRITE ? PTE_WRITE : 0) | (prot & PROT_EXEC ? 0 : PTE_NX) |
         PTE_POPULATED | PTE_ACCESSED_DIRTY | PTE_GLOBAL;
}

// ---- The array ----
static u32 first_ending_after(u64 address) {
  u32 low = 0, high = region_count;
  while (low < high) {
    u32 middle = (low + high) / 2;
    if (regions[middle].end > address) high = middle;
    else low = middle + 1;
  }
  return low;
}
struct region *region_at(u64 address) {
  u32 i = first_ending_after(address);
  return i < region_count && regions[i].start <= address ? &regions[i] : 0;
}
// Puts `r` in the place of `n` regions from index i on; n may be 0.
static void replace(u32 i, u32 n, struct region r) {
  memmove(regions + i + 1, regions + i + n, (region_count - i - n) * sizeof r);
  regions[i] = r;
  region_count += 1 - n;
}
static void cut(u64 address) {           // makes `address` a border
  struct region *r = region_at(address);
  if (!r || r->start == address) return;
  struct region rest = *r;
  rest.offset += address - r->start; rest.start = r->end = address;
  replace(r - regions + 1, 0, rest);
}
static void merge(u64 start, u64 end) {  // takes needless borders away
  for (u32 i = first_ending_after(start - 1); i + 1 < region_count && regions[i].start <= end;) {
    struct region *a = &regions[i], *b = a + 1, both = *a;
    both.end = b->end;
    if (a->end == b->start && a->prot == b->prot && a->shared == b->shared && a->node == b->node &&
        (!a->node || a->offset + (a->end - a->start) == b->offset))
      replace(i, 2, both);
    else i++;
  }
}

// ---- Pages of a range ----
// Frees the gathered pages once no CPU has a translation to them.
static void release(u64 address, u64 pages) {
  struct cpu *c = this_cpu();
  tlb_flush_jvm(address, pages);
  for (; c->gathered_count; c->gathered_count--) {
    u64 page = c->gathered[c->gathered_count - 1];
    page & 1 ? large_free(page & ~1ul) : page_free(page);
  }
}
// 2 MB pages that the borders would cut become small ones.
static i64 split_pages(u64 start, u64 end) {
  u64 at, size, *entry, border[2] = { start, end };
  for (int i = 0; i < 2; i++)
    if ((entry = pte_find(border[i], border[i] + 1, &at, &size)) && size == LARGE && at != border[i] && pte_split(entry))
      return -ENOMEM;
  return 0;
}
static i64 drop_pages(u64 start, u64 end) {
  struct cpu *c = this_cpu();
  u64 at, size, *entry, dropped = 0;
  if (split_pages(start, end)) return -ENOMEM;
  for (u64 a = start; (entry = pte_find(a, end, &at, &size)); a = at + size, dropped++) {
    if (*entry & PTE_OWNED) c->gathered[c->gathered_count++] = (*entry & PTE_ADDRESS) | (size == LARGE);
    *entry = 0;
    if (c->gathered_count == COUNT(c->gathered)) release(JVM_START, EVERYTHING);
  }
  if (dropped) release(start, (end - start) / PAGE);
  return 0;
}
// The entry of a page under another protection. A file's own page, in place, is never writable.
u64 pte_protect(u64 entry, const struct region *r) {
  u32 prot = entry & PTE_OWNED || r->shared ? r->prot : r->prot & ~PROT_WRITE;
  return (entry & (PTE_ADDRESS | PTE_OWNED | PTE_LARGE)) | prot_bits(prot);
}
static i64 protect_pages(const struct region *r) {
  u64 at, size, *entry, lost = 0;
  if (split_pages(r->start, r->end)) return -ENOMEM;
  for (u64 a = r->start; (entry = pte_find(a, r->end, &at, &size)); a = at + size) {
    u64 changed = pte_protect(*entry, r);
    lost |= (*entry & PTE_PRESENT) && *entry != changed;
    *entry = changed;
  }
  if (lost) tlb_flush_jvm(r->start, (r->end - r->start) / PAGE);
  return 0;
}
static i64 carve(u64 start, u64 end) {   // both ends become borders, if there is room for two regions more
  if (region_count + 2 > MAX_REGIONS) return -ENOMEM;
  cut(start); cut(end);
  return 0;
}
static i64 unmap(u64 start, u64 end) {
  if (carve(start, end)) return -ENOMEM;
  u32 i = first_ending_after(start), n = 0;
  while (i + n < region_count && regions[i + n].start < end) n++;
  if (n && drop_pages(start, end)) return -ENOMEM;
  memmove(regions + i, regions + i + n, (region_count - i - n) * sizeof *regions);
  region_count -= n;
  return 0;
}

// ---- The calls ----
static int is_free(u64 start, u64 end) {
  u32 i = first_ending_after(start);
  return i == region_count || regions[i].start >= end;
}
static u64 find_free(u64 length) {
  u64 align = length >= LARGE ? LARGE : PAGE, at = MMAP_BASE;
  for (u32 i = first_ending_after(at); i < region_count && ROUND_UP(at, align) + length > regions[i].start; i++)
    at = regions[i].end;
  at = ROUND_UP(at, align);
  return at + length <= JVM_END ? at : 0;
}
static i64 map_locked(u64 address, u64 length, u32 prot, u32 flags, struct node *node, u64 offset) {
  u64 end = address + length;
  int usable = address % PAGE == 0 && address >= JVM_START && end > address && end <= JVM_END;
  if (region_count == MAX_REGIONS) return -ENOMEM;
  if (!node && prot & PROT_WRITE && !(flags & MAP_NORESERVE) && length / PAGE > jvm_pages_free) return -ENOMEM;
  if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
    if (!usable) return -ENOMEM;
    if (flags & MAP_FIXED_NOREPLACE && !is_free(address, end)) return -EEXIST;
    if (unmap(address, end)) return -ENOMEM;
  } else if ((!usable || !is_free(address, end)) && !(address = find_free(length))) {
    return -ENOMEM;
  }
  struct region r = { address, address + length, node, offset, prot, flags & MAP_SHARED && node && node->chunks };
  replace(first_ending_after(address), 0, r);
  merge(r.start, r.end);
  return address;
}
i64 map(u64 address, u64 length, u32 prot, u32 flags, struct node *node, u64 offset) {
  length = ROUND_UP(length, PAGE);
  if (!length || offset % PAGE || length > JVM_END) return length > JVM_END ? -ENOMEM : -EINVAL;
  return LOCKED(&memory_lock, map_locked(address, length, prot, flags, node, offset));
}
i64 sys_mmap(u64 address, u64 length, u32 prot, u32 flags, i32 fd, u64 offset) {
  struct node *node = 0;
  if (!(flags & MAP_ANONYMOUS) && !(node = file_of(fd))) return -EBADF;
  return map(address, length, prot & 7, flags, node, offset);
}
i64 sys_munmap(u64 address, u64 length) {
  length = ROUND_UP(length, PAGE);
  if (address % PAGE || !length || address + length < address) return -EINVAL;
  return LOCKED(&memory_lock, unmap(address, address + length));
}
static i64 protect_locked(u64 start, u64 end, u32 prot) {
  if (carve(start, end)) return -ENOMEM;
  u64 covered = start;
  for (u32 i = first_ending_after(start); i < region_count && regions[i].start == covered && covered < end; i++) {
    regions[i].prot = prot;
    if (protect_pages(&regions[i])) return -ENOMEM;
    covered = regions[i].end;
  }
  merge(start, end);
  return covered >= end ? 0 : -ENOMEM;
}
i64 sys_mprotect(u64 address, u64 length, u32 prot) {
  length = ROUND_UP(length, PAGE);
  if (address % PAGE || address + length < address) return -EINVAL;
  return length ? LOCKED(&memory_lock, protect_locked(address, address + length, prot & 7)) : 0;
}
i64 sys_madvise(u64 address, u64 length, u32 advice) {
  enum { MADV_DONTNEED = 4 };            // the others only advise
  length = ROUND_UP(length, PAGE);
  if (address % PAGE || address < JVM_START || address + length > JVM_END) return -EINVAL;
  return advice == MADV_DONTNEED ? LOCKED(&memory_lock, drop_pages(address, address + length)) : 0;
}

// ---- Devices ----
// Maps registers of devices, never cached and never unmapped; where they are, or 0: no memory for tables.
u64 device_map_body(u64 start, u64 length) {
  static u64 next = DEVICE_MAP;
  u64 at, end = start + length, *entry = &end;
  lock(&memory_lock);
  at = next;
  for (u64 page = ROUND_DOWN(start, PAGE); page < end && entry; page += PAGE, next += PAGE)
    if ((entry = pte_create(next, PAGE)))
      *entry = page | PTE_PRESENT | PTE_WRITE | PTE_UNCACHED | PTE_GLOBAL | PTE_NX;
  unlock(&memory_lock);
  return entry ? at + start % PAGE : 0;
}
