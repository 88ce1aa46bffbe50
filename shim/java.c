// What Java may call and see: published in /proc/shim as lines "name value" (hexadecimal). The functions
// are called with the C ABI by java.lang.foreign; those named *_body run on the shim's stack with
// interrupts off (entry.S).
#include "lock.h"

extern u64 pending[MAX_CPUS][8];
u64 enter_user(void *frame, u64 root);
void cpu_pin(void), cpu_idle(void), cpu_wake(void), tlb_flush(void), interrupt_route(void), interrupt_enable(void), log_write(void),
  user_root_leave(void), machine_stop(void);

u64 cpu_current(void)
{
  u32 index;
  asm volatile("mov %%gs:%c1, %0" : "=r"(index) : "i"(CPU_INDEX));
  return index;
}

u64 port_read(u64 port, u64 bytes) { return bytes == 1 ? in8(port) : bytes == 2 ? in16(port) : in32(port); }

void port_write(u64 port, u64 bytes, u64 value)
{
  if (bytes == 1)
    out8(port, value);
  else if (bytes == 2)
    out16(port, value);
  else
    out32(port, value);
}

// ---- Carriers ----

void cpu_pin_body(u64 index)
{
  struct thread *t = this_thread();
  if (index >= cpu_count)
    return;
  t->affinity = 1ul << index;
  cpus[index].carrier = t;
  if (index == this_cpu()->index)
    return;
  __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
  wake(t);                               // puts it into the other CPU's queue
  schedule();
}

static int carrier_wanted(struct cpu *c, u64 deadline)
{
  return __atomic_load_n(&pending[c->index][0], __ATOMIC_SEQ_CST) || __atomic_exchange_n(&c->wake, 0, __ATOMIC_SEQ_CST) ||
         clock_ns() >= deadline;
}

void cpu_idle_body(u64 deadline)
{
  struct cpu *c = this_cpu();
  struct thread *t = this_thread();
  deadline = deadline ? deadline : NEVER;
  if (c->carrier != t || carrier_wanted(c, deadline))
    return;
  __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
  if (carrier_wanted(c, deadline))       // again: a wake before WAITING was seen found nobody to wake
    wake(t);
  sleep_until(deadline);
  c->wake = 0;
}

void carrier_wake(struct cpu *c)
{
  struct thread *t = c->carrier;
  __atomic_store_n(&c->wake, 1, __ATOMIC_SEQ_CST);
  if (!t)
    return;
  wake(t);
  if (c != this_cpu() && c->thread == t)
    apic_send(c->index, VECTOR_WAKE);    // in ring 3, perhaps: enter_user returns
}

void cpu_wake_body(u64 index)
{
  if (index < cpu_count)
    carrier_wake(&cpus[index]);
}

// ---- The log ----

void log_write_body(u64 address, u64 length)
{
  char text[512];
  for (u64 done = 0, part; done < length; done += part) {
    part = MIN(length - done, sizeof text);
    if (address >= DIRECT_MAP)
      memcpy(text, (void *)(address + done), part);
    else if (copy_in(text, address + done, part))
      return;
    log_bytes(text, part);
  }
}

// ---- /proc/shim ----

static char table[8192];
static u64 table_size;

static void publish(const char *name, u64 value)
{
  table_size += format(table + table_size, sizeof table - table_size, "%s %lx\n", name, value);
}

static void publish_range(const char *name, struct range r)
{
  char text[40];
  format(text, sizeof text, "%s_start", name);
  publish(text, r.start);
  format(text, sizeof text, "%s_end", name);
  publish(text, r.end);
}

void java_publish(void)
{
  const struct { const char *name; u64 value; } entries[] = {
    { "enter_user", (u64)enter_user }, { "cpu_current", (u64)cpu_current }, { "cpu_pin", (u64)cpu_pin }, { "cpu_idle", (u64)cpu_idle },
    { "cpu_wake", (u64)cpu_wake }, { "tlb_flush", (u64)tlb_flush }, { "port_read", (u64)port_read }, { "port_write", (u64)port_write },
    { "interrupt_route", (u64)interrupt_route }, { "interrupt_enable", (u64)interrupt_enable }, { "log_write", (u64)log_write },
    { "user_root_leave", (u64)user_root_leave }, { "machine_stop", (u64)machine_stop }, { "direct_map", DIRECT_MAP },
    { "cpus", cpu_count }, { "kernel_root", kernel_root }, { "pending", (u64)pending }, { "user_frame_size", F_XSAVE + features.xsave_size },
    { "xsave_size", features.xsave_size }, { "command_line", (u64)boot.command_line }, { "tsc_base", tsc_base }, { "tsc_multiplier", tsc_mult },
    { "wall_base_ns", wall_base }, { "statistics", (u64)statistics }, { "ready_trace", (u64)&statistics[STAT_WAITS] },
    { "features", features.avx | features.avx512 << 1 | features.smap << 2 | features.smep << 3 | features.x2apic << 4 |
      features.huge << 5 | features.tcg << 6 },
  };
  for (u32 i = 0; i < COUNT(entries); i++)
    publish(entries[i].name, entries[i].value);
  for (u32 i = 0; i < java_range_count; i++) {
    char name[16];
    format(name, sizeof name, "frames_%u", i);
    publish_range(name, java_ranges[i]);
  }
  publish_range("root", root_archive);
  file_publish("/proc/shim", table, table_size);
}
