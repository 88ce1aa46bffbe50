/* Instructions that ring 3 must not execute, and traps that ring 3 may cause at will. */
#include "attack.h"

static uint64_t area[64] __attribute__((aligned(64)));

ATTACK(halt, __asm__ volatile("hlt"))
ATTACK(disable_interrupts, __asm__ volatile("cli"))
ATTACK(enable_interrupts, __asm__ volatile("sti"))
ATTACK(port_in, __asm__ volatile("in $0x60, %%al" ::: "rax"))
ATTACK(port_out, __asm__ volatile("out %%al, $0x80" ::: "memory"))
ATTACK(stop_machine, __asm__ volatile("mov $0x501, %%dx; xor %%eax, %%eax; out %%eax, %%dx" ::: "rax", "rdx"))
ATTACK(string_in, __asm__ volatile("mov $0x60, %%dx; lea area(%%rip), %%rdi; insb" ::: "rdx", "rdi", "memory"))
ATTACK(load_gdt, __asm__ volatile("lgdt %0" ::"m"(area)))
ATTACK(load_idt, __asm__ volatile("lidt %0" ::"m"(area)))
ATTACK(load_ldt, __asm__ volatile("lldt %%ax" ::"a"(0)))
ATTACK(load_tr, __asm__ volatile("ltr %%ax" ::"a"(0x40)))
ATTACK(read_msr, __asm__ volatile("rdmsr" ::"c"(0xc0000082) : "rax", "rdx"))
ATTACK(write_msr, __asm__ volatile("wrmsr" ::"c"(0xc0000082), "a"(0), "d"(0)))
ATTACK(read_cr0, uint64_t x; __asm__ volatile("mov %%cr0, %0" : "=r"(x)))
ATTACK(write_cr3, __asm__ volatile("mov %0, %%cr3" ::"r"(0ul)))
ATTACK(write_cr4, __asm__ volatile("mov %0, %%cr4" ::"r"(0ul)))
ATTACK(write_dr7, __asm__ volatile("mov %0, %%dr7" ::"r"(0x401ul)))
ATTACK(clear_ts, __asm__ volatile("clts"))
ATTACK(swap_gs, __asm__ volatile("swapgs"))
ATTACK(return_from_system_call, __asm__ volatile("sysretq"))
ATTACK(interrupt_return, __asm__ volatile("pushq $0x10; push %%rsp; pushf; pushq $8; lea 1f(%%rip), %%rax; push %%rax; iretq; 1:" ::: "rax", "memory"))
ATTACK(far_return, __asm__ volatile("pushq $8; lea 1f(%%rip), %%rax; push %%rax; lretq; 1:" ::: "rax", "memory"))
ATTACK(far_return_zero, __asm__ volatile("pushq $0; lea 1f(%%rip), %%rax; push %%rax; lretq; 1:" ::: "rax", "memory"))
ATTACK(write_xcr0, __asm__ volatile("xsetbv" ::"c"(0), "a"(1), "d"(0)))
ATTACK(invalidate_page, __asm__ volatile("invlpg (%0)" ::"r"(area)))
ATTACK(write_back_caches, __asm__ volatile("wbinvd"))
ATTACK(undefined, __asm__ volatile("ud2"))
ATTACK(breakpoint, __asm__ volatile("int3"))
ATTACK(interrupt_0, __asm__ volatile("int $0"))
ATTACK(interrupt_1, __asm__ volatile("int $1"))
ATTACK(interrupt_2, __asm__ volatile("int $2"))
ATTACK(interrupt_4, __asm__ volatile("int $4"))
ATTACK(interrupt_8, __asm__ volatile("int $8"))
ATTACK(interrupt_14, __asm__ volatile("int $14"))
ATTACK(interrupt_18, __asm__ volatile("int $18"))
ATTACK(interrupt_32, __asm__ volatile("int $32"))
ATTACK(interrupt_33, __asm__ volatile("int $33"))
ATTACK(interrupt_239, __asm__ volatile("int $239"))
ATTACK(interrupt_255, __asm__ volatile("int $255"))
ATTACK(trap_flag, __asm__ volatile("pushf; orq $0x100, (%%rsp); popf; nop; nop" ::: "memory"))
ATTACK(load_kernel_segment, __asm__ volatile("mov %0, %%ds" ::"r"(0x10)))
ATTACK(load_wild_segment, __asm__ volatile("mov %0, %%es" ::"r"(0xfff8)))
ATTACK(load_null_stack_segment, __asm__ volatile("mov %0, %%ss" ::"r"(0)))
ATTACK(stack_segment_then_trap, __asm__ volatile("mov %%ss, %%eax; mov %%eax, %%ss; int3" ::: "rax"))
ATTACK(locked_nonsense, __asm__ volatile(".byte 0xf0, 0x90, 0x0f, 0x0b"))
ATTACK(very_long_instruction, __asm__ volatile(".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90"))
ATTACK(invalid_fxrstor, __asm__ volatile("movl $-1, area+24(%%rip); fxrstor area(%%rip)" ::: "memory"))
ATTACK(invalid_xrstor, area[0] = 0; memset(area, 0xff, sizeof area); __asm__ volatile("xrstor area(%%rip)" ::"a"(7), "d"(0) : "memory"))
ATTACK(debug_by_icebp, __asm__ volatile(".byte 0xf1"))
ATTACK(monitor_wait, __asm__ volatile("lea area(%%rip), %%rax; xor %%ecx, %%ecx; xor %%edx, %%edx; monitor; mwait" ::: "rax", "rcx", "rdx"))
ATTACK(virtual_machine_call, __asm__ volatile("vmcall"))

int main(void)
{
    print("-- privileged\n");
    RUN(halt);
    RUN(disable_interrupts);
    RUN(enable_interrupts);
    RUN(port_in);
    RUN(port_out);
    RUN(stop_machine);
    RUN(string_in);
    RUN(load_gdt);
    RUN(load_idt);
    RUN(load_ldt);
    RUN(load_tr);
    RUN(read_msr);
    RUN(write_msr);
    RUN(read_cr0);
    RUN(write_cr3);
    RUN(write_cr4);
    RUN(write_dr7);
    RUN(clear_ts);
    RUN(swap_gs);
    RUN(return_from_system_call);
    RUN(interrupt_return);
    RUN(far_return);
    RUN(far_return_zero);
    RUN(write_xcr0);
    RUN(invalidate_page);
    RUN(write_back_caches);
    RUN(monitor_wait);
    RUN(virtual_machine_call);
    print("-- traps\n");
    RUN(undefined);
    RUN(breakpoint);
    RUN(interrupt_0);
    RUN(interrupt_1);
    RUN(interrupt_2);
    RUN(interrupt_4);
    RUN(interrupt_8);
    RUN(interrupt_14);
    RUN(interrupt_18);
    RUN(interrupt_32);
    RUN(interrupt_33);
    RUN(interrupt_239);
    RUN(interrupt_255);
    RUN(trap_flag);
    in_child("debug_by_icebp", debug_by_icebp);
    (void) debug_by_icebp_reported; /* Linux tells it apart from a step by its si_code */
    print("-- segments\n");
    RUN(load_kernel_segment);
    RUN(load_wild_segment);
    RUN(load_null_stack_segment);
    RUN(stack_segment_then_trap);
    print("-- malformed\n");
    RUN(locked_nonsense);
    RUN(very_long_instruction);
    RUN(invalid_fxrstor);
    RUN(invalid_xrstor);
    return 0;
}
