// Physical memory. At boot it is split: `jvm=` megabytes from the top for the JVM and the shim, all else
// for Java. The JVM's part is kept as 2 MB pages; one at a time is cut into 4 KB pages, which never grow
// together again. Each CPU has some small pages at hand and takes no lock for them.
#include "lock.h"
u64 jvm_pages, jvm_pages_free;
struct range java_ranges[64], archive, root_archive;
u32 java_range_count;
extern char image_end[];
static struct lock frame_lock;
static u64 large_list, small_list;       // linked through the pages' first words
static struct range permanent_space;
static void push(u64 *list, u64 page, u64 size) {
  *(u64 *)physical(page) = *list;
  *list = page;
  jvm_pages_free += size / PAGE;
}
static u64 pop(u64 *list, u64 size) {
  u64 page = *list;
  if (page) {
    *list = *(u64 *)physical(page);
    jvm_pages_free -= size / PAGE;
  }
  return page;
}
static u64 zero(u64 page, u64 size) {
  void *to = physical(page);
  u64 words = page ? size / 8 : 0;
  asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(0) : "memory");
  return page;
}
u64 large_alloc(void) {
  u64 page = LOCKED(&frame_lock, pop(&large_list, LARGE));
  return zero(page, LARGE);
}
void large_free(u64 page) {
  lock(&frame_lock);
  push(&large_list, page, LARGE);
  unlock(&frame_lock);
}
u64 page_alloc_dirty(void) {
  struct cpu *c = this_cpu();
  if (!c->page_count) {
    lock(&frame_lock);
    u64 large = small_list ? 0 : pop(&large_list, LARGE);
    for (u64 at = large; large && at < large + LARGE; at += PAGE) push(&small_list, at, PAGE);
    while (small_list && c->page_count < COUNT(c->pages) / 2) c->pages[c->page_count++] = pop(&small_list, PAGE);
    unlock(&frame_lock);
  }
  return c->page_count ? c->pages[--c->page_count] : 0;
}
u64 page_alloc(void) { return zero(page_alloc_dirty(), PAGE); }
void page_free(u64 page) {
  struct cpu *c = this_cpu();
  if (c->page_count == COUNT(c->pages)) {
    lock(&frame_lock);
    while (c->page_count > COUNT(c->pages) / 2) push(&small_list, c->pages[--c->page_count], PAGE);
    unlock(&frame_lock);
  }
  c->pages[c->page_count++] = page;
}
void *permanent(u64 bytes) {
  lock(&frame_lock);
  if (permanent_space.end - permanent_space.start < bytes) {
    u64 page = bytes <= LARGE ? pop(&large_list, LARGE) : 0;
    if (!page) panic("no memory for %lu bytes of the shim's own: more is needed by jvm=", bytes);
    permanent_space = (struct range){ zero(page, LARGE), page + LARGE };
  }
  u64 at = permanent_space.start;
  permanent_space.start += ROUND_UP(bytes, PAGE);
  unlock(&frame_lock);
  return physical(at);
}

// ---- The split at boot ----
// Takes [start, end) out of the memory that is free to use.
static void reserve(u64 start, u64 end) {
  for (u32 i = 0, n = boot.ram_count; i < n; i++) {
    struct range *r = &boot.ram[i];
    if (r->start >= end || r->end <= start) continue;
    if (r->end > end && boot.ram_count < COUNT(boot.ram)) boot.ram[boot.ram_count++] = (struct range){ end, r->end };
    r->end = MAX(start, r->start);
  }
}
// The highest free range that holds a 2 MB page.
static struct range highest(void) {
  struct range best = { 0 };
  for (struct range *r = boot.ram; r < boot.ram + boot.ram_count; r++) {
    struct range whole = { ROUND_UP(r->start, LARGE), ROUND_DOWN(r->end, LARGE) };
    if (whole.start < whole.end && whole.start >= best.start) best = whole;
  }
  return best;
}
void memory_init(void) {
  u64 total = 0;
  for (u32 i = 0; i < boot.ram_count; i++) total += boot.ram[i].end - boot.ram[i].start;
  reserve(0, 1ul << 20);                                        // BIOS, trampoline
  reserve(LARGE, (u64)image_end - SHIM_BASE);
  reserve(direct_map_init(), ~0ul);                             // more than page tables reach
  if (!boot.module_count) panic("no boot archive was loaded: QEMU's -initrd, GRUB's module2");
  archive = boot.module[0];
  root_archive = boot.module[1];                                // none: what follows in the first
  for (u32 i = 0; i < boot.module_count; i++) reserve(ROUND_DOWN(boot.module[i].start, PAGE), boot.module[i].end);
  u64 wanted = option("jvm", MIN(total >> 21, 1024)) << 20;
  while (jvm_pages * PAGE < wanted) {
    struct range r = highest();
    if (!r.end) panic("jvm=%lu asks for more memory than the machine's %lu MB allow", wanted >> 20, total >> 20);
    r.start = MAX(r.start, r.end - MIN(ROUND_UP(wanted, LARGE) - jvm_pages * PAGE, r.end));
    reserve(r.start, r.end);
    for (; r.start < r.end; r.start += LARGE, jvm_pages += LARGE / PAGE) push(&large_list, r.start, LARGE);
  }
  for (u32 i = 0; i < boot.ram_count; i++) {
    struct range r = { ROUND_UP(boot.ram[i].start, PAGE), ROUND_DOWN(boot.ram[i].end, PAGE) };
    if (r.start < r.end) java_ranges[java_range_count++] = r;
  }
  print("shim: %lu MB of memory, %lu MB of it for the JVM\n", total >> 20, jvm_pages >> 8);
}
