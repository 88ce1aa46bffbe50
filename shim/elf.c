// Starts the JVM: loads bin/java and its loader ld.so as execve(2) would (System V ABI, AMD64 supplement,
// 3.4), with the kernel command line's arguments.
#include "lock.h"
#define JAVA "/jre/bin/java"
#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define STACK_SIZE (8ul << 20)
#define MAX_ARGUMENTS 256
struct elf { u8 id[16]; u16 type, machine; u32 version; u64 entry, headers, sections; u32 flags; u16 size, header_size, header_count; };
struct segment { u32 type, flags; u64 offset, address, physical, file_size, memory_size, align; };
enum { PT_LOAD = 1, PF_X = 1, PF_W = 2, PF_R = 4 };
enum { AT_PHDR = 3, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_BASE, AT_ENTRY = 9, AT_UID = 11, AT_EUID, AT_GID, AT_EGID, AT_PLATFORM, AT_HWCAP,
       AT_CLKTCK, AT_SECURE = 23, AT_RANDOM = 25, AT_EXECFN = 31, AT_SYSINFO_EHDR = 33, AT_MINSIGSTKSZ = 51 };
extern u8 vdso_start[], vdso_end[];
static void load_segment(struct node *node, const struct segment *s, u64 base) {
  static const u8 zeros[PAGE];
  u32 prot = (s->flags & PF_R ? PROT_READ : 0) | (s->flags & PF_W ? PROT_WRITE : 0) | (s->flags & PF_X ? PROT_EXEC : 0);
  u64 start = base + s->address, into = start % PAGE, file_end = start + s->file_size, page_end = ROUND_UP(file_end, PAGE);
  map(start - into, s->file_size + into, prot, MAP_FIXED, node, s->offset - into);
  if (s->memory_size > s->file_size) {   // zeros to the end of the page: ld.so's first malloc takes what is left of it
    map(page_end, start + s->memory_size - MIN(page_end, start + s->memory_size), prot, MAP_FIXED | MAP_ANONYMOUS, 0, 0);
    copy_out(file_end, zeros, page_end - file_end);
  }
}
static const struct elf *load(const char *path, u64 base) {
  struct node *node = file_lookup(path);
  if (!node || node->size < sizeof(struct elf) || memcmp(node->data, "\177ELF", 4))
    panic("the boot archive has no program %s", path);
  const struct elf *elf = (const void *)node->data;
  const struct segment *s = (const void *)(node->data + elf->headers);
  for (u32 i = 0; i < elf->header_count; i++) if (s[i].type == PT_LOAD) load_segment(node, &s[i], base);
  return elf;
}
static i32 digit(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; }
// Splits at blanks, in place, and decodes each argument: "%41" means "A".
static u32 split_arguments(char *from, const char **arguments) {
  u32 n = 0;
  arguments[n++] = JAVA;
  for (char *to = from; *from && n < MAX_ARGUMENTS;) {
    while (*from == ' ') from++;
    if (*from) arguments[n++] = to;
    for (; *from && *from != ' '; from++)
      if (*from == '%' && digit(from[1]) >= 0 && digit(from[2]) >= 0) {
        *to++ = digit(from[1]) << 4 | digit(from[2]);
        from += 2;
      } else {
        *to++ = *from;
      }
    from += *from == ' ';
    *to++ = 0;
  }
  return n;
}
static u64 push(u64 *sp, const void *bytes, u64 n) {
  *sp -= n;
  if (copy_out(*sp, bytes, n)) panic("the JVM's first stack is too small for its arguments");
  return *sp;
}
static u64 build_stack(const struct elf *java) {
  static const char *arguments[MAX_ARGUMENTS];
  static char copy[sizeof boot.command_line];                   // Java reads the original
  static u64 words[MAX_ARGUMENTS + 64];
  format(copy, sizeof copy, "%s", jvm_arguments());
  u32 n = 0, count = split_arguments(copy, arguments);
  u64 sp = STACK_TOP, seed[2] = { tsc_read() * 0x9e3779b97f4a7c15, tsc_read() * 0xbf58476d1ce4e5b9 };
  map(STACK_TOP - STACK_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE, 0, 0);
  u64 random = push(&sp, seed, sizeof seed), platform = push(&sp, "x86_64", 7), name = push(&sp, JAVA, sizeof JAVA);
  words[n++] = count;
  for (u32 i = 0; i < count; i++) words[n++] = push(&sp, arguments[i], strlen(arguments[i]) + 1);
  words[n++] = 0;
  words[n++] = push(&sp, "LANG=C.UTF-8", 13);                    // the environment
  words[n++] = 0;
  const u64 auxiliary[][2] = {
    { AT_PHDR, JAVA_BASE + java->headers }, { AT_PHENT, sizeof(struct segment) }, { AT_PHNUM, java->header_count }, { AT_PAGESZ, PAGE },
    { AT_BASE, LOADER_BASE }, { AT_ENTRY, JAVA_BASE + java->entry }, { AT_UID, 0 }, { AT_EUID, 0 }, { AT_GID, 0 }, { AT_EGID, 0 },
    { AT_SECURE, 0 }, { AT_HWCAP, cpuid(1, 0).d }, { AT_CLKTCK, 100 }, { AT_RANDOM, random }, { AT_EXECFN, name },
    { AT_PLATFORM, platform }, { AT_MINSIGSTKSZ, 2048 + features.xsave_size }, { AT_SYSINFO_EHDR, VDSO_BASE }, { 0, 0 },
  };
  memcpy(words + n, auxiliary, sizeof auxiliary);
  n += sizeof auxiliary / 8;
  sp = ROUND_DOWN(sp - n * 8, 16ul) + n * 8;
  return push(&sp, words, n * 8);
}
// The vDSO, and the page of data in front of it: struct data of vdso.c. Java reads the image as a file.
static void map_vdso(void) {
  const u64 data[] = { 0, tsc_base, tsc_mult, 0 };
  file_publish("/vdso.so", vdso_start, vdso_end - vdso_start);
  map(VDSO_BASE, vdso_end - vdso_start, PROT_READ | PROT_EXEC, MAP_FIXED, file_lookup("/vdso.so"), 0);
  map(VDSO_BASE - PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_ANONYMOUS, 0, 0);
  copy_out(VDSO_BASE - PAGE, data, sizeof data);
}
void java_start(void) {
  map_vdso();
  const struct elf *java = load(JAVA, JAVA_BASE), *loader = load(LOADER, LOADER_BASE);
  struct regs r = { .rip = LOADER_BASE + loader->entry, .rsp = build_stack(java), .cs = KERNEL_CODE, .ss = KERNEL_DATA, .rflags = RFLAGS_FIXED };
  struct thread *t = thread_create();
  t->id = 1;
  thread_name(t, "java");
  print("shim: the JVM starts at %lu ms\n", clock_ns() / MILLISECOND);
  thread_start(t, &r);
}
