// Physical memory. At boot it is split: `jvm=` megabytes from the top for the JVM and the shim, all
// else for Java. The JVM's part is kept as 2 MB pages; one at a time is cut into 4 KB pages, which
// never grow together again. Each CPU has some free pages at hand and takes no lock for them.
#include "lock.h"

#define LOW_MEMORY 0x100000ul                                   // BIOS, trampoline
u64 jvm_pages, jvm_pages_free;
struct range java_ranges[64], archive, root_archive;
u32 java_range_count;
extern char image_end[];

static struct lock frame_lock;
static u64 large_list, small_list;                              // linked through their first words
static struct range cutting;                                    // the 2 MB page being cut into small ones
static struct range permanent_space;

static void give_jvm(struct range r)
{
  r.start = ROUND_UP(r.start, LARGE);
  for (; r.start + LARGE <= r.end; r.start += LARGE) {
    *(u64 *)physical(r.start) = large_list;
    large_list = r.start;
    jvm_pages += LARGE / PAGE;
  }
}

static u64 large_take(void)
{
  u64 page = large_list;
  if (page) {
    large_list = *(u64 *)physical(page);
    jvm_pages_free -= LARGE / PAGE;
  }
  return page;
}

u64 large_alloc(void)
{
  lock(&frame_lock);
  u64 page = large_take();
  unlock(&frame_lock);
  return page;
}

void large_free(u64 page)
{
  lock(&frame_lock);
  *(u64 *)physical(page) = large_list;
  large_list = page;
  jvm_pages_free += LARGE / PAGE;
  unlock(&frame_lock);
}

static u64 small_take(void)
{
  u64 page = small_list;
  if (page) {
    small_list = *(u64 *)physical(page);
  } else {
    if (cutting.start == cutting.end) {
      if (!(cutting.start = large_take()))
        return cutting.end = 0;
      cutting.end = cutting.start + LARGE;
      jvm_pages_free += LARGE / PAGE;
    }
    page = cutting.start;
    cutting.start += PAGE;
  }
  jvm_pages_free--;
  return page;
}

u64 page_alloc_dirty(void)
{
  struct cpu *c = this_cpu();
  if (!c->page_count) {
    lock(&frame_lock);
    for (u64 page; c->page_count < COUNT(c->pages) / 2 && (page = small_take());)
      c->pages[c->page_count++] = page;
    unlock(&frame_lock);
    if (!c->page_count)
      return 0;
  }
  return c->pages[--c->page_count];
}

u64 page_alloc(void)
{
  u64 page = page_alloc_dirty(), words = PAGE / 8;
  void *to = physical(page);
  if (page)
    asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(0) : "memory");
  return page;
}

void page_free(u64 page)
{
  struct cpu *c = this_cpu();
  if (c->page_count == COUNT(c->pages)) {
    lock(&frame_lock);
    while (c->page_count > COUNT(c->pages) / 2) {
      u64 p = c->pages[--c->page_count];
      *(u64 *)physical(p) = small_list;
      small_list = p;
      jvm_pages_free++;
    }
    unlock(&frame_lock);
  }
  c->pages[c->page_count++] = page;
}

void *permanent(u64 bytes)
{
  bytes = ROUND_UP(bytes, PAGE);
  lock(&frame_lock);
  if (permanent_space.end - permanent_space.start < bytes) {
    u64 page = bytes <= LARGE ? large_take() : 0;
    if (!page)
      panic("no memory for %lu bytes of the shim's own: more is needed by jvm=", bytes);
    permanent_space = (struct range){ page, page + LARGE };
  }
  u64 at = permanent_space.start;
  permanent_space.start += bytes;
  unlock(&frame_lock);
  return memset(physical(at), 0, bytes);
}

// ---- The split at boot ----

// Takes [start, end) out of the memory that is free to use.
static void reserve(u64 start, u64 end)
{
  u32 n = boot.ram_count;
  for (u32 i = 0; i < n; i++) {
    struct range *r = &boot.ram[i];
    if (r->start >= end || r->end <= start)
      continue;
    if (r->end > end && r->start < start && boot.ram_count < COUNT(boot.ram))
      boot.ram[boot.ram_count++] = (struct range){ end, r->end };
    if (r->start < start)
      r->end = start;
    else
      r->start = MIN(end, r->end);
  }
}

// The first archive is the JVM's: it ends with the 512-byte padded trailer that cpio writes; what
// follows on the next page, and every further module, is the root file system's.
static void find_archives(void)
{
  if (!boot.module_count)
    panic("no boot archive was loaded: QEMU's -initrd, GRUB's module2");
  archive = boot.module[0];
  if (boot.module_count > 1)
    root_archive = boot.module[1];
}

// A page for the direct map's own tables, from below 4 GB, where the first page tables reach.
u64 early_page(void)
{
  for (u32 i = 0; i < boot.ram_count; i++)
    if (boot.ram[i].end <= 4ul << 30 && ROUND_DOWN(boot.ram[i].end, PAGE) > boot.ram[i].start) {
      u64 page = ROUND_DOWN(boot.ram[i].end, PAGE) - PAGE;
      boot.ram[i].end = page;
      memset(physical(page), 0, PAGE);
      return page;
    }
  panic("no memory below 4 GB for page tables");
}

void memory_init(void)
{
  u64 total = 0;
  for (u32 i = 0; i < boot.ram_count; i++)
    total += boot.ram[i].end - boot.ram[i].start;
  reserve(0, LOW_MEMORY);
  reserve(2ul << 20, ROUND_UP((u64)image_end - SHIM_BASE, PAGE));
  for (u32 i = 0; i < boot.module_count; i++)
    reserve(ROUND_DOWN(boot.module[i].start, PAGE), ROUND_UP(boot.module[i].end, PAGE));
  find_archives();
  u64 wanted = option("jvm", MIN(total >> 21, 1024)) << 20, given = 0;
  struct range parts[64];
  u32 part_count = 0;
  while (given < wanted) {                                      // from the highest range downwards
    struct range *highest = 0;
    for (u32 i = 0; i < boot.ram_count; i++)
      if (boot.ram[i].end >= boot.ram[i].start + 2 * LARGE && (!highest || boot.ram[i].start > highest->start))
        highest = &boot.ram[i];
    if (!highest)
      panic("jvm=%lu asks for more memory than the machine's %lu MB allow", wanted >> 20, total >> 20);
    u64 start = ROUND_UP(highest->start, LARGE), end = ROUND_DOWN(highest->end, LARGE), size = MIN(wanted - given, end - start);
    parts[part_count++] = (struct range){ end - size, end };
    given += size;
    if (highest->end > end && boot.ram_count < COUNT(boot.ram))
      boot.ram[boot.ram_count++] = (struct range){ end, highest->end };
    highest->end = end - size;
  }
  direct_map_init();
  for (u32 i = 0; i < part_count; i++)
    give_jvm(parts[i]);
  jvm_pages_free = jvm_pages;
  for (u32 i = 0; i < boot.ram_count; i++) {
    struct range r = { ROUND_UP(boot.ram[i].start, PAGE), ROUND_DOWN(boot.ram[i].end, PAGE) };
    if (r.start < r.end)
      java_ranges[java_range_count++] = r;
  }
  print("shim: %lu MB of memory, %lu MB of it for the JVM\n", total >> 20, jvm_pages >> 8);
}
