package biscotti.machine;

/**
 * The registers of one user thread while it is not in ring 3, and the way into ring 3.
 *
 * <p>They live in one physical frame that the shim reads and writes directly ({@code struct user_frame} of shim/shim.h);
 * the offsets below are that structure's. A context belongs to its thread: only the thread itself uses it, or another one
 * while that thread cannot run (before its start). Nothing here locks.
 *
 * <p>The FPU state is kept in one of two forms. After an interrupt it is an XSAVE image (Intel SDM vol. 1, 13.4). After a
 * system call of a thread that does not use the x87 stack it is the <i>fast</i> form: the sixteen YMM registers, the x87
 * environment and MXCSR one after the other, because saving those by hand is far cheaper. {@link #xsaveImage} turns the
 * second form into the first.
 */
public abstract class UserContext {
    private static final int R15 = 0;
    private static final int R14 = 8;
    private static final int R13 = 16;
    private static final int R12 = 24;
    private static final int R11 = 32;
    private static final int R10 = 40;
    private static final int R9 = 48;
    private static final int R8 = 56;
    private static final int RBP = 64;
    private static final int RDI = 72;
    private static final int RSI = 80;
    private static final int RDX = 88;
    private static final int RCX = 96;
    private static final int RBX = 104;
    private static final int RAX = 112;
    private static final int VECTOR = 120;
    private static final int ERROR = 128;
    private static final int RIP = 136;
    private static final int CS = 144;
    private static final int RFLAGS = 152;
    private static final int RSP = 160;
    private static final int SS = 168;
    private static final int FS_BASE = 176;
    private static final int GS_BASE = 184;
    private static final int CR2 = 192;
    private static final int FPU_FORM = 200;
    private static final int YMM = 256;
    private static final int X87_ENVIRONMENT = 768;
    private static final int MXCSR = 800;
    private static final int XSAVE = 832;

    private static final int FORM_XSAVE = 0;
    private static final int FORM_FAST = 1;

    /** Selector of 64-bit user code, as on Linux. */
    public static final long USER_CODE = 0x33;

    /** Selector of user data, as on Linux. */
    public static final long USER_DATA = 0x2b;

    /** RFLAGS of a new program: interrupts on, and bit 1, which is always set. */
    public static final long INITIAL_FLAGS = 0x202;

    /** The bits of RFLAGS that user code may choose: CF PF AF ZF SF TF DF OF RF AC, as on Linux. */
    public static final long USER_FLAGS = 0x5_0dd5;

    private final PhysicalMemory memory;
    private final FpuImage fpu;
    private final long frame;

    /**
     * For subclasses.
     *
     * @param frame physical address of the frame that holds the registers
     */
    protected UserContext(Machine machine, long frame) {
        this.memory = machine.memory();
        this.fpu = new FpuImage(machine.memory(), machine.boot());
        this.frame = frame;
    }

    /** The register kept {@code offset} bytes from the frame's start. */
    protected abstract long get(int offset);

    /** Sets the register kept {@code offset} bytes from the frame's start. */
    protected abstract void set(int offset, long value);

    /** Tells that what ran with these registers will not go on: a new program starts. */
    protected abstract void forget();

    /** Sets all registers to those of a new program, as exec does. */
    public final void reset() {
        forget();
        memory.zero(frame, PhysicalMemory.FRAME_SIZE);
        set(CS, USER_CODE);
        set(SS, USER_DATA);
        set(RFLAGS, INITIAL_FLAGS);
        fpu.initialise(frame + XSAVE);
    }

    /**
     * Runs this thread in ring 3 until it traps. Must be called on a carrier or on what it carries; the CPU does not
     * change during the call.
     *
     * @param root physical address of its top page table
     * @return why it came back: a vector of {@link Trap}
     */
    public abstract int enter(long root);

    /** The number of the system call asked for: the lower half of rax, as on Linux. */
    public final int systemCallNumber() {
        return (int) get(RAX);
    }

    /** Argument 0..5 of the system call: rdi, rsi, rdx, r10, r8, r9. */
    public final long argument(int index) {
        return switch (index) {
            case 0 -> get(RDI);
            case 1 -> get(RSI);
            case 2 -> get(RDX);
            case 3 -> get(R10);
            case 4 -> get(R8);
            case 5 -> get(R9);
            default -> throw new IllegalArgumentException("a system call has arguments 0..5, not " + index);
        };
    }

    /** Sets what the system call returns. */
    public final void setResult(long result) {
        set(RAX, result);
    }

    /** The virtual address whose access faulted (CR2), after {@link Trap#PAGE_FAULT}. */
    public final long faultAddress() {
        return get(CR2);
    }

    /** The error code of the exception. */
    public final long errorCode() {
        return get(ERROR);
    }

    /** The vector that {@link #enter} returned last. */
    public final int vector() {
        return (int) get(VECTOR);
    }

    /**
     * Makes the next {@link #enter} load every register. Without it, a return from a system call leaves rcx and r11 to the
     * sysret instruction. Needed after rip, rcx or r11 were changed: exec, signal delivery, sigreturn, clone.
     */
    public final void restoreAll() {
        set(VECTOR, 0);
    }

    /** Copies all registers and the FPU state of another thread, as fork and clone do; its own FPU form is kept. */
    public final void copyFrom(UserContext other) {
        memory.copy(other.frame, frame, XSAVE);
        if (memory.readInt(frame + FPU_FORM) == FORM_XSAVE) {
            memory.copy(other.frame + XSAVE, frame + XSAVE, fpu.bytes());
        }
        restoreAll();
    }

    /**
     * The FPU state as an XSAVE image, in physical memory, {@link #xsaveBytes} long. It stays the thread's state.
     *
     * @return its physical address
     */
    public final long xsaveImage() {
        if (memory.readInt(frame + FPU_FORM) == FORM_FAST) {
            fpu.fromFast(frame + YMM, frame + X87_ENVIRONMENT, frame + MXCSR, frame + XSAVE);
            memory.writeInt(frame + FPU_FORM, FORM_XSAVE);
        }
        return frame + XSAVE;
    }

    /**
     * Where an XSAVE image is written that takes the place of the FPU's state, in physical memory, {@link #xsaveBytes} long. Whoever
     * begins to write there calls {@link #adoptXsaveImage} or {@link #adoptLegacyImage} after, even if he could not write all.
     *
     * @return its physical address
     */
    public final long xsaveArea() {
        return frame + XSAVE;
    }

    /** Bytes of an XSAVE image on this machine. */
    public final int xsaveBytes() {
        return fpu.bytes();
    }

    /**
     * Makes the XSAVE image that was written at {@link #xsaveArea} the FPU state, after forcing it to be one that the CPU
     * can load: it came from user memory.
     */
    public final void adoptXsaveImage() {
        fpu.sanitise(frame + XSAVE);
        memory.writeInt(frame + FPU_FORM, FORM_XSAVE);
    }

    /**
     * Makes the 512 bytes that FXSAVE would write (SDM vol. 1, 10.5.1), and that were written at {@link #xsaveArea}, the FPU
     * state; the rest of it is the initial state.
     */
    public final void adoptLegacyImage() {
        fpu.limitToLegacy(frame + XSAVE);
        adoptXsaveImage();
    }

    /** The state components that an XSAVE image on this machine has, a bit for each (XCR0). */
    public final long xsaveComponents() {
        return fpu.components();
    }

    /** Puts the FPU into its initial state. */
    public final void resetFpu() {
        fpu.initialise(frame + XSAVE);
        memory.writeInt(frame + FPU_FORM, FORM_XSAVE);
    }

    /** Register rax. */
    public final long rax() {
        return get(RAX);
    }

    /** Sets rax. */
    public final void setRax(long value) {
        set(RAX, value);
    }

    /** Register rbx. */
    public final long rbx() {
        return get(RBX);
    }

    /** Sets rbx. */
    public final void setRbx(long value) {
        set(RBX, value);
    }

    /** Register rcx. */
    public final long rcx() {
        return get(RCX);
    }

    /** Sets rcx. */
    public final void setRcx(long value) {
        set(RCX, value);
    }

    /** Register rdx. */
    public final long rdx() {
        return get(RDX);
    }

    /** Sets rdx. */
    public final void setRdx(long value) {
        set(RDX, value);
    }

    /** Register rsi. */
    public final long rsi() {
        return get(RSI);
    }

    /** Sets rsi. */
    public final void setRsi(long value) {
        set(RSI, value);
    }

    /** Register rdi. */
    public final long rdi() {
        return get(RDI);
    }

    /** Sets rdi. */
    public final void setRdi(long value) {
        set(RDI, value);
    }

    /** Register rbp. */
    public final long rbp() {
        return get(RBP);
    }

    /** Sets rbp. */
    public final void setRbp(long value) {
        set(RBP, value);
    }

    /** Register rsp. */
    public final long rsp() {
        return get(RSP);
    }

    /** Sets rsp. */
    public final void setRsp(long value) {
        set(RSP, value);
    }

    /** Register r8. */
    public final long r8() {
        return get(R8);
    }

    /** Sets r8. */
    public final void setR8(long value) {
        set(R8, value);
    }

    /** Register r9. */
    public final long r9() {
        return get(R9);
    }

    /** Sets r9. */
    public final void setR9(long value) {
        set(R9, value);
    }

    /** Register r10. */
    public final long r10() {
        return get(R10);
    }

    /** Sets r10. */
    public final void setR10(long value) {
        set(R10, value);
    }

    /** Register r11. */
    public final long r11() {
        return get(R11);
    }

    /** Sets r11. */
    public final void setR11(long value) {
        set(R11, value);
    }

    /** Register r12. */
    public final long r12() {
        return get(R12);
    }

    /** Sets r12. */
    public final void setR12(long value) {
        set(R12, value);
    }

    /** Register r13. */
    public final long r13() {
        return get(R13);
    }

    /** Sets r13. */
    public final void setR13(long value) {
        set(R13, value);
    }

    /** Register r14. */
    public final long r14() {
        return get(R14);
    }

    /** Sets r14. */
    public final void setR14(long value) {
        set(R14, value);
    }

    /** Register r15. */
    public final long r15() {
        return get(R15);
    }

    /** Sets r15. */
    public final void setR15(long value) {
        set(R15, value);
    }

    /** Register rip. */
    public final long rip() {
        return get(RIP);
    }

    /** Sets rip. */
    public final void setRip(long value) {
        set(RIP, value);
    }

    /** Register rflags. */
    public final long rflags() {
        return get(RFLAGS);
    }

    /** Sets the bits of rflags that user code may choose; the others keep the values they must have. */
    public final void setRflags(long value) {
        set(RFLAGS, (value & USER_FLAGS) | INITIAL_FLAGS);
    }

    /** The base address of segment fs: the thread pointer. */
    public final long fsBase() {
        return get(FS_BASE);
    }

    /** Sets the base address of segment fs; it must be canonical. */
    public final void setFsBase(long value) {
        set(FS_BASE, value);
    }

    /** The base address of segment gs. */
    public final long gsBase() {
        return get(GS_BASE);
    }

    /** Sets the base address of segment gs; it must be canonical. */
    public final void setGsBase(long value) {
        set(GS_BASE, value);
    }
}
