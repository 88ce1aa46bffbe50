// CPUs, I/O APICs and interrupt overrides, from the ACPI MADT (ACPI specification 6.5, 5.2).
#include "instructions.h"

struct acpi acpi;
struct header { char signature[4]; u32 length; u8 rest[28]; } __attribute__((packed));
struct rsdp { char signature[8]; u8 checksum, oem[6], revision; u32 rsdt, length; u64 xsdt; } __attribute__((packed));
enum { MADT_ENTRIES = 44, MADT_CPU = 0, MADT_IO_APIC = 1, MADT_OVERRIDE = 2, MADT_X2APIC = 9, CPU_ENABLED = 1 };

static u32 get32(const u8 *p) { return *(const u32 *)p; }       // tables are not aligned; x86 does not mind

static void add_cpu(u32 apic_id, u32 flags) {
  if (flags & CPU_ENABLED && acpi.cpu_count == MAX_CPUS)
    print("shim: CPU with APIC id %u left out: at most %u CPUs\n", apic_id, MAX_CPUS);
  else if (flags & CPU_ENABLED)
    acpi.apic_ids[acpi.cpu_count++] = apic_id;
}

static void read_madt(const u8 *madt, u32 length) {             // 5.2.12
  for (const u8 *e = madt + MADT_ENTRIES; e < madt + length && e[1]; e += e[1]) {
    u32 io = acpi.io_apic_count, override = acpi.override_count;
    if (e[0] == MADT_CPU) add_cpu(e[3], get32(e + 4));
    if (e[0] == MADT_X2APIC && get32(e + 4) >= 255)             // smaller ones are listed in both forms
      add_cpu(get32(e + 4), get32(e + 8));
    if (e[0] == MADT_IO_APIC && io < COUNT(acpi.io_apics)) {
      acpi.io_apics[io].address = get32(e + 4);
      acpi.io_apics[io].first_line = get32(e + 8);
      acpi.io_apic_count++;
    }
    if (e[0] == MADT_OVERRIDE && override < COUNT(acpi.overrides)) {
      acpi.overrides[override].irq = e[3];
      acpi.overrides[override].line = get32(e + 4);
      acpi.overrides[override].flags = e[8];
      acpi.override_count++;
    }
  }
}

// A loader that names no RSDP leaves it in the BIOS's read-only memory (5.2.5.1).
static u64 search_rsdp(void) {
  for (u64 p = 0xe0000; p < 0x100000; p += 16)
    if (!memcmp(physical(p), "RSD PTR ", 8)) return p;
  return 0;
}

void acpi_init(void) {
  u64 at = boot.rsdp ? boot.rsdp : search_rsdp();
  const struct rsdp *rsdp = physical(at);
  if (at) {
    int wide = rsdp->revision >= 2 && rsdp->xsdt;
    const struct header *root = physical(wide ? rsdp->xsdt : rsdp->rsdt);
    for (const u8 *e = (const u8 *)(root + 1); e < (const u8 *)root + root->length; e += wide ? 8 : 4) {
      const struct header *h = physical(get32(e) | (wide ? (u64)get32(e + 4) << 32 : 0));
      if (!memcmp(h->signature, "APIC", 4)) read_madt((const u8 *)h, h->length);
    }
  }
  if (!acpi.cpu_count) print("shim: no ACPI MADT: one CPU, no I/O APIC\n");
}
