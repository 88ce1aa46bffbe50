// Page tables: the supervisor's part of the address map, which every process's tables share.
#include "instructions.h"
#define TABLE (PTE_PRESENT | PTE_WRITE)
#define DIRECT_TABLES 64                 // GB of direct map without 1 GB pages
u64 kernel_root;
extern u64 boot_root[512], boot_direct[512], boot_high[512];
extern char image_end[];
static u64 shim_pages[512] __attribute__((aligned(4096))), direct_pages[DIRECT_TABLES][512] __attribute__((aligned(4096)));
// The direct map: 512 GB of 1 GB pages, device memory above RAM included, or else 64 GB of 2 MB pages.
// Answers where it ends.
u64 direct_map_init(void) {
  u64 bits = PTE_PRESENT | PTE_WRITE | PTE_LARGE | PTE_GLOBAL | PTE_NX, count = features.huge ? 512 : DIRECT_TABLES;
  for (u64 i = 0; i < count; i++) {
    for (u64 j = 0; !features.huge && j < 512; j++) direct_pages[i][j] = ((i << 30) + j * LARGE) | bits;
    boot_direct[i] = features.huge ? (i << 30) | bits : (u64)direct_pages[i] - SHIM_BASE + TABLE;
  }
  tlb_everything();
  return count << 30;
}
// The shim's own pages: code that cannot be written, data that cannot be executed. The top-level entries
// of the JVM's range and of the devices' are made now, once: they are copied into every process's tables.
void shim_map_protect(void) {
  shim_pages[1] = LARGE | PTE_PRESENT | PTE_LARGE | PTE_GLOBAL;
  for (u64 i = 2; i * LARGE < (u64)image_end - SHIM_BASE; i++)
    shim_pages[i] = i * LARGE | PTE_PRESENT | PTE_WRITE | PTE_LARGE | PTE_GLOBAL | PTE_NX;
  boot_high[510] = (u64)shim_pages - SHIM_BASE + TABLE;
  kernel_root = (u64)boot_root - SHIM_BASE;
  for (u32 i = JVM_START >> 39; i < JVM_END >> 39; i++) boot_root[i] = page_alloc() | TABLE;
  boot_root[DEVICE_MAP >> 39 & 511] = page_alloc() | TABLE;
  tlb_everything();
}
void identity_map_drop(void) {
  boot_root[0] = boot_high[0] = 0;
  tlb_flush_jvm(0, EVERYTHING);
}
// The first entry that maps a page (or keeps one under PROT_NONE) in [address, end): where it is, the
// address and the size it maps.
u64 *pte_find(u64 address, u64 end, u64 *at, u64 *size) {
  while (address < end) {
    u64 *table = boot_root, *entry;
    u32 shift = 39;
    for (;; shift -= 9) {
      entry = &table[address >> shift & 511];
      if (shift == 12 || !(*entry & PTE_PRESENT) || *entry & PTE_LARGE) break;
      table = physical(*entry & PTE_ADDRESS);
    }
    if (shift == 12)                     // on through this table
      for (; !*entry && address + PAGE < end && address % LARGE + PAGE < LARGE; entry++) address += PAGE;
    *size = 1ul << shift;
    *at = ROUND_DOWN(address, *size);
    if (*entry) return entry;
    address = *at + *size;
  }
  return 0;
}
// The entry for a page of this size at `address`, its tables made as needed; 0: no memory for them.
u64 *pte_create(u64 address, u64 size) {
  u64 *table = boot_root;
  u32 last = size == LARGE ? 21 : 12;
  for (u32 shift = 39; shift > last; shift -= 9) {
    u64 *entry = &table[address >> shift & 511], page;
    if (!(*entry & PTE_PRESENT)) {
      if (!(page = page_alloc())) return 0;
      *entry = page | TABLE;
    }
    table = physical(*entry & PTE_ADDRESS);
  }
  return &table[address >> last & 511];
}
// Turns a 2 MB page into 512 small ones.
i64 pte_split(u64 *entry) {
  u64 page = page_alloc_dirty(), *table = physical(page);
  if (!page) return -ENOMEM;
  for (u64 i = 0; i < 512; i++) table[i] = (*entry & ~(u64)PTE_LARGE) + i * PAGE;
  *entry = page | TABLE;
  return 0;
}
