package biscotti.machine;

/**
 * Why {@link UserContext#enter} came back: the vector of the exception or interrupt (Intel SDM vol. 3, 6.15), or a system
 * call.
 */
public final class Trap {
    /** #DE, divide error. */
    public static final int DIVIDE_ERROR = 0;

    /** #DB, debug: single step, breakpoint register. */
    public static final int DEBUG = 1;

    /** #BP, the int3 instruction. */
    public static final int BREAKPOINT = 3;

    /** #OF, the into instruction. */
    public static final int OVERFLOW = 4;

    /** #BR, bound range exceeded. */
    public static final int BOUND_RANGE = 5;

    /** #UD, invalid opcode. */
    public static final int INVALID_OPCODE = 6;

    /** #NP, segment not present. */
    public static final int SEGMENT_NOT_PRESENT = 11;

    /** #SS, stack segment fault: a stack access at a non-canonical address. */
    public static final int STACK_FAULT = 12;

    /** #GP, general protection. */
    public static final int GENERAL_PROTECTION = 13;

    /** #PF, page fault: see {@link UserContext#faultAddress} and the {@code FAULT_} bits of its error code. */
    public static final int PAGE_FAULT = 14;

    /** #MF, x87 floating-point error. */
    public static final int X87_ERROR = 16;

    /** #AC, alignment check. */
    public static final int ALIGNMENT_CHECK = 17;

    /** #XM, SIMD floating-point exception. */
    public static final int SIMD_ERROR = 19;

    /** The first vector that is an interrupt and not the program's own doing. */
    public static final int FIRST_INTERRUPT = 32;

    /** The timer's tick. */
    public static final int TIMER = 32;

    /** {@link Processors#wake} from another CPU. */
    public static final int RESCHEDULE = 33;

    /** The syscall instruction. */
    public static final int SYSTEM_CALL = 256;

    /** Page fault error code: the page is present (a protection violation), not missing. */
    public static final int FAULT_PRESENT = 1;

    /** Page fault error code: the access was a write. */
    public static final int FAULT_WRITE = 2;

    /** Page fault error code: the access came from ring 3. */
    public static final int FAULT_USER = 4;

    /** Page fault error code: a reserved bit is set in a page-table entry. */
    public static final int FAULT_RESERVED = 8;

    /** Page fault error code: the access was an instruction fetch. */
    public static final int FAULT_FETCH = 16;

    private Trap() {}
}
