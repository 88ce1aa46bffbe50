// What Java may call and see: published in /proc/shim as lines "name value" (hexadecimal). The functions are
// called with the C ABI by java.lang.foreign; those named *_body run on the shim's stack with interrupts off
// (entry.S).
#include "lock.h"
void enter_user(void), cpu_pin(void), cpu_idle(void), cpu_wake(void), tlb_flush(void), interrupt_route(void), interrupt_enable(void), interrupt_message(void);
void device_map(void), log_write(void), user_root_leave(void), machine_stop(void);

u64 cpu_current(void) { return this_cpu()->index; }
u64 port_read(u64 port, u64 bytes) { return bytes == 1 ? in8(port) : bytes == 2 ? in16(port) : in32(port); }
void port_write(u64 port, u64 bytes, u64 value) { bytes == 1 ? out8(port, value) : bytes == 2 ? out16(port, value) : out32(port, value); }

// ---- Carriers ----
void cpu_pin_body(u64 index) {
  struct thread *t = this_thread();
  if (index >= cpu_count) return;
  t->affinity = 1ul << index;
  cpus[index].carrier = t;
  if (index == this_cpu()->index) return;
  __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
  wake(t);                               // puts it into the other CPU's queue
  schedule();
}
static int carrier_wanted(struct cpu *c, u64 deadline) {
  return __atomic_load_n(&pending[c->index][0], __ATOMIC_SEQ_CST) || __atomic_exchange_n(&c->wake, 0, __ATOMIC_SEQ_CST) ||
         clock_ns() >= deadline;
}
void cpu_idle_body(u64 deadline) {
  struct cpu *c = this_cpu();
  struct thread *t = this_thread();
  deadline = deadline ? deadline : NEVER;
  if (c->carrier != t || carrier_wanted(c, deadline)) return;
  __atomic_store_n(&c->carrier_idle, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&t->state, WAITING, __ATOMIC_SEQ_CST);
  if (carrier_wanted(c, deadline)) wake(t);  // again: a wake before WAITING was seen found nobody to wake
  sleep_until(deadline);
  c->wake = c->carrier_idle = 0;
}
void carrier_wake(struct cpu *c) {
  struct thread *t = c->carrier;
  __atomic_store_n(&c->wake, 1, __ATOMIC_SEQ_CST);
  if (t && __atomic_load_n(&c->carrier_idle, __ATOMIC_SEQ_CST)) wake(t);  // not out of another wait
  if (t && c != this_cpu() && c->thread == t) apic_send(c->index, VECTOR_WAKE);  // in ring 3, perhaps: enter_user returns
}
void cpu_wake_body(u64 index) { if (index < cpu_count) carrier_wake(&cpus[index]); }
void log_write_body(u64 address, u64 length) {
  if (address >= DIRECT_MAP) log_bytes((void *)address, length);
  else log_copy(address, length);
}

// ---- /proc/shim ----
static char table[8192];
static u64 table_size;
static void publish(const char *name, u64 value) {
  table_size += format(table + table_size, sizeof table - table_size, "%s %lx\n", name, value);
}
void java_publish(void) {
#define FUNCTION(name) publish(#name, (u64)name)
  FUNCTION(enter_user), FUNCTION(cpu_current), FUNCTION(cpu_pin), FUNCTION(cpu_idle), FUNCTION(cpu_wake), FUNCTION(tlb_flush), FUNCTION(port_read);
  FUNCTION(port_write), FUNCTION(interrupt_route), FUNCTION(interrupt_enable), FUNCTION(interrupt_message), FUNCTION(device_map), FUNCTION(log_write), FUNCTION(user_root_leave), FUNCTION(machine_stop);
  FUNCTION(pending), FUNCTION(kernel_root), FUNCTION(tsc_base);
  publish("direct_map", DIRECT_MAP), publish("cpus", cpu_count), publish("command_line", (u64)boot.command_line);
  publish("xsave_size", features.xsave_size), publish("tsc_multiplier", tsc_mult);
  publish("features", features.avx | features.avx512 << 1 | features.smap << 2 | features.smep << 3 | features.x2apic << 4 |
                        features.huge << 5 | features.tcg << 6);
  publish("root_start", root_archive.start), publish("root_end", root_archive.end);
  for (u32 i = 0; i < java_range_count; i++) {
    const struct range *r = &java_ranges[i];
    table_size += format(table + table_size, sizeof table - table_size, "frames_%u_start %lx\nframes_%u_end %lx\n", i, r->start, i, r->end);
  }
  file_publish("/proc/shim", table, table_size);
}
