// Starting the other CPUs that the MADT lists, one after the other: INIT, then start-up at the trampoline (SDM 3,
// 10.4.4). A hypervisor may run one late, but after the next one was called it must not come any more: it would take that
// one's number and stack. So each is waited for, and called once.
#include "instructions.h"
extern char trampoline[], trampoline_end[];
extern u64 ap_stack;
static volatile u32 starting;
_Noreturn void smp_main(void) {
  cpu_init(starting);
  schedule_init_cpu();
  cpus[starting].online = 1;
  idle_loop();
}
static void start(u32 index, u32 apic_id) {
  ap_stack = (u64)permanent(8192) + 8192;
  starting = index;
  apic_start(apic_id, TRAMPOLINE);
  for (u64 end = clock_ns() + 30 * SECOND; !cpus[index].online; cpu_relax())
    if (clock_ns() > end) panic("the CPU with APIC id %u does not start", apic_id);
}
void smp_start(void) {
  cpus[0].online = 1;
  memcpy(physical(TRAMPOLINE), trampoline, trampoline_end - trampoline);
  for (u32 i = 0; i < acpi.cpu_count; i++) if (acpi.apic_ids[i] != cpus[0].apic_id) start(cpu_count, acpi.apic_ids[i]), cpu_count++;
  print("shim: %u CPUs, %s%s%s%s%s%s\n", cpu_count, features.x2apic ? "x2APIC" : "xAPIC", features.avx ? ", AVX" : "",
        features.avx512 ? ", AVX-512" : "", features.smep ? ", SMEP" : "", features.smap ? ", SMAP" : "", features.tcg ? ", TCG" : "");
}
