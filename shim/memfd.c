// memfd_create(2): where ZGC keeps its heap. Backed by 2 MB pages, the size of ZGC's own granules, so that
// a mapping of it uses large pages too. memory_lock guards the chunks.
#include "lock.h"
#define CHUNKS (16ul << 30 >> 21)        // 16 GB each
static struct node memfds[8];
i64 memfd_create(void) {
  static u32 used;
  u32 i = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
  if (i >= COUNT(memfds)) return -EMFILE;
  memfds[i] = (struct node){ .path = "memfd", .mode = 0100600, .number = 100000 + i, .chunks = permanent(CHUNKS * 8) };
  return fd_open(&memfds[i]);
}
// The physical address of the page at `offset`, made if need be; 0 if there is none to be had.
u64 memfd_page(struct node *node, u64 offset) {
  if (offset >= CHUNKS * LARGE) return 0;
  u64 *chunk = &node->chunks[offset / LARGE];
  if (!*chunk) *chunk = large_alloc();
  return *chunk ? *chunk + ROUND_DOWN(offset % LARGE, PAGE) : 0;
}
// fallocate(2): makes room, or gives it back (ZGC has unmapped it by then).
i64 memfd_allocate(struct node *node, u32 mode, u64 offset, u64 length) {
  enum { FALLOC_FL_PUNCH_HOLE = 2 };
  i64 result = 0;
  if (offset + length > CHUNKS * LARGE || offset + length < offset) return -EINVAL;
  for (u64 at = offset; at < offset + length && !result; at = ROUND_DOWN(at, LARGE) + LARGE) {
    lock(&memory_lock);
    u64 *chunk = &node->chunks[at / LARGE];
    if (!(mode & FALLOC_FL_PUNCH_HOLE)) {
      result = memfd_page(node, at) ? 0 : -ENOMEM;
    } else if (*chunk && at % LARGE == 0 && at + LARGE <= offset + length) {
      large_free(*chunk);
      *chunk = 0;
    }
    unlock(&memory_lock);
  }
  return result;
}
