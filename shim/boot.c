// What the loader handed over, PVH's or Multiboot2's, in one form; then the order of start-up.
#include "instructions.h"
struct boot boot;
u32 trace;
enum { RAM = 1, MULTIBOOT_MAGIC = 0x36d76289, PVH_MAGIC = 0x336ec578 };
// Xen, public/arch-x86/hvm/start_info.h
struct pvh_info { u32 magic, version, flags, modules; u64 module_list, command_line, rsdp, map; u32 map_entries, reserved; };
struct pvh_module { u64 address, size, command_line, reserved; };
// Multiboot2 specification 2.0, 3.6: tags, and one form of memory map for both
enum { TAG_END, TAG_COMMAND_LINE, TAG_MODULE = 3, TAG_MAP = 6, TAG_RSDP_1 = 14, TAG_RSDP_2 = 15 };
struct tag { u32 type, size; union { struct { u32 start, end; } module; struct { u32 entry_size, version; u8 entries[]; } map; u8 bytes[1]; }; };
struct memory { u64 address, size; u32 type, reserved; };
static u8 rsdp_copy[36];
static void add_ram(const struct memory *m) {
  if (m->type == RAM && boot.ram_count < COUNT(boot.ram) / 2)   // reserving splits ranges
    boot.ram[boot.ram_count++] = (struct range){ m->address, m->address + m->size };
}
static void add_module(u64 start, u64 end) {
  if (boot.module_count < COUNT(boot.module)) boot.module[boot.module_count++] = (struct range){ start, end };
}
static void read_pvh(const struct pvh_info *info) {
  const struct pvh_module *module = physical(info->module_list);
  const struct memory *map = physical(info->map);
  if (info->magic != PVH_MAGIC || info->version < 1)
    panic("not started by PVH with a memory map (magic %x, version %u)", info->magic, info->version);
  if (info->command_line)
    format(boot.command_line, sizeof boot.command_line, "%s", (const char *)physical(info->command_line));
  boot.rsdp = info->rsdp;
  for (u32 i = 0; i < info->modules; i++) add_module(module[i].address, module[i].address + module[i].size);
  for (u32 i = 0; i < info->map_entries; i++) add_ram(&map[i]);
}
static void read_multiboot(const u8 *info) {
  for (const u8 *p = info + 8; ((struct tag *)p)->type != TAG_END; p += ROUND_UP((u64)((struct tag *)p)->size, 8)) {
    const struct tag *tag = (const void *)p;
    if (tag->type == TAG_COMMAND_LINE) format(boot.command_line, sizeof boot.command_line, "%s", (const char *)tag->bytes);
    if (tag->type == TAG_MODULE) add_module(tag->module.start, tag->module.end);
    if (tag->type == TAG_RSDP_2 || (tag->type == TAG_RSDP_1 && !boot.rsdp))
      boot.rsdp = (u64)memcpy(rsdp_copy, tag->bytes, MIN(tag->size - 8, sizeof rsdp_copy)) - SHIM_BASE;
    for (const u8 *e = tag->map.entries; tag->type == TAG_MAP && e < p + tag->size; e += tag->map.entry_size)
      add_ram((const void *)e);
  }
}

// ---- The command line: shim options, " -- ", the JVM's arguments ----
char *jvm_arguments(void) {
  for (char *p = boot.command_line; *p; p++)
    if (starts_with(p, "-- ") && (p == boot.command_line || p[-1] == ' ')) return p + 3;
  return "";
}
const char *option_text(const char *name) {
  for (const char *p = boot.command_line; *p && !starts_with(p, "-- "); p++)
    if ((p == boot.command_line || p[-1] == ' ') && starts_with(p, name) && p[strlen(name)] == '=')
      return p + strlen(name) + 1;
  return 0;
}
u64 option(const char *name, u64 otherwise) {
  const char *p = option_text(name);
  u64 value = p ? 0 : otherwise;
  for (; p && *p >= '0' && *p <= '9'; p++) value = value * 10 + *p - '0';
  return value;
}
_Noreturn void boot_main(u32 magic, u64 info) {
  magic == MULTIBOOT_MAGIC ? read_multiboot(physical(info)) : read_pvh(physical(info));
  log_init(option_text("log"));
  trace = option("trace", 0);
  cpu_detect();
  memory_init();
  acpi_init();
  cpu_init(0);
  apic_init();
  clock_init();
  shim_map_protect();
  map_init();
  schedule_init_cpu();
  smp_start();
  identity_map_drop();
  file_init();
  java_publish();
  java_start();
  idle_loop();
}
