// What the shim's files know of each other. Interrupts are off in all of the shim's C code but the
// idle loop's `hlt`; locks are spin locks whose waiters answer TLB requests (lock.h).
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "layout.h"

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef int64_t i64;
typedef int32_t i32;

#define PAGE 4096ul
#define LARGE (2ul << 20)
#define MAX_CPUS 64
#define MILLISECOND 1000000ul
#define SECOND 1000000000ul
#define NEVER (~0ul)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define ROUND_DOWN(v, size) ((v) & ~((size) - 1))
#define ROUND_UP(v, size) ROUND_DOWN((v) + (size) - 1, size)
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EFAULT = 14, EEXIST = 17, ENOTDIR = 20,
       EISDIR = 21, EINVAL = 22, EMFILE = 24, ENOTTY = 25, ESPIPE = 29, EROFS = 30, ERANGE = 34, ENAMETOOLONG = 36,
       ENOSYS = 38, EAFNOSUPPORT = 97, ETIMEDOUT = 110 };

struct lock { volatile u32 held; };

// Registers at a trap or system call, as entry.S pushes them.
struct regs {
  u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  u64 vector, error, rip, cs, rflags, rsp, ss;
};

// ---- Threads of the JVM (thread.c, schedule.c, sleep.c) ----
enum state { FREE, NEW, READY, RUNNING, WAITING, DEAD };
// In order of preference: what safepoints wait for, Java code, garbage collection, compilation.
enum class { CLASS_URGENT, CLASS_JAVA, CLASS_COLLECTOR, CLASS_COMPILER, CLASSES };

struct thread {
  u64 stack_pointer;           // while not running
  u64 stack_top;
  u8 *fpu;                     // laid out like a user frame from F_FORM on
  u64 fs_base;
  u32 id;
  volatile u32 state;          // enum state
  volatile u32 on_cpu;         // its stack is in use: nobody else may switch to it yet
  u32 cpu;                     // whose queue it is in, or where it ran last
  u32 class;
  u32 in_user;                 // preempted in ring 3, where it holds up no safepoint
  u64 affinity;
  u64 virtual_time;            // ns run, divided by its weight, relative to its CPU's
  u64 started, ready_since;
  struct thread *next_ready;
  // futex.c: guarded by the bucket's lock
  struct thread *next_waiter;
  u64 futex;
  u32 futex_bits, futex_queued;
  // sleep.c: guarded by the lock of cpus[sleep_cpu].sleepers
  struct thread *next_sleeper;
  u64 deadline;
  u32 sleep_cpu, sleeping;
  // signal.c
  u64 blocked, saved_blocked;
  volatile u64 pending;
  u32 restore_blocked;         // sigsuspend: put saved_blocked back after the handler
  u64 fault_address;           // of a page fault on its way to the signal handler
  u32 fault_code;
  u64 alternate_stack, alternate_size;
  u32 alternate_flags;
  u64 clear_tid;               // CLONE_CHILD_CLEARTID
  char name[16];
};

struct cpu {
  struct cpu *self;            // the fields up to wall are read by assembly or the vDSO: layout.h
  struct thread *thread;
  u64 scratch, stack, frame, return_stack, root;
  volatile u32 wake;
  u32 index;
  u64 tsc_base, tsc_mult, wall;
  u32 apic_id;
  volatile u32 online;
  // Run queue (schedule.c)
  struct lock queue_lock;
  struct thread *ready;
  u32 ready_count;
  volatile u32 idle, reschedule;
  struct thread *idle_thread, *previous;
  u64 virtual_time;
  struct thread *volatile carrier;
  // Sleepers and the one-shot timer (sleep.c, clock.c)
  struct lock sleep_lock;
  struct thread *sleepers;
  u64 timer_deadline;
  // TLB requests (tlb.c)
  volatile u64 flush_from;     // CPUs that ask this one to flush
  volatile u64 flush_start, flush_pages;
  volatile u32 flush_waiting;
  volatile u32 flush_late;     // flush everything before running anything: set while idle
  // Free pages at hand (frame.c)
  u64 pages[64];
  u32 page_count;
  u64 gathered[256];           // map.c: pages to free when no TLB holds them any more
  u32 gathered_count;
};

extern struct cpu cpus[MAX_CPUS];
extern u32 cpu_count;
static inline struct cpu *this_cpu(void) { struct cpu *c; asm volatile("mov %%gs:%c1, %0" : "=r"(c) : "i"(CPU_SELF)); return c; }
static inline struct thread *this_thread(void) { struct thread *t; asm volatile("mov %%gs:%c1, %0" : "=r"(t) : "i"(CPU_THREAD)); return t; }
static inline struct regs *thread_regs(struct thread *t) { return (struct regs *)(t->stack_top - REGS_SIZE); }

// ---- string.c, log.c, panic.c ----
void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
int memcmp(const void *, const void *, size_t);
size_t strlen(const char *);
int strcmp(const char *, const char *);
int starts_with(const char *, const char *prefix);
void log_init(const char *where);
void log_bytes(const char *, size_t);
void log_break_lock(void);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
size_t format(char *, size_t, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t format_list(char *, size_t, const char *format, va_list);
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void panic_regs(const struct regs *, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void machine_stop_body(u64 code);
_Noreturn void panic_halt(void);
extern volatile u32 panicking;

// ---- boot.c: what the loader said ----
struct range { u64 start, end; };
struct boot {
  char command_line[4096];
  u64 rsdp;
  struct range ram[64], module[8];
  u32 ram_count, module_count;
};
extern struct boot boot;
u64 option(const char *name, u64 otherwise);
const char *option_text(const char *name);
char *jvm_arguments(void);
extern u32 trace;

// ---- acpi.c ----
struct io_apic { u64 address; u32 first_line; };
struct override { u8 irq; u32 line; u16 flags; };
struct acpi {
  u32 apic_ids[MAX_CPUS], cpu_count;
  struct io_apic io_apics[8];
  u32 io_apic_count;
  struct override overrides[24];
  u32 override_count;
  u16 pm_timer, reset_port;
  u8 reset_value;
};
extern struct acpi acpi;
void acpi_init(void);

// ---- cpu.c, fpu.S ----
extern struct features { u32 avx, avx512, smap, smep, umip, x2apic, huge, tcg; u64 xcr0; u32 xsave_size; } features;
extern u8 fpu_method;          // which code saves vector registers: 0 AVX moves, 1 SSE moves, 2 XSAVE
void cpu_detect(void);
void cpu_init(u32 index);
void fpu_save(u8 *area);
void fpu_restore(const u8 *area);

// ---- apic.c ----
void apic_init(void);
u32 apic_id(void);
void apic_end_of_interrupt(void);
void apic_send(u32 cpu, u32 vector);
void apic_start(u32 apic_id, u32 trampoline);
void apic_timer(u64 count);
u64 apic_timer_left(void);
void line_interrupt(u32 vector);

// ---- clock.c ----
void clock_init(void);
u64 clock_ns(void);
void clock_arm(struct cpu *, u64 deadline);
void clock_wait(u64 ns);
extern u64 tsc_base, tsc_mult, wall_base;

// ---- smp.c ----
void smp_start(void);

// ---- frame.c: physical memory ----
extern u64 jvm_pages, jvm_pages_free;
extern struct range java_ranges[64], archive, root_archive;
extern u32 java_range_count;
void memory_init(void);
u64 page_alloc(void);          // zeroed; 0 when there is none
u64 page_alloc_dirty(void);
void page_free(u64 page);
u64 large_alloc(void);         // 2 MB, not zeroed
void large_free(u64 page);
void *permanent(u64 bytes);    // zeroed, contiguous, never freed
static inline void *physical(u64 address) { return (void *)(address + DIRECT_MAP); }

// ---- pagetable.c, tlb.c ----
extern u64 kernel_root;
enum { PTE_PRESENT = 1, PTE_WRITE = 2, PTE_LARGE = 0x80, PTE_GLOBAL = 0x100, PTE_ACCESSED_DIRTY = 0x60,
       PTE_OWNED = 0x200,      // software: the frame is freed with the mapping
       PTE_POPULATED = 0x400 };// software: has a frame, even if not present (PROT_NONE)
#define PTE_NX (1ul << 63)
#define PTE_ADDRESS 0x000ffffffffff000ul
u64 early_page(void);
void direct_map_init(void);
void shim_map_protect(void);
void identity_map_drop(void);
u64 *pte_find(u64 address, u64 end, u64 *at, u64 *size);
u64 *pte_create(u64 address, u64 size);
i64 pte_split(u64 *entry);
#define EVERYTHING (~0ul)
void tlb_flush_jvm(u64 address, u64 pages);
void tlb_everything(void);
void tlb_answer(void);
void tlb_catch_up(void);

// ---- map.c, fault.c: the JVM's address space ----
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_SHARED = 1, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_NORESERVE = 0x4000, MAP_FIXED_NOREPLACE = 0x100000 };
struct node;
struct region { u64 start, end; struct node *node; u64 offset; u32 prot, shared; };
extern struct lock memory_lock;
u64 prot_bits(u32 prot);
void map_release(struct cpu *, u64 address, u64 pages);
struct region *region_at(u64 address);
void map_init(void);
i64 map(u64 address, u64 length, u32 prot, u32 flags, struct node *, u64 offset);
i64 sys_mmap(u64 address, u64 length, u32 prot, u32 flags, i32 fd, u64 offset);
i64 sys_munmap(u64 address, u64 length);
i64 sys_mprotect(u64 address, u64 length, u32 prot);
i64 sys_madvise(u64 address, u64 length, u32 advice);
i64 sys_mremap(u64 address, u64 old_length, u64 new_length, u32 flags);
i64 sys_brk(u64 address);
int page_fault(u64 address, u64 error);        // 0, or the si_code of the SIGSEGV

// ---- access.S: JVM memory from within the shim; -EFAULT instead of a fault ----
i64 copy_in(void *to, u64 from, u64 length);
i64 copy_out(u64 to, const void *from, u64 length);
i64 copy_string(char *to, u64 from, u64 size); // length, -EFAULT or -ENAMETOOLONG
#define GET(value, address) copy_in(&(value), (u64)(address), sizeof(value))
#define PUT(address, value) ({ typeof(value) v_ = (value); copy_out((u64)(address), &v_, sizeof v_); })

// ---- file.c, memfd.c ----
struct node {
  const char *path;
  u32 mode, number;
  u64 size, modified;
  const u8 *data;
  u64 *chunks;                 // memfd: physical 2 MB pages, 0 = hole
};
void file_init(void);
void file_publish(const char *path, const void *data, u64 size);
struct node *file_lookup(const char *path);
struct node *file_of(i32 fd);
i64 file_call(u64 number, u64 a, u64 b, u64 c, u64 d);
i64 fd_open(struct node *, u32 flags);
i64 memfd_create(void);
i64 memfd_truncate(struct node *, u64 size);
i64 memfd_allocate(struct node *, u32 mode, u64 offset, u64 length);
u64 memfd_page(struct node *, u64 offset);     // physical address of the 4 KB page, 0 = none to be had
#define NOT_A_FILE_CALL (-100000)

// ---- thread.c, schedule.c, sleep.c, futex.c, signal.c ----
#define MAX_THREADS 1024
extern struct thread threads[MAX_THREADS];
struct thread *thread_create(void);
void thread_start(struct thread *, const struct regs *);
void thread_first(u64 entry, u64 stack);
struct thread *thread_find(u32 id);
void thread_name(struct thread *, const char *name);
i64 sys_clone(u64 flags, u64 stack, u64 parent_tid, u64 child_tid, u64 tls);
_Noreturn void thread_exit(void);
void schedule_init_cpu(void);
void schedule(void);
void schedule_tail(void);
void wake(struct thread *);
void reschedule_if_asked(void);
_Noreturn void idle_loop(void);
void switch_stack(u64 *save, u64 to);
void thread_begin(void);       // where a new thread's first switch_stack returns to
extern volatile u32 safepoint_wanted;
void safepoint_want(void);
void sleep_add(struct thread *, u64 deadline);
void sleep_remove(struct thread *);
void sleepers_wake(struct cpu *, u64 now);
void sleep_until(u64 deadline);
void timer_interrupt(void);
i64 sys_futex(u64 address, u32 operation, u32 value, u64 timeout, u32 value3);
u32 futex_wake(u64 address, u32 count, u32 bits);
int signal_pending(struct thread *);
int signal_deliver_pending(struct regs *);
int signal_fault(struct regs *, u32 signal, u32 code, u64 address);
void sys_rt_sigreturn(struct regs *);
i64 sys_rt_sigsuspend(u64 set, u64 size);
i64 sys_rt_sigaction(u32 signal, u64 new, u64 old, u64 size);
i64 sys_rt_sigprocmask(u32 how, u64 new, u64 old, u64 size);
i64 sys_sigaltstack(u64 new, u64 old);
i64 sys_tgkill(u32 thread, u32 signal);

// ---- elf.c, java.c ----
void java_start(void);
void java_publish(void);
void carrier_wake(struct cpu *);
enum statistic { STAT_PAGES_USED, STAT_FAULTS, STAT_SIGNALS, STAT_SWITCHES, STAT_IPIS, STAT_TICKS, STAT_MAX_WAIT_NS,
                 STAT_WAITS, STAT_WAIT_BUCKETS = 20, STAT_COUNT = STAT_WAITS + STAT_WAIT_BUCKETS };
extern u64 statistics[STAT_COUNT];
static inline void count(enum statistic s) { __atomic_fetch_add(&statistics[s], 1, __ATOMIC_RELAXED); }
void linux_report(const char *what, u64 number, u64 a, u64 b, u64 c);
