// One inline function for each machine instruction that C cannot say.
#pragma once
#include "shim.h"

static inline void out8(u16 port, u8 value) { asm volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }
static inline void out16(u16 port, u16 value) { asm volatile("outw %0, %1" ::"a"(value), "Nd"(port)); }
static inline void out32(u16 port, u32 value) { asm volatile("outl %0, %1" ::"a"(value), "Nd"(port)); }
static inline u8 in8(u16 port) { u8 v; asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u16 in16(u16 port) { u16 v; asm volatile("inw %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u32 in32(u16 port) { u32 v; asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u64 msr_read(u32 msr) { u32 a, d; asm volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(msr)); return a | (u64)d << 32; }
static inline void msr_write(u32 msr, u64 v) { asm volatile("wrmsr" ::"c"(msr), "a"((u32)v), "d"((u32)(v >> 32)) : "memory"); }
static inline u64 tsc_read(void) { u32 a, d; asm volatile("rdtsc" : "=a"(a), "=d"(d)); return a | (u64)d << 32; }
static inline u64 cr2_read(void) { u64 v; asm volatile("mov %%cr2, %0" : "=r"(v)); return v; }
static inline u64 cr3_read(void) { u64 v; asm volatile("mov %%cr3, %0" : "=r"(v)); return v; }
static inline void cr3_write(u64 v) { asm volatile("mov %0, %%cr3" ::"r"(v) : "memory"); }
static inline u64 cr4_read(void) { u64 v; asm volatile("mov %%cr4, %0" : "=r"(v)); return v; }
static inline void cr4_write(u64 v) { asm volatile("mov %0, %%cr4" ::"r"(v) : "memory"); }
static inline void tlb_drop(u64 address) { asm volatile("invlpg (%0)" ::"r"(address) : "memory"); }
static inline u64 fs_base_read(void) { u64 v; asm volatile("rdfsbase %0" : "=r"(v)); return v; }
static inline void fs_base_write(u64 v) { asm volatile("wrfsbase %0" ::"r"(v)); }
static inline void cpu_relax(void) { asm volatile("pause"); }
static inline void interrupts_off(void) { asm volatile("cli" ::: "memory"); }
// a * b / c, the product in 128 bits; the quotient must fit in 64.
static inline u64 mul_div(u64 a, u64 b, u64 c) {
  u64 high, quotient;
  asm("mul %3; div %4" : "=&a"(quotient), "=&d"(high) : "0"(a), "r"(b), "r"(c) : "cc");
  return quotient;
}

struct cpuid { u32 a, b, c, d; };
static inline struct cpuid cpuid(u32 leaf, u32 subleaf) {
  struct cpuid r;
  asm volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(subleaf));
  return r;
}
