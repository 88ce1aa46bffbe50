// The JVM's address space: mmap(2) and its relatives. Regions lie in an array sorted by address, so a
// reservation of a terabyte costs one entry; pages come on the first touch (fault.c).
#include "lock.h"

#define MAX_REGIONS 16384
#define BREAK_LIMIT (1ul << 30)

struct lock memory_lock;                 // regions and page tables
static struct region *regions;
static u32 region_count;
static u64 break_end = BREAK_BASE;

void map_init(void) { regions = permanent(MAX_REGIONS * sizeof *regions); }

u64 prot_bits(u32 prot)
{
  return (prot ? PTE_PRESENT : 0) | (prot & PROT_WRITE ? PTE_WRITE : 0) | (prot & PROT_EXEC ? 0 : PTE_NX) |
         PTE_ACCESSED_DIRTY | PTE_GLOBAL;
}

// ---- The array ----

static u32 first_ending_after(u64 address)
{
  u32 low = 0, high = region_count;
  while (low < high) {
    u32 middle = (low + high) / 2;
    if (regions[middle].end > address)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

struct region *region_at(u64 address)
{
  u32 i = first_ending_after(address);
  return i < region_count && regions[i].start <= address ? &regions[i] : 0;
}

static int is_free(u64 start, u64 end)
{
  u32 i = first_ending_after(start);
  return i == region_count || regions[i].start >= end;
}

static void insert(u32 i, struct region r)
{
  memmove(regions + i + 1, regions + i, (region_count - i) * sizeof r);
  regions[i] = r;
  region_count++;
}

static void delete(u32 i, u32 n)
{
  memcpy(regions + i, regions + i + n, (region_count - i - n) * sizeof *regions);
  region_count -= n;
}

// Makes `address` a border between regions.
static void split(u64 address)
{
  struct region *r = region_at(address);
  if (!r || r->start == address)
    return;
  struct region rest = *r;
  rest.offset += rest.node ? address - rest.start : 0;
  rest.start = r->end = address;
  insert(r - regions + 1, rest);
}

static int continues(const struct region *a, const struct region *b)
{
  return a->end == b->start && a->prot == b->prot && a->shared == b->shared && a->node == b->node &&
         (!a->node || a->offset + (a->end - a->start) == b->offset);
}

static void merge(u64 start, u64 end)
{
  u32 i = first_ending_after(start - 1);
  while (i + 1 < region_count && regions[i].start <= end)
    if (continues(&regions[i], &regions[i + 1])) {
      regions[i].end = regions[i + 1].end;
      delete(i + 1, 1);
    } else {
      i++;
    }
}

// ---- Pages of a range ----

// Frees the gathered pages once no CPU has a translation to them.
void map_release(struct cpu *c, u64 address, u64 pages)
{
  tlb_flush_jvm(address, pages);
  for (u32 i = 0; i < c->gathered_count; i++)
    if (c->gathered[i] & 1)
      large_free(c->gathered[i] & ~1ul);
    else
      page_free(c->gathered[i]);
  c->gathered_count = 0;
}

// A 2 MB page that `address` would cut becomes small ones.
static i64 split_page(u64 address)
{
  u64 at, size, *entry = pte_find(address, address + 1, &at, &size);
  return entry && size == LARGE && at != address ? pte_split(entry) : 0;
}

static i64 split_pages(u64 start, u64 end)
{
  i64 error = split_page(start);
  return error ? error : split_page(end);
}

static i64 drop_pages(u64 start, u64 end)
{
  struct cpu *c = this_cpu();
  u64 at, size, *entry, dropped = 0;
  i64 error = split_pages(start, end);
  if (error)
    return error;
  for (u64 a = start; (entry = pte_find(a, end, &at, &size)); a = at + size, dropped++) {
    if (*entry & PTE_OWNED)
      c->gathered[c->gathered_count++] = (*entry & PTE_ADDRESS) | (size == LARGE);
    *entry = 0;
    if (c->gathered_count == COUNT(c->gathered))
      map_release(c, JVM_START, EVERYTHING);
  }
  if (dropped)
    map_release(c, start, (end - start) / PAGE);
  return 0;
}

static i64 protect_pages(u64 start, u64 end, u32 prot)
{
  u64 at, size, *entry, lost = 0;
  i64 error = split_pages(start, end);
  if (error)
    return error;
  for (u64 a = start; (entry = pte_find(a, end, &at, &size)); a = at + size) {
    u64 bits = *entry & PTE_OWNED || (region_at(at) && region_at(at)->shared) ? prot_bits(prot) : prot_bits(prot & ~PROT_WRITE);
    u64 changed = (*entry & (PTE_ADDRESS | PTE_OWNED | PTE_POPULATED | PTE_LARGE)) | bits;
    lost += (*entry & PTE_PRESENT) && *entry != changed;
    *entry = changed;
  }
  if (lost)
    tlb_flush_jvm(start, (end - start) / PAGE);
  return 0;
}

static i64 unmap(u64 start, u64 end)
{
  split(start);
  split(end);
  u32 i = first_ending_after(start), n = 0;
  while (i + n < region_count && regions[i + n].start < end)
    n++;
  if (!n)
    return 0;
  i64 error = drop_pages(start, end);
  if (!error)
    delete(i, n);
  return error;
}

// ---- mmap(2) ----

static u64 find_free(u64 length)
{
  u64 align = length >= LARGE ? LARGE : PAGE, at = MMAP_BASE;
  for (u32 i = first_ending_after(at);; i++) {
    at = ROUND_UP(at, align);
    u64 limit = i < region_count ? regions[i].start : JVM_END;
    if (at + length <= limit)
      return at;
    if (i >= region_count)
      return 0;
    at = MAX(at, regions[i].end);
  }
}

static i64 map_locked(u64 address, u64 length, u32 prot, u32 flags, struct node *node, u64 offset)
{
  u64 end = address + length;
  int inside = address >= JVM_START && end > address && end <= JVM_END;
  if (region_count + 3 > MAX_REGIONS)
    return -ENOMEM;
  if (!node && (prot & PROT_WRITE) && !(flags & MAP_NORESERVE) && length / PAGE > jvm_pages_free)
    return -ENOMEM;
  if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
    if (!inside || address % PAGE)
      return -ENOMEM;
    if ((flags & MAP_FIXED_NOREPLACE) && !is_free(address, end))
      return -EEXIST;
    i64 error = unmap(address, end);
    if (error)
      return error;
  } else if (address % PAGE || !inside || !is_free(address, end)) {
    address = find_free(length);
    if (!address)
      return -ENOMEM;
  }
  u32 shared = (flags & MAP_SHARED) && node && node->chunks;
  insert(first_ending_after(address), (struct region){ address, address + length, node, offset, prot, shared });
  merge(address, address + length);
  return address;
}

i64 map(u64 address, u64 length, u32 prot, u32 flags, struct node *node, u64 offset)
{
  length = ROUND_UP(length, PAGE);
  if (!length || offset % PAGE)
    return -EINVAL;
  if (length > JVM_END)
    return -ENOMEM;
  lock(&memory_lock);
  i64 result = map_locked(address, length, prot, flags, node, offset);
  unlock(&memory_lock);
  return result;
}

i64 sys_mmap(u64 address, u64 length, u32 prot, u32 flags, i32 fd, u64 offset)
{
  struct node *node = 0;
  if (!(flags & MAP_ANONYMOUS) && !(node = file_of(fd)))
    return -EBADF;
  return map(address, length, prot & 7, flags, node, offset);
}

i64 sys_munmap(u64 address, u64 length)
{
  length = ROUND_UP(length, PAGE);
  if (address % PAGE || !length || address + length < address)
    return -EINVAL;
  lock(&memory_lock);
  i64 result = region_count + 2 > MAX_REGIONS ? -ENOMEM : unmap(address, address + length);
  unlock(&memory_lock);
  return result;
}

static i64 protect_locked(u64 start, u64 end, u32 prot)
{
  if (!region_at(start) || region_count + 2 > MAX_REGIONS)
    return -ENOMEM;
  split(start);
  split(end);
  u64 covered = start;
  for (u32 i = first_ending_after(start); i < region_count && regions[i].start < end; i++) {
    if (regions[i].start != covered)
      return -ENOMEM;
    regions[i].prot = prot;
    covered = regions[i].end;
  }
  i64 error = protect_pages(start, covered, prot);
  merge(start, end);
  return error ? error : covered >= end ? 0 : -ENOMEM;
}

i64 sys_mprotect(u64 address, u64 length, u32 prot)
{
  length = ROUND_UP(length, PAGE);
  if (address % PAGE)
    return -EINVAL;
  if (!length)
    return 0;
  lock(&memory_lock);
  i64 result = protect_locked(address, address + length, prot & 7);
  unlock(&memory_lock);
  return result;
}

i64 sys_madvise(u64 address, u64 length, u32 advice)
{
  enum { MADV_DONTNEED = 4 };
  length = ROUND_UP(length, PAGE);
  if (address % PAGE)
    return -EINVAL;
  if (advice != MADV_DONTNEED || !length)
    return 0;                            // the others only advise
  lock(&memory_lock);
  i64 result = drop_pages(address, address + length);
  unlock(&memory_lock);
  return result;
}

// Grows where it is, or moves the pages' entries: glibc's realloc(3).
static i64 remap_locked(u64 address, u64 old_length, u64 new_length, u32 flags)
{
  enum { MREMAP_MAYMOVE = 1 };
  struct region *r = region_at(address), old;
  if (!r || r->end < address + old_length || r->node)
    return -EFAULT;
  if (new_length <= old_length)
    return new_length == old_length ? (i64)address : (unmap(address + new_length, address + old_length) ?: (i64)address);
  old = *r;
  if (r->end == address + old_length && is_free(r->end, address + new_length)) {
    r->end = address + new_length;
    merge(address, address + new_length);
    return address;
  }
  if (!(flags & MREMAP_MAYMOVE))
    return -ENOMEM;
  i64 to = map_locked(0, new_length, old.prot, MAP_ANONYMOUS, 0, 0);
  if (to < 0 || split_pages(address, address + old_length))
    return -ENOMEM;
  u64 at, size, *entry;
  for (u64 a = address; (entry = pte_find(a, address + old_length, &at, &size)); a = at + size) {
    if (size == LARGE && pte_split(entry))
      return -ENOMEM;
    if (size == LARGE)
      entry = pte_find(at, at + PAGE, &at, &size);
    u64 *moved = pte_create(to + (at - address), PAGE);
    if (!moved)
      return -ENOMEM;
    *moved = *entry;
    *entry = 0;
  }
  tlb_flush_jvm(address, old_length / PAGE);
  return unmap(address, address + old_length) ?: to;
}

i64 sys_mremap(u64 address, u64 old_length, u64 new_length, u32 flags)
{
  if (address % PAGE || flags & ~1u || !new_length)
    return -EINVAL;
  lock(&memory_lock);
  i64 result = remap_locked(address, ROUND_UP(old_length, PAGE), ROUND_UP(new_length, PAGE), flags);
  unlock(&memory_lock);
  return result;
}

i64 sys_brk(u64 address)
{
  if (address < BREAK_BASE || address > BREAK_BASE + BREAK_LIMIT)
    return break_end;
  u64 old = ROUND_UP(break_end, PAGE), new = ROUND_UP(address, PAGE);
  i64 error = 0;
  if (new > old)
    error = map(old, new - old, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_ANONYMOUS, 0, 0);
  else if (new < old)
    error = sys_munmap(new, old - new);
  return error < 0 ? (i64)break_end : (i64)(break_end = address);
}
