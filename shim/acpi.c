// The tables the shim needs: CPUs, I/O APICs and interrupt overrides from the MADT, the PM timer and
// the reset register from the FADT (ACPI specification 6.5, 5.2).
#include "instructions.h"

struct acpi acpi;

struct header { char signature[4]; u32 length; u8 revision, checksum; char oem[6], oem_table[8]; u32 oem_revision, creator, creator_revision; } __attribute__((packed));
struct rsdp { char signature[8]; u8 checksum; char oem[6]; u8 revision; u32 rsdt; u32 length; u64 xsdt; } __attribute__((packed));
struct madt { struct header header; u32 local_apic, flags; u8 entries[]; } __attribute__((packed));
enum { MADT_CPU = 0, MADT_IO_APIC = 1, MADT_OVERRIDE = 2, MADT_X2APIC = 9, CPU_ENABLED = 1 };

static u32 get32(const u8 *p) { return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24; }

static void add_cpu(u32 apic_id, u32 flags)
{
  if (!(flags & CPU_ENABLED))
    return;
  if (acpi.cpu_count == MAX_CPUS)
    print("shim: CPU with APIC id %u left out: at most %u CPUs\n", apic_id, MAX_CPUS);
  else
    acpi.apic_ids[acpi.cpu_count++] = apic_id;
}

static void read_madt(const struct madt *madt)                  // 5.2.12
{
  const u8 *end = (const u8 *)madt + madt->header.length;
  for (const u8 *e = madt->entries; e + 2 <= end && e[1]; e += e[1]) {
    if (e[0] == MADT_CPU)
      add_cpu(e[3], get32(e + 4));
    if (e[0] == MADT_X2APIC && get32(e + 4) >= 255)             // smaller ones are listed in both forms
      add_cpu(get32(e + 4), get32(e + 8));
    if (e[0] == MADT_IO_APIC && acpi.io_apic_count < COUNT(acpi.io_apics))
      acpi.io_apics[acpi.io_apic_count++] = (struct io_apic){ get32(e + 4), get32(e + 8) };
    if (e[0] == MADT_OVERRIDE && acpi.override_count < COUNT(acpi.overrides))
      acpi.overrides[acpi.override_count++] = (struct override){ e[3], get32(e + 4), e[8] | e[9] << 8 };
  }
}

static void read_fadt(const u8 *fadt, u32 length)               // 5.2.9
{
  acpi.pm_timer = get32(fadt + 76);
  if (length >= 129 && fadt[116] == 1) {                        // RESET_REG in I/O space
    acpi.reset_port = get32(fadt + 120);
    acpi.reset_value = fadt[128];
  }
}

static void read_table(u64 address)
{
  const struct header *h = physical(address);
  if (!memcmp(h->signature, "APIC", 4))
    read_madt((const void *)h);
  if (!memcmp(h->signature, "FACP", 4))
    read_fadt((const void *)h, h->length);
}

// A loader that names no RSDP leaves it in the BIOS's read-only memory (5.2.5.1).
static u64 search_rsdp(void)
{
  for (u64 p = 0xe0000; p < 0x100000; p += 16)
    if (!memcmp(physical(p), "RSD PTR ", 8))
      return p;
  return 0;
}

void acpi_init(void)
{
  u64 at = boot.rsdp ? boot.rsdp : search_rsdp();
  if (at) {
    const struct rsdp *rsdp = physical(at);
    int wide = rsdp->revision >= 2 && rsdp->xsdt;
    u64 root = wide ? rsdp->xsdt : rsdp->rsdt;
    const u8 *entry = physical(root + sizeof(struct header)), *end = physical(root + ((struct header *)physical(root))->length);
    for (; entry < end; entry += wide ? 8 : 4)
      read_table(wide ? get32(entry) | (u64)get32(entry + 4) << 32 : get32(entry));
  }
  if (!acpi.cpu_count)
    print("shim: no ACPI MADT: one CPU, no I/O APIC\n");
}
