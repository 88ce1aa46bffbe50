// Files for the JVM: the boot archive (cpio "newc", cpio(5)), read-only and never copied; the few files of
// /proc and /sys that it reads; standard output, which is the kernel log; memfds.
#include "lock.h"
#define MAX_NODES 2048
#define MAX_FDS 256
#define MAX_PATH 512
#define NAMES_SIZE 65536
enum { S_IFMT = 0170000, S_IFDIR = 0040000, S_IFREG = 0100000, S_IFCHR = 0020000, HEADER_SIZE = 110 };
static struct node nodes[MAX_NODES];
static u32 node_count;
static struct fd { struct node *node; u64 position; } fds[MAX_FDS];
static struct lock fds_lock;
static struct node log_node = { .path = "/dev/stdout", .mode = S_IFCHR | 0620, .number = MAX_NODES + 1 };

// ---- The tree ----
static void add(const char *path, u32 mode, u64 size, const void *data, u64 modified) {
  if (node_count == MAX_NODES) panic("the boot archive has more than %u files", MAX_NODES);
  nodes[node_count] = (struct node){ path, mode, node_count + 1, size, modified, data, 0 };
  node_count++;
}
void file_publish(const char *path, const void *data, u64 size) { add(path, S_IFREG | 0444, size, data, 0); }

static u64 hex(const u8 *digits) {
  u64 value = 0;
  for (int i = 0; i < 8; i++) value = value << 4 | ((digits[i] & 15) + (digits[i] > '9' ? 9 : 0));
  return value;
}
// Reads the first archive's headers up to its trailer; the data stays where it is. A name may be padded with
// NULs so that the data begins on a page of its own. What follows on the next page is the root file system's.
static void read_archive(void) {
  const u8 *p = physical(archive.start), *end = physical(archive.end);
  char *names = permanent(NAMES_SIZE), *path = names;
  while (p + HEADER_SIZE <= end && !memcmp(p, "070701", 6)) {
    u64 mode = hex(p + 14), modified = hex(p + 46), size = hex(p + 54), name_size = hex(p + 94);
    const char *name = (const char *)p + HEADER_SIZE;
    const u8 *data = (const u8 *)ROUND_UP((u64)name + name_size, 4ul);
    p = (const u8 *)ROUND_UP((u64)data + size, 4ul);
    if (!strcmp(name, "TRAILER!!!")) break;
    name += starts_with(name, "./") ? 2 : *name == '.' || *name == '/';
    if (path + strlen(name) + 2 > names + NAMES_SIZE)
      panic("the names in the boot archive take more than %u bytes", NAMES_SIZE);
    add(path, mode, size, data, modified);
    path += format(path, NAMES_SIZE, "/%s", name) + 1;
  }
  u64 rest = ROUND_UP((u64)p - DIRECT_MAP, PAGE);
  if (rest < archive.end && !root_archive.end) root_archive = (struct range){ rest, archive.end };
}
static void publish_system(void) {
  char *p = permanent(PAGE), *end = p + PAGE;
#define PUBLISH(path, ...) ({ u64 n_ = format(p, end - p, __VA_ARGS__); file_publish(path, p, n_); p += n_; })
  PUBLISH("/sys/devices/system/cpu/online", cpu_count > 1 ? "0-%u\n" : "%u\n", cpu_count - 1);
  file_publish("/sys/devices/system/cpu/possible", nodes[node_count - 1].data, nodes[node_count - 1].size);
  PUBLISH("/proc/sys/vm/max_map_count", "65530\n");
  PUBLISH("/proc/meminfo", "MemTotal: %lu kB\nMemFree: %lu kB\nMemAvailable: %lu kB\n", jvm_pages * 4, jvm_pages_free * 4, jvm_pages_free * 4);
}
void file_init(void) {
  read_archive();
  publish_system();
  add("/", S_IFDIR | 0555, 0, 0, 0);
  for (u32 i = 0; i < 3; i++) fds[i].node = &log_node;
}
// The node of a path; the JVM's directory is "/". Resolves "//", "." and "..".
struct node *file_lookup(const char *path) {
  char normal[MAX_PATH + 2];
  u32 n = 0;
  for (const char *p = path, *name; *p;) {
    for (name = p; *p && *p != '/'; p++) ;
    u32 length = p - name;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
      while (n && normal[--n] != '/') ;
    } else if (length && !(length == 1 && name[0] == '.')) {
      normal[n++] = '/';
      memcpy(normal + n, name, length);
      n += length;
    }
    p += *p == '/';
  }
  normal[n ? n : 1] = 0;
  normal[0] = '/';
  if (starts_with(normal, "/dev/std") || !strcmp(normal, "/dev/tty")) return &log_node;
  for (struct node *node = nodes; node < nodes + node_count; node++) if (!strcmp(node->path, normal)) return node;
  return 0;
}
// The length of the string at `from`, copied; or -EFAULT, also if it does not end within `size`.
i64 copy_string(char *to, u64 from, u64 size) {
  for (u64 n = 0; n < size && !copy_in(to + n, from + n, 1); n++) if (!to[n]) return n;
  return -EFAULT;
}
static i64 lookup(u64 address, struct node **node) {
  char path[MAX_PATH];
  i64 n = copy_string(path, address, sizeof path);
  if (n < 0) return n;
  *node = n ? file_lookup(path) : 0;
  return *node ? 0 : -ENOENT;
}

// ---- Descriptors ----
struct node *file_of(i32 fd) { return fd >= 0 && fd < MAX_FDS ? fds[fd].node : 0; }
i64 fd_open(struct node *node) {
  i64 i = 3;
  lock(&fds_lock);
  while (i < MAX_FDS && fds[i].node) i++;
  if (i < MAX_FDS) fds[i] = (struct fd){ node, 0 };
  unlock(&fds_lock);
  return i < MAX_FDS ? i : -EMFILE;
}
static i64 read_at(struct node *node, u64 to, u64 n, u64 position) {
  if ((node->mode & S_IFMT) == S_IFDIR) return -EISDIR;
  if (!node->data || position >= node->size) return 0;
  n = MIN(n, node->size - position);
  return copy_out(to, node->data + position, n) ?: (i64)n;
}
i64 log_copy(u64 from, u64 n) {          // the JVM's bytes to the log
  char text[512];
  for (u64 done = 0, part; done < n; done += part) {
    part = MIN(n - done, sizeof text);
    if (copy_in(text, from + done, part)) return -EFAULT;
    log_bytes(text, part);
  }
  return n;
}
static i64 write_vector(u64 vector, u64 count) {
  struct { u64 base, length; } part;
  i64 total = 0, n = 0;
  for (u64 i = 0; i < count && n >= 0; i++, total += n)
    n = copy_in(&part, vector + i * sizeof part, sizeof part) ?: log_copy(part.base, part.length);
  return n < 0 ? n : total;
}
static i64 seek(struct fd *fd, i64 offset, u32 whence) {
  enum { SEEK_SET, SEEK_CUR, SEEK_END };
  i64 base = whence == SEEK_CUR ? fd->position : whence == SEEK_END ? fd->node->size : 0;
  if (fd->node == &log_node) return -ESPIPE;
  return whence > SEEK_END || base + offset < 0 ? -EINVAL : (i64)(fd->position = base + offset);
}
static i64 put_stat(struct node *node, u64 to) {                // struct stat: device, inode, links, mode and uid, gid,
  u64 s[18] = { 1, node->number, 1, node->mode, 0, 0, node->size, PAGE, (node->size + 511) / 512,  // rdev, size, blocks
                node->modified, 0, node->modified, 0, node->modified };
  return copy_out(to, s, sizeof s);
}
// The JVM's files are on "tmpfs": ZGC refuses to keep its heap on anything else.
static i64 put_statfs(u64 to) {
  enum { TMPFS_MAGIC = 0x01021994 };
  u64 s[15] = { TMPFS_MAGIC, PAGE, jvm_pages, jvm_pages_free, jvm_pages_free, 0, 0, 0, 255, PAGE };
  return copy_out(to, s, sizeof s);
}
static i64 read_link(u64 path, u64 to, u64 size) {              // only /proc/self/exe is one
  static const char java[] = "/jre/bin/java";
  char name[MAX_PATH];
  i64 n = copy_string(name, path, sizeof name), length = MIN(size, sizeof java - 1);
  if (n < 0 || strcmp(name, "/proc/self/exe")) return n < 0 ? n : file_lookup(name) ? -EINVAL : -ENOENT;
  return copy_out(to, java, length) ?: length;
}
static i64 read(struct fd *fd, u64 to, u64 n) {
  i64 got = read_at(fd->node, to, n, fd->position);
  fd->position += MAX(got, 0);
  return got;
}
static i64 fd_call(u64 number, struct fd *fd, u64 b, u64 c, u64 d) {
  enum { F_GETFD = 1, F_GETFL = 3 };
  struct node *node = fd->node;
  switch (number) {
  case 0: return read(fd, b, c);
  case 1: return node == &log_node ? log_copy(b, c) : -EBADF;
  case 3: fd->node = 0; return 0;                               // close
  case 5: case 262: return put_stat(node, number == 5 ? b : c); // fstat, newfstatat
  case 8: return seek(fd, b, c);
  case 17: return read_at(node, b, c, d);                       // pread64
  case 20: return node == &log_node ? write_vector(b, c) : -EBADF;
  case 72: return b == F_GETFD ? 1 : b == F_GETFL ? 0 : -EINVAL;
  case 77: node->size = node->chunks ? b : node->size; return node->chunks ? 0 : -EINVAL;  // ftruncate
  case 138: return put_statfs(b);
  case 285: return node->chunks ? memfd_allocate(node, b, c, d) : -EINVAL;
  }
  return -ENOTTY;                                               // ioctl
}
// System calls on paths and descriptors, by Linux's numbers; NOT_A_FILE_CALL for others.
i64 file_call(u64 number, u64 a, u64 b, u64 c, u64 d) {
  enum { AT_EMPTY_PATH = 0x1000 };
  struct node *node;
  i64 error;
  switch (number) {
  case 4: case 6: return lookup(a, &node) ?: put_stat(node, b); // stat, lstat
  case 21: return lookup(a, &node);                             // access
  case 257: return lookup(b, &node) ?: fd_open(node);           // openat
  case 79: return copy_out(a, "/", 2) ?: 2;                     // getcwd
  case 89: return read_link(a, b, c);
  case 137: return put_statfs(b);
  case 319: return memfd_create();
  case 82: case 83: case 84: case 86: case 87: case 88: case 90: return -EROFS;  // rename ... chmod
  case 262:
    if (!(error = lookup(b, &node)) || !(d & AT_EMPTY_PATH)) return error ?: put_stat(node, c);
    // fall through
  case 0: case 1: case 3: case 5: case 8: case 16: case 17: case 20: case 72: case 77: case 138: case 285:
    return file_of(a) ? fd_call(number, &fds[a], b, c, d) : -EBADF;
  }
  return NOT_A_FILE_CALL;
}
