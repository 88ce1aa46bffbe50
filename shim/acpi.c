// CPUs, I/O APICs and interrupt overrides, from the ACPI MADT (ACPI specification 6.5, 5.2).
#include "instructions.h"
struct acpi acpi;
struct header { char signature[4]; u32 length; u8 rest[28]; } __attribute__((packed));
struct rsdp { char signature[8]; u8 checksum, oem[6], revision; u32 rsdt, length; u64 xsdt; } __attribute__((packed));
enum { MADT_ENTRIES = 44, MADT_CPU = 0, MADT_IO_APIC = 1, MADT_OVERRIDE = 2, CPU_ENABLED = 1 };
static u32 get32(const u8 *p) { return *(const u32 *)p; }       // tables are not aligned; x86 does not mind

static void add_cpu(u32 apic_id, u32 flags) {
  if (flags & CPU_ENABLED && acpi.cpu_count == MAX_CPUS)
    print("shim: CPU with APIC id %u left out: at most %u CPUs\n", apic_id, MAX_CPUS);
  else if (flags & CPU_ENABLED) acpi.apic_ids[acpi.cpu_count++] = apic_id;
}
static void read_madt(const u8 *madt, u32 length) {             // 5.2.12
  for (const u8 *e = madt + MADT_ENTRIES; e < madt + length && e[1]; e += e[1]) {
    if (e[0] == MADT_CPU) add_cpu(e[3], get32(e + 4));
    if (e[0] == MADT_IO_APIC && acpi.io_apic_count < COUNT(acpi.io_apics))
      acpi.io_apics[acpi.io_apic_count++] = (struct io_apic){ get32(e + 4), get32(e + 8) };
    if (e[0] == MADT_OVERRIDE && acpi.override_count < COUNT(acpi.overrides))
      acpi.overrides[acpi.override_count++] = (struct override){ e[3], get32(e + 4), e[8] };
  }
}
void acpi_init(void) {
  const struct rsdp *rsdp = physical(boot.rsdp);
  if (boot.rsdp) {
    int wide = rsdp->revision >= 2 && rsdp->xsdt;
    const struct header *root = physical(wide ? rsdp->xsdt : rsdp->rsdt);
    for (const u8 *e = (const u8 *)(root + 1); e < (const u8 *)root + root->length; e += wide ? 8 : 4) {
      const struct header *h = physical(get32(e) | (wide ? (u64)get32(e + 4) << 32 : 0));
      if (!memcmp(h->signature, "APIC", 4)) read_madt((const u8 *)h, h->length);
    }
  }
  if (!acpi.cpu_count) print("shim: no ACPI MADT: one CPU, no I/O APIC\n");
}
