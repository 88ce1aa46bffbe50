// The end: what happened, the registers, the JVM's stack; then the machine stops with a failing status.
#include "lock.h"
#define EXIT_PORT 0x501                  // QEMU's isa-debug-exit
#define RESET_PORT 0xcf9                 // the chipset's reset control register
volatile u32 panicking;
_Noreturn void panic_halt(void) {
  for (;;) asm volatile("cli; hlt");
}
_Noreturn void machine_stop_body(u64 code) {
  out32(EXIT_PORT, code);
  out8(RESET_PORT, 6);                   // a machine without that device
  panic_halt();
}
static void print_place(u64 address) {
  const struct region *r = region_at(address);
  if (r && r->node) print("  %lx  %s+%lx\n", address, r->node->path, r->offset + address - r->start);
  else print("  %lx  %s\n", address, address >= SHIM_BASE ? "the shim" : "");
}
// The code around the instruction, and the page table's entry of the address that it may have touched.
static void print_surroundings(u64 rip, u64 address) {
  u64 at, size, *entry = pte_find(address, address + 1, &at, &size);
  const struct region *r = region_at(address);
  u8 byte;
  print("cr2 %lx: entry %lx, region of protection %u from %lx to %lx\ncode:", address, entry ? *entry : 0, r ? r->prot : 0, r ? r->start : 0, r ? r->end : 0);
  for (u64 a = rip - 16; a < rip + 32 && !copy_in(&byte, a, 1); a++) print(a == rip ? " <%x>" : " %x", byte);
  print("\nstack:\n");
}
// The words of the stack that point into a file's code: compiled Java code keeps no frame pointers.
static void print_jvm_stack(u64 sp) {
  u64 word;
  for (u32 i = 0, shown = 0; i < 2048 && shown < 40 && !copy_in(&word, sp + 8 * i, 8); i++) {
    const struct region *r = region_at(word);
    if (r && r->prot & PROT_EXEC && r->node && ++shown) print_place(word);
  }
}
// `r` may be null: the shim itself found out. The first CPU to fail speaks; it stops the others first.
_Noreturn void panic_regs(const struct regs *r, const char *f, ...) {
  char line[256];
  u64 cr2 = cr2_read();
  va_list arguments;
  interrupts_off();
  if (__atomic_exchange_n(&panicking, 1, __ATOMIC_SEQ_CST)) panic_halt();
  for (u32 i = 0; i < cpu_count && cpu_count > 1; i++) if (&cpus[i] != this_cpu()) apic_send(i, VECTOR_NMI);
  log_break_lock();
  unlock(&memory_lock);
  va_start(arguments, f);
  format_list(line, sizeof line, f, arguments);
  print("\nshim: PANIC: %s\n", line);
  if (r) {
    print("rip %lx rsp %lx rflags %lx vector %lu error %lx\n", r->rip, r->rsp, r->rflags, r->vector, r->error);
    print("rax %lx rbx %lx rcx %lx rdx %lx rsi %lx rdi %lx rbp %lx\n", r->rax, r->rbx, r->rcx, r->rdx, r->rsi, r->rdi, r->rbp);
    print("r8 %lx r9 %lx r10 %lx r11 %lx r12 %lx r13 %lx r14 %lx r15 %lx\n", r->r8, r->r9, r->r10, r->r11, r->r12, r->r13, r->r14, r->r15);
    print_surroundings(r->rip, cr2);
    print_place(r->rip);
    print_jvm_stack(r->rsp);
  } else {
    print_place((u64)__builtin_return_address(0));
  }
  machine_stop_body(1);
}
