// What the shim's files know of each other. Interrupts are off in all of the shim's C code but for the
// idle loop's `hlt`; locks are spin locks whose waiters answer TLB requests (lock.h).
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "layout.h"

typedef uint64_t u64; typedef uint32_t u32; typedef uint16_t u16; typedef uint8_t u8;
typedef int64_t i64; typedef int32_t i32;

#define PAGE 4096ul
#define LARGE (2ul << 20)
#define MAX_CPUS 64
#define MAX_THREADS 1024
#define MILLISECOND 1000000ul
#define SECOND 1000000000ul
#define NEVER (~0ul)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define ROUND_DOWN(v, size) ((v) & ~((size) - 1))
#define ROUND_UP(v, size) ROUND_DOWN((v) + (size) - 1, size)
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { EPERM = 1, ENOENT = 2, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EFAULT = 14, EEXIST = 17, EISDIR = 21,
       EINVAL = 22, EMFILE = 24, ENOTTY = 25, ESPIPE = 29, EROFS = 30, ENOSYS = 38, EAFNOSUPPORT = 97, ETIMEDOUT = 110 };

struct lock { volatile u32 held; };
struct range { u64 start, end; };
struct regs {                            // at a trap or system call, as entry.S pushes them
  u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  u64 vector, error, rip, cs, rflags, rsp, ss;
};

enum state { FREE, NEW, READY, RUNNING, WAITING, DEAD };
// In order of preference: what safepoints wait for, Java code, garbage collection, compilation.
enum class { CLASS_URGENT, CLASS_JAVA, CLASS_COLLECTOR, CLASS_COMPILER, CLASSES };

struct thread {                          // of the JVM
  u64 stack_pointer, stack_top;          // of its shim stack; stack_pointer while it does not run
  u8 *fpu;                               // laid out like a user frame
  u64 fs_base, affinity, virtual_time, started;
  volatile u32 state, on_cpu;            // on_cpu: its stack is in use, nobody else may switch to it yet
  u32 id, cpu;                           // cpu: whose queue it is in, or where it ran last
  u32 class, in_user;                    // in_user: preempted in ring 3, where it holds up no safepoint
  struct thread *next_ready;
  struct thread *next_waiter;            // futex.c: guarded by the bucket's lock
  u64 futex;
  u32 futex_queued, sleeping;
  struct thread *next_sleeper;           // sleep.c: guarded by the sleep_lock of the CPU where it went to sleep
  u64 deadline;
  u64 fault_address, clear_tid;
  u32 fault_code;
  char name[16];
};

struct cpu {
  struct cpu *self;                      // up to `wake` read by assembly: layout.h
  struct thread *thread;
  u64 scratch, stack, frame, return_stack, root;
  volatile u32 wake;
  u32 index, apic_id, ready_count;
  volatile u32 online, idle, reschedule, carrier_idle;
  struct lock queue_lock, sleep_lock;
  struct thread *ready, *idle_thread, *previous, *sleepers, *volatile carrier;
  u64 virtual_time, timer_deadline;
  volatile u64 flush_from, flush_start, flush_pages;   // TLB requests (tlb.c)
  volatile u32 flush_waiting, flush_late;
  u64 pages[64], gathered[256];          // free pages at hand; pages to free when no TLB holds them
  u32 page_count, gathered_count;
};
extern struct cpu cpus[MAX_CPUS];
extern u32 cpu_count;
static inline struct cpu *this_cpu(void) { struct cpu *c; asm volatile("mov %%gs:%c1, %0" : "=r"(c) : "i"(CPU_SELF)); return c; }
static inline struct thread *this_thread(void) { struct thread *t; asm volatile("mov %%gs:%c1, %0" : "=r"(t) : "i"(CPU_THREAD)); return t; }
static inline struct regs *thread_regs(struct thread *t) { return (struct regs *)(t->stack_top - REGS_SIZE); }
static inline void *physical(u64 address) { return (void *)(address + DIRECT_MAP); }
// string.c, log.c, panic.c
void *memset(void *, int, size_t), *memcpy(void *, const void *, size_t), *memmove(void *, const void *, size_t);
int memcmp(const void *, const void *, size_t), strcmp(const char *, const char *), starts_with(const char *, const char *prefix);
size_t strlen(const char *);
void log_init(const char *where), log_bytes(const char *, size_t), log_break_lock(void);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
size_t format(char *, size_t, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t format_list(char *, size_t, const char *format, va_list);
_Noreturn void panic_regs(const struct regs *, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define panic(...) panic_regs(0, __VA_ARGS__)
_Noreturn void machine_stop_body(u64 code), panic_halt(void);
extern volatile u32 panicking;
// boot.c: what the loader said; acpi.c: what the firmware says
extern struct boot { char command_line[4096]; u64 rsdp; struct range ram[64], module[8]; u32 ram_count, module_count; } boot;
u64 option(const char *name, u64 otherwise);
const char *option_text(const char *name);
char *jvm_arguments(void);
extern u32 trace;
extern struct acpi {
  u32 apic_ids[MAX_CPUS], cpu_count, io_apic_count, override_count;
  struct io_apic { u64 address; u32 first_line; } io_apics[8];
  struct override { u32 irq, line, flags; } overrides[24];
} acpi;
void acpi_init(void);
// cpu.c, smp.c, apic.c, clock.c, user.S
extern struct features { u32 avx, avx512, smap, smep, umip, x2apic, huge, tcg; u64 xcr0; u32 xsave_size; } features;
extern u8 fpu_moves;                     // AVX and no more: vector registers are saved by plain moves
void cpu_detect(void), cpu_init(u32 index), smp_start(void), fpu_save(u8 *area), fpu_restore(const u8 *area);
void apic_init(void), apic_end_of_interrupt(void), apic_send(u32 cpu, u32 vector), apic_start(u32 apic_id, u32 page);
void apic_timer(u64 ticks), line_interrupt(u32 vector);
u32 apic_id(void);
u64 apic_timer_left(void), clock_ns(void);
void clock_init(void), clock_arm(struct cpu *, u64 deadline), clock_wait(u64 ns);
extern u64 tsc_base, tsc_mult, pending[MAX_CPUS][8];
// frame.c: physical memory. Addresses of pages; 0 when there is none.
extern u64 jvm_pages, jvm_pages_free;
extern struct range java_ranges[64], archive, root_archive;
extern u32 java_range_count;
void memory_init(void), page_free(u64 page), large_free(u64 page);
u64 page_alloc(void), page_alloc_dirty(void), large_alloc(void);  // zeroed; not; 2 MB, zeroed
void *permanent(u64 bytes);              // zeroed, contiguous, never freed
// pagetable.c, tlb.c
enum { PTE_PRESENT = 1, PTE_WRITE = 2, PTE_UNCACHED = 0x18, PTE_ACCESSED_DIRTY = 0x60, PTE_LARGE = 0x80, PTE_GLOBAL = 0x100,
       PTE_OWNED = 0x200, PTE_POPULATED = 0x400 };  // software: freed with the mapping; has a page, even under PROT_NONE
#define PTE_NX (1ul << 63)
#define PTE_ADDRESS 0x000ffffffffff000ul
#define EVERYTHING (~0ul)
extern u64 kernel_root;
u64 direct_map_init(void);
void shim_map_protect(void), identity_map_drop(void);
u64 *pte_find(u64 address, u64 end, u64 *at, u64 *size), *pte_create(u64 address, u64 size);
i64 pte_split(u64 *entry);
void tlb_flush_jvm(u64 address, u64 pages), tlb_everything(void), tlb_answer(void), tlb_catch_up(void);
// map.c, fault.c: the JVM's address space
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_SHARED = 1, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_NORESERVE = 0x4000, MAP_FIXED_NOREPLACE = 0x100000 };
struct region { u64 start, end; struct node *node; u64 offset; u32 prot, shared; };
extern struct lock memory_lock;
void map_init(void);
u64 prot_bits(u32 prot), pte_protect(u64 entry, const struct region *);
struct region *region_at(u64 address);
i64 map(u64 address, u64 length, u32 prot, u32 flags, struct node *, u64 offset);
i64 sys_mmap(u64 address, u64 length, u32 prot, u32 flags, i32 fd, u64 offset), sys_munmap(u64 address, u64 length);
i64 sys_mprotect(u64 address, u64 length, u32 prot), sys_madvise(u64 address, u64 length, u32 advice);
int page_fault(u64 address, u64 error);  // 0, or the si_code of the SIGSEGV
// entry.S: JVM memory from within the shim; -EFAULT instead of a fault
i64 copy_in(void *to, u64 from, u64 length), copy_out(u64 to, const void *from, u64 length);
#define GET(value, address) copy_in(&(value), (u64)(address), sizeof(value))
#define PUT(address, value) ({ typeof(value) v_ = (value); copy_out((u64)(address), &v_, sizeof v_); })
// file.c, memfd.c
struct node { const char *path; u32 mode, number; u64 size, modified; const u8 *data; u64 *chunks; };
#define NOT_A_FILE_CALL (-100000)
void file_init(void), file_publish(const char *path, const void *data, u64 size);
struct node *file_lookup(const char *path), *file_of(i32 fd);
i64 log_copy(u64 from, u64 n), get_time(u64 address, u64 *ns), copy_string(char *to, u64 from, u64 size);
i64 file_call(u64 number, u64 a, u64 b, u64 c, u64 d), fd_open(struct node *), memfd_create(void);
i64 memfd_allocate(struct node *, u32 mode, u64 offset, u64 length);
u64 memfd_page(struct node *, u64 offset);
// thread.c, schedule.c, sleep.c, futex.c, signal.c
extern struct thread threads[MAX_THREADS];
struct thread *thread_create(void);
void thread_start(struct thread *, const struct regs *), thread_name(struct thread *, const char *name);
void thread_begin(void), switch_stack(u64 *save, u64 to);
_Noreturn void thread_exit(void), idle_loop(void);
void schedule_init_cpu(void), schedule(void), schedule_tail(void), reschedule_if_asked(void), timer_interrupt(void);
void wake(struct thread *), safepoint_want(int);
void sleep_until(u64 deadline), sleepers_wake(struct cpu *, u64 now);
u32 futex_wake(u64 address, u32 count);
i64 sys_clone3(u64 arguments, u64 size), sys_futex(u64 address, u32 operation, u32 value, u64 timeout);
int signal_fault(struct regs *, u32 signal, u32 code, u64 address);
void sys_rt_sigreturn(struct regs *);
i64 sys_rt_sigaction(u32 signal, u64 new, u64 old);
// linux.c, elf.c, java.c
void java_start(void), java_publish(void), carrier_wake(struct cpu *);
void linux_report(const char *what, u64 number, u64 a, u64 b, u64 c);
