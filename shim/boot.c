// What the loader handed over, PVH's or Multiboot2's, in one form; then the order of start-up.
#include "instructions.h"

#define MULTIBOOT_MAGIC 0x36d76289
#define PVH_MAGIC 0x336ec578
enum { RAM = 1 };                        // E820 and Multiboot memory type

struct boot boot;
u32 trace;

// Xen, public/arch-x86/hvm/start_info.h
struct pvh_info { u32 magic, version, flags, modules; u64 module_list, command_line, rsdp, map; u32 map_entries, reserved; };
struct pvh_module { u64 address, size, command_line, reserved; };
struct pvh_range { u64 address, size; u32 type, reserved; };

// Multiboot2 specification 2.0, 3.6
struct tag { u32 type, size; };
enum { TAG_END, TAG_COMMAND_LINE, TAG_MODULE = 3, TAG_MAP = 6, TAG_RSDP_1 = 14, TAG_RSDP_2 = 15 };
struct module_tag { struct tag tag; u32 start, end; };
struct map_tag { struct tag tag; u32 entry_size, version; };
struct map_entry { u64 address, size; u32 type, reserved; };
static struct { u8 bytes[36]; } rsdp_copy;

static void add_ram(u64 address, u64 size, u32 type)
{
  if (type == RAM && boot.ram_count < COUNT(boot.ram))
    boot.ram[boot.ram_count++] = (struct range){ address, address + size };
}

static void add_module(u64 start, u64 end)
{
  if (boot.module_count < COUNT(boot.module))
    boot.module[boot.module_count++] = (struct range){ start, end };
}

static void set_command_line(const char *text)
{
  memcpy(boot.command_line, text, MIN(strlen(text), sizeof boot.command_line - 1));
}

static void read_pvh(const struct pvh_info *info)
{
  if (info->magic != PVH_MAGIC)
    panic("not started by PVH (magic %x)", info->magic);
  if (info->command_line)
    set_command_line(physical(info->command_line));
  boot.rsdp = info->rsdp;
  const struct pvh_module *module = physical(info->module_list);
  for (u32 i = 0; i < info->modules; i++)
    add_module(module[i].address, module[i].address + module[i].size);
  const struct pvh_range *range = physical(info->map);
  for (u32 i = 0; info->version > 0 && i < info->map_entries; i++)
    add_ram(range[i].address, range[i].size, range[i].type);
}

static void read_multiboot(const u8 *info)
{
  const u8 *end = info + *(u32 *)info;
  for (const u8 *p = info + 8; p < end; p += ROUND_UP((u64)((struct tag *)p)->size, 8)) {
    const struct tag *tag = (void *)p;
    if (tag->type == TAG_END)
      break;
    if (tag->type == TAG_COMMAND_LINE)
      set_command_line((const char *)(tag + 1));
    if (tag->type == TAG_MODULE)
      add_module(((struct module_tag *)p)->start, ((struct module_tag *)p)->end);
    if (tag->type == TAG_RSDP_2 || (tag->type == TAG_RSDP_1 && !boot.rsdp)) {
      memcpy(&rsdp_copy, tag + 1, MIN(tag->size - 8, sizeof rsdp_copy));
      boot.rsdp = (u64)&rsdp_copy - SHIM_BASE;
    }
    if (tag->type == TAG_MAP)
      for (const u8 *e = p + sizeof(struct map_tag); e < p + tag->size; e += ((struct map_tag *)p)->entry_size)
        add_ram(((struct map_entry *)e)->address, ((struct map_entry *)e)->size, ((struct map_entry *)e)->type);
  }
}

// ---- The command line: shim options, " -- ", the JVM's arguments ----

const char *option_text(const char *name)
{
  size_t n = strlen(name);
  for (const char *p = boot.command_line; *p && !starts_with(p, "-- ");) {
    if (starts_with(p, name) && p[n] == '=')
      return p + n + 1;
    while (*p && *p != ' ')
      p++;
    while (*p == ' ')
      p++;
  }
  return 0;
}

u64 option(const char *name, u64 otherwise)
{
  const char *p = option_text(name);
  if (!p)
    return otherwise;
  u64 value = 0;
  for (; *p >= '0' && *p <= '9'; p++)
    value = value * 10 + *p - '0';
  return value;
}

char *jvm_arguments(void)
{
  char *p = boot.command_line;
  for (; *p; p++)
    if ((p == boot.command_line || p[-1] == ' ') && starts_with(p, "-- "))
      return p + 3;
  return p;
}

_Noreturn void boot_main(u32 magic, u64 info)
{
  if (magic == MULTIBOOT_MAGIC)
    read_multiboot(physical(info));
  else
    read_pvh(physical(info));
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
