// The end: what happened, the registers, the JVM's stack; then the machine stops with a failing status.
#include "instructions.h"

#define EXIT_PORT 0x501                  // QEMU's isa-debug-exit
volatile u32 panicking;

_Noreturn void panic_halt(void)
{
  for (;;)
    asm volatile("cli; hlt");
}

_Noreturn void machine_stop_body(u64 code)
{
  out32(EXIT_PORT, code);
  if (acpi.reset_port)                   // a machine without that device
    out8(acpi.reset_port, acpi.reset_value);
  panic_halt();
}

// The first CPU to fail speaks; it stops the others first.
static void alone(void)
{
  interrupts_off();
  if (__atomic_exchange_n(&panicking, 1, __ATOMIC_SEQ_CST))
    panic_halt();
  for (u32 i = 0; i < cpu_count && cpu_count > 1; i++)
    if (&cpus[i] != this_cpu())
      apic_send(i, VECTOR_NMI);
  log_break_lock();
  memory_lock.held = 0;
}

static void print_place(u64 address)
{
  const struct region *r = address >= JVM_START && address < JVM_END ? region_at(address) : 0;
  if (address >= SHIM_BASE)
    print("  %lx  shim\n", address);
  else if (r && r->node)
    print("  %lx  %s+%lx\n", address, r->node->path, r->offset + address - r->start);
  else if (r)
    print("  %lx  mapping %lx-%lx\n", address, r->start, r->end);
  else
    print("  %lx\n", address);
}

// Return addresses along the frame pointers, as far as there are any.
static void print_stack(const struct regs *r)
{
  u64 frame = r->rbp, link[2];
  print("stack:\n");
  print_place(r->rip);
  for (int depth = 0; depth < 48; depth++) {
    if (frame >= SHIM_BASE || (frame >= DIRECT_MAP && frame % 8 == 0))
      memcpy(link, (void *)frame, sizeof link);
    else if (copy_in(link, frame, sizeof link))
      break;
    print_place(link[1]);
    if (link[0] <= frame)
      break;
    frame = link[0];
  }
}

// Everything on the stack that points into a file's code: what is left when frame pointers are not kept.
static void print_code_words(u64 sp)
{
  print("words of the stack that point into code:\n");
  for (u32 i = 0, shown = 0; i < 1024 && shown < 32; i++, sp += 8) {
    u64 word;
    if (copy_in(&word, sp, 8))
      return;
    const struct region *r = word >= JVM_START && word < JVM_END ? region_at(word) : 0;
    if (r && r->prot & PROT_EXEC && r->node) {
      print_place(word);
      shown++;
    }
  }
}

static void print_regs(const struct regs *r)
{
  print("rip %016lx rsp %016lx rflags %lx cs %lx vector %lu error %lx\n", r->rip, r->rsp, r->rflags, r->cs, r->vector, r->error);
  print("rax %016lx rbx %016lx rcx %016lx rdx %016lx\n", r->rax, r->rbx, r->rcx, r->rdx);
  print("rsi %016lx rdi %016lx rbp %016lx r8  %016lx\n", r->rsi, r->rdi, r->rbp, r->r8);
  print("r9  %016lx r10 %016lx r11 %016lx r12 %016lx\n", r->r9, r->r10, r->r11, r->r12);
  print("r13 %016lx r14 %016lx r15 %016lx cr2 %016lx\n", r->r13, r->r14, r->r15, cr2_read());
}

static void say(const char *f, va_list arguments)
{
  char line[512];
  format_list(line, sizeof line, f, arguments);
  print("\nshim: PANIC: %s\n", line);
}

_Noreturn void panic(const char *f, ...)
{
  alone();
  va_list arguments;
  va_start(arguments, f);
  say(f, arguments);
  struct regs here = { .rip = (u64)__builtin_return_address(0), .rbp = *(u64 *)__builtin_frame_address(0) };
  print_stack(&here);
  machine_stop_body(1);
}

_Noreturn void panic_regs(const struct regs *r, const char *f, ...)
{
  alone();
  va_list arguments;
  va_start(arguments, f);
  say(f, arguments);
  print_regs(r);
  print_stack(r);
  if (r->rsp < JVM_END)
    print_code_words(r->rsp);
  machine_stop_body(1);
}
