package biscotti.abi;

/** Keys of the auxiliary vector on a new program's stack (getauxval(3), {@code linux/auxvec.h}). */
public final class AuxiliaryVector {
    /** End. */
    public static final long AT_NULL = 0;

    /** To be passed over. */
    public static final long AT_IGNORE = 1;

    /** The vDSO's ELF header. */
    public static final long AT_SYSINFO_EHDR = 33;

    /** Program headers. */
    public static final long AT_PHDR = 3;

    /** Size of a program header. */
    public static final long AT_PHENT = 4;

    /** Number of program headers. */
    public static final long AT_PHNUM = 5;

    /** Page size. */
    public static final long AT_PAGESZ = 6;

    /** Base address of the interpreter. */
    public static final long AT_BASE = 7;

    /** Flags. */
    public static final long AT_FLAGS = 8;

    /** Entry point of the program. */
    public static final long AT_ENTRY = 9;

    /** Real user id. */
    public static final long AT_UID = 11;

    /** Effective user id. */
    public static final long AT_EUID = 12;

    /** Real group id. */
    public static final long AT_GID = 13;

    /** Effective group id. */
    public static final long AT_EGID = 14;

    /** String that names the platform. */
    public static final long AT_PLATFORM = 15;

    /** CPU capabilities: CPUID 1, edx. */
    public static final long AT_HWCAP = 16;

    /** Frequency of times(2). */
    public static final long AT_CLKTCK = 17;

    /** Whether set-id bits were honoured. */
    public static final long AT_SECURE = 23;

    /** 16 random bytes. */
    public static final long AT_RANDOM = 25;

    /** More CPU capabilities. */
    public static final long AT_HWCAP2 = 26;

    /** Bytes of the structure of rseq(2) that are supported. */
    public static final long AT_RSEQ_FEATURE_SIZE = 27;

    /** Its alignment. */
    public static final long AT_RSEQ_ALIGN = 28;

    /** The program's file name. */
    public static final long AT_EXECFN = 31;

    /** Smallest alternate signal stack that fits the signal frame. */
    public static final long AT_MINSIGSTKSZ = 51;

    private AuxiliaryVector() {}
}
