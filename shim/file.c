// Files for the JVM: the boot archive (cpio "newc", cpio(5)), read-only and never copied; the few
// files of /proc and /sys that it reads; standard output, which is the kernel log; memfds.
#include "lock.h"

#define MAX_NODES 2048
#define MAX_FDS 256
#define MAX_PATH 512
#define HEADER 110
enum { S_IFMT = 0170000, S_IFDIR = 0040000, S_IFREG = 0100000, S_IFCHR = 0020000 };
enum { O_CREAT = 0x40, O_DIRECTORY = 0x10000, AT_EMPTY_PATH = 0x1000 };

static struct node nodes[MAX_NODES];
static u32 node_count;
static struct fd { struct node *node; u64 position; u32 used; } fds[MAX_FDS];
static struct lock fds_lock;
static struct node log_node = { .path = "/dev/stdout", .mode = S_IFCHR | 0620, .number = MAX_NODES + 1 };

// ---- The tree ----

static void add(const char *path, u32 mode, u64 size, const void *data, u64 modified)
{
  if (node_count == MAX_NODES)
    panic("the boot archive has more than %u files", MAX_NODES);
  nodes[node_count] = (struct node){ path, mode, node_count + 1, size, modified, data, 0 };
  node_count++;
}

static u64 hex(const u8 *digits)
{
  u64 value = 0;
  for (int i = 0; i < 8; i++) {
    u8 c = digits[i] | 0x20;
    value = value << 4 | (c >= 'a' ? c - 'a' + 10 : c - '0');
  }
  return value;
}

// Reads the archive's headers up to its trailer; the data stays where it is. A name may be padded with NULs
// so that the data begins on a page of its own.
static void read_archive(void)
{
  const u8 *p = physical(archive.start), *end = physical(archive.end);
  char *names = permanent(64 << 10), *next = names;
  while (p + HEADER <= end && !memcmp(p, "070701", 6)) {
    u64 mode = hex(p + 14), modified = hex(p + 46), size = hex(p + 54), name_size = hex(p + 94);
    const char *name = (const char *)p + HEADER;
    const u8 *data = (const u8 *)ROUND_UP((u64)p + HEADER + name_size, 4ul);
    p = (const u8 *)ROUND_UP((u64)data + size, 4ul);
    if (!strcmp(name, "TRAILER!!!"))
      break;
    name += starts_with(name, "./") ? 2 : *name == '.' || *name == '/' ? 1 : 0;
    if (next + strlen(name) + 2 > names + (64 << 10))
      panic("the names in the boot archive are too long");
    *next = '/';
    memcpy(next + 1, name, strlen(name) + 1);
    add(next, mode, size, data, modified);
    next += strlen(name) + 2;
  }
  u64 rest = ROUND_UP((u64)p - DIRECT_MAP, PAGE);
  if (rest < archive.end && !root_archive.end)
    root_archive = (struct range){ rest, archive.end };
}

void file_publish(const char *path, const void *data, u64 size) { add(path, S_IFREG | 0444, size, data, 0); }

static void publish_system(void)
{
  char *text = permanent(PAGE), *p = text, *end = text + PAGE;
#define PUBLISH(path, ...) ({ u64 n_ = format(p, end - p, __VA_ARGS__); file_publish(path, p, n_); p += n_ + 1; })
  PUBLISH("/sys/devices/system/cpu/online", cpu_count > 1 ? "0-%u\n" : "%u\n", cpu_count - 1);
  PUBLISH("/sys/devices/system/cpu/possible", cpu_count > 1 ? "0-%u\n" : "%u\n", cpu_count - 1);
  PUBLISH("/proc/sys/vm/max_map_count", "65530\n");
  PUBLISH("/proc/sys/vm/mmap_min_addr", "65536\n");
  PUBLISH("/proc/meminfo", "MemTotal: %lu kB\nMemFree: %lu kB\nMemAvailable: %lu kB\n", jvm_pages * 4, jvm_pages_free * 4, jvm_pages_free * 4);
  char *stat = p;
  p += format(p, end - p, "cpu  0 0 0 0 0 0 0 0 0 0\n");
  for (u32 i = 0; i < cpu_count; i++)
    p += format(p, end - p, "cpu%u 0 0 0 0 0 0 0 0 0 0\n", i);
  file_publish("/proc/stat", stat, p - stat);
}

void file_init(void)
{
  read_archive();
  publish_system();
  add("/", S_IFDIR | 0555, 0, 0, 0);
  for (u32 i = 0; i < 3; i++)
    fds[i] = (struct fd){ &log_node, 0, 1 };
}

// An absolute path without "//", "." and "..": the JVM's directory is "/".
static void normalize(const char *path, char *to)
{
  u32 n = 0;
  for (const char *p = path; *p;) {
    while (*p == '/')
      p++;
    const char *name = p;
    while (*p && *p != '/')
      p++;
    u32 length = p - name;
    if (!length || (length == 1 && name[0] == '.'))
      continue;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
      while (n && to[--n] != '/')
        ;
    } else {
      to[n++] = '/';
      memcpy(to + n, name, length);
      n += length;
    }
  }
  if (!n)
    to[n++] = '/';
  to[n] = 0;
}

struct node *file_lookup(const char *path)
{
  char normal[MAX_PATH + 2];
  normalize(path, normal);
  if (!strcmp(normal, "/dev/stdout") || !strcmp(normal, "/dev/stderr") || !strcmp(normal, "/dev/tty"))
    return &log_node;
  for (u32 i = 0; i < node_count; i++)
    if (!strcmp(nodes[i].path, normal))
      return &nodes[i];
  return 0;
}

// ---- Descriptors ----

static struct fd *fd_of(i32 fd) { return fd >= 0 && fd < MAX_FDS && fds[fd].used ? &fds[fd] : 0; }
struct node *file_of(i32 fd) { return fd_of(fd) ? fd_of(fd)->node : 0; }

i64 fd_open(struct node *node, u32 flags)
{
  if (flags & O_DIRECTORY && (node->mode & S_IFMT) != S_IFDIR)
    return -ENOTDIR;
  i64 result = -EMFILE;
  lock(&fds_lock);
  for (i32 i = 3; i < MAX_FDS && result < 0; i++)
    if (!fds[i].used) {
      fds[i] = (struct fd){ node, 0, 1 };
      result = i;
    }
  unlock(&fds_lock);
  return result;
}

static i64 path_lookup(u64 address, struct node **node)
{
  char path[MAX_PATH];
  i64 n = copy_string(path, address, sizeof path);
  *node = n <= 0 ? 0 : file_lookup(path);
  return n < 0 ? n : *node ? 0 : -ENOENT;
}

static i64 open(u64 address, u32 flags)
{
  char path[MAX_PATH] = "";
  struct node *node;
  i64 error = path_lookup(address, &node);
  if (trace && copy_string(path, address, sizeof path) >= 0)
    print("shim: open %s: %ld\n", path, error);
  return !error ? fd_open(node, flags) : error == -ENOENT && flags & O_CREAT ? -EROFS : error;
}

static i64 read_at(struct node *node, u64 to, u64 n, u64 position)
{
  if ((node->mode & S_IFMT) == S_IFDIR)
    return -EISDIR;
  if (node == &log_node || node->chunks || position >= node->size)
    return 0;
  n = MIN(n, node->size - position);
  return copy_out(to, node->data + position, n) ?: (i64)n;
}

static i64 write_log(u64 from, u64 n)
{
  char text[512];
  for (u64 done = 0, part; done < n; done += part) {
    part = MIN(n - done, sizeof text);
    if (copy_in(text, from + done, part))
      return done ? (i64)done : -EFAULT;
    log_bytes(text, part);
  }
  return n;
}

static i64 write_vector(u64 vector, u64 count)
{
  struct { u64 base, length; } part;
  i64 total = 0;
  for (u64 i = 0; i < count; i++) {
    if (copy_in(&part, vector + i * sizeof part, sizeof part))
      return -EFAULT;
    i64 n = write_log(part.base, part.length);
    if (n < 0)
      return n;
    total += n;
  }
  return total;
}

static i64 seek(struct fd *fd, i64 offset, u32 whence)
{
  enum { SEEK_SET, SEEK_CUR, SEEK_END };
  i64 base = whence == SEEK_CUR ? (i64)fd->position : whence == SEEK_END ? (i64)fd->node->size : 0;
  if (fd->node == &log_node)
    return -ESPIPE;
  if (whence > SEEK_END || base + offset < 0)
    return -EINVAL;
  return fd->position = base + offset;
}

static i64 put_stat(struct node *node, u64 to)
{
  struct { u64 device, inode, links; u32 mode, uid, gid, pad; u64 rdev, size, block_size, blocks, atime, atime_ns, mtime, mtime_ns, ctime, ctime_ns, rest[3]; }
    s = { .device = 1, .inode = node->number, .links = 1, .mode = node->mode, .size = node->size, .block_size = PAGE,
          .blocks = (node->size + 511) / 512, .atime = node->modified, .mtime = node->modified, .ctime = node->modified };
  return PUT(to, s);
}

// The JVM's files are on "tmpfs": ZGC refuses to keep its heap on anything else.
static i64 put_statfs(u64 to)
{
  enum { TMPFS_MAGIC = 0x01021994 };
  struct { u64 type, block_size, blocks, free, available, files, files_free, id, name_length, fragment_size, flags, rest[4]; }
    s = { .type = TMPFS_MAGIC, .block_size = PAGE, .blocks = jvm_pages, .free = jvm_pages_free, .available = jvm_pages_free, .name_length = 255, .fragment_size = PAGE };
  return PUT(to, s);
}

static i64 read_link(u64 path_address, u64 to, u64 size)
{
  static const char java[] = "/jre/bin/java";
  char path[MAX_PATH];
  i64 n = copy_string(path, path_address, sizeof path);
  if (n < 0)
    return n;
  if (strcmp(path, "/proc/self/exe"))
    return file_lookup(path) ? -EINVAL : -ENOENT;
  n = MIN(size, sizeof java - 1);
  return copy_out(to, java, n) ?: n;
}

// System calls on descriptors and paths, by Linux's numbers; NOT_A_FILE_CALL for others.
i64 file_call(u64 number, u64 a, u64 b, u64 c, u64 d)
{
  enum { F_GETFD = 1, F_GETFL = 3 };
  struct fd *fd = fd_of(a);
  struct node *node;
  i64 n;
  switch (number) {
  case 2: return open(a, b);
  case 257: return open(b, c);
  case 4: case 6: return path_lookup(a, &node) ?: put_stat(node, b);              // stat, lstat
  case 21: return path_lookup(a, &node);                                          // access
  case 269: case 439: return path_lookup(b, &node);                               // faccessat, faccessat2
  case 89: return read_link(a, b, c);
  case 267: return read_link(b, c, d);
  case 79: return copy_out(a, "/", 2) ?: 2;                                       // getcwd
  case 80: return 0;                                                              // chdir: it is all "/"
  case 137: return put_statfs(b);
  case 319: return memfd_create();
  case 82: case 83: case 84: case 86: case 87: case 88: case 90: return -EROFS;   // rename ... chmod
  case 262:                                                                       // newfstatat
    if (!(d & AT_EMPTY_PATH) || (n = path_lookup(b, &node)) != -ENOENT)
      return path_lookup(b, &node) ?: put_stat(node, c);
    return fd ? put_stat(fd->node, c) : -EBADF;
  case 0: case 1: case 3: case 5: case 8: case 16: case 17: case 20: case 72: case 77: case 138: case 285:
    break;
  default:
    return NOT_A_FILE_CALL;
  }
  if (!fd)
    return -EBADF;
  node = fd->node;
  switch (number) {
  case 0:
    n = read_at(node, b, c, fd->position);
    fd->position += MAX(n, 0);
    return n;
  case 1: return node == &log_node ? write_log(b, c) : -EBADF;
  case 20: return node == &log_node ? write_vector(b, c) : -EBADF;
  case 3: fd->used = 0; return 0;
  case 5: return put_stat(node, b);
  case 8: return seek(fd, b, c);
  case 16: return -ENOTTY;                                                        // ioctl
  case 17: return read_at(node, b, c, d);                                         // pread64
  case 72: return b == F_GETFD ? 1 : b == F_GETFL ? (node == &log_node ? 2 : 0) : -EINVAL;
  case 77: return node->chunks ? memfd_truncate(node, b) : -EINVAL;
  case 138: return put_statfs(b);
  default: return node->chunks ? memfd_allocate(node, b, c, d) : -EINVAL;         // fallocate
  }
}
