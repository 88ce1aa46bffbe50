// memfd_create(2): where ZGC keeps its heap. Backed by 2 MB pages, the size of ZGC's own granules, so
// that a mapping of it uses large pages too. memory_lock guards the chunks.
#include "lock.h"

#define MAX_MEMFDS 8
#define CHUNKS (16ul << 30 >> 21)        // 16 GB each
static struct node memfds[MAX_MEMFDS];

i64 memfd_create(void)
{
  lock(&memory_lock);
  struct node *node = 0;
  for (u32 i = 0; i < MAX_MEMFDS && !node; i++)
    if (!memfds[i].chunks)
      node = &memfds[i];
  if (node)
    *node = (struct node){ .path = "memfd", .mode = 0100600, .number = 100000 + (node - memfds), .chunks = permanent(CHUNKS * 8) };
  unlock(&memory_lock);
  return node ? fd_open(node, 2) : -EMFILE;
}

i64 memfd_truncate(struct node *node, u64 size)
{
  if (size > CHUNKS * LARGE)
    return -EINVAL;
  node->size = size;
  return 0;
}

u64 memfd_page(struct node *node, u64 offset)
{
  if (offset >= CHUNKS * LARGE)
    return 0;
  u64 *chunk = &node->chunks[offset / LARGE];
  if (!*chunk && (*chunk = large_alloc()))
    memset(physical(*chunk), 0, LARGE);
  return *chunk ? *chunk + ROUND_DOWN(offset % LARGE, PAGE) : 0;
}

// fallocate(2): makes room, or gives it back (ZGC has unmapped it by then).
i64 memfd_allocate(struct node *node, u32 mode, u64 offset, u64 length)
{
  enum { FALLOC_FL_PUNCH_HOLE = 2 };
  i64 result = 0;
  if (offset + length > CHUNKS * LARGE || offset + length < offset)
    return -EINVAL;
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
  if (!(mode & FALLOC_FL_PUNCH_HOLE) && !result)
    node->size = MAX(node->size, offset + length);
  return result;
}
