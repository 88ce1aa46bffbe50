package biscotti.machine.simulated;

/** The registers in a user frame, with their offsets (struct user_frame of shim/shim.h). */
public enum Register {
    /** r15. */
    R15(0),
    /** r14. */
    R14(8),
    /** r13. */
    R13(16),
    /** r12. */
    R12(24),
    /** r11. */
    R11(32),
    /** r10: fourth argument of a system call. */
    R10(40),
    /** r9: sixth argument. */
    R9(48),
    /** r8: fifth argument. */
    R8(56),
    /** rbp. */
    RBP(64),
    /** rdi: first argument. */
    RDI(72),
    /** rsi: second argument. */
    RSI(80),
    /** rdx: third argument. */
    RDX(88),
    /** rcx. */
    RCX(96),
    /** rbx. */
    RBX(104),
    /** rax: system call number and result. */
    RAX(112),
    /** Vector of the last trap. */
    VECTOR(120),
    /** Error code of the last trap. */
    ERROR(128),
    /** rip. */
    RIP(136),
    /** rsp. */
    RSP(160),
    /** Base of segment fs. */
    FS_BASE(176),
    /** cr2: address of the last page fault. */
    CR2(192),
    /** Low half of xmm0, in the XSAVE image. */
    XMM0(832 + 160);

    final int offset;

    Register(int offset) {
        this.offset = offset;
    }
}
