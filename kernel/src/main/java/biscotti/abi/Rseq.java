package biscotti.abi;

/** Layouts of rseq(2): {@code struct rseq} and {@code struct rseq_cs} of linux/rseq.h. */
public final class Rseq {
    /** Bytes of the structure as it was at first: the least that may be registered. */
    public static final int ORIGINAL_BYTES = 32;

    /** AT_RSEQ_FEATURE_SIZE: bytes of the structure up to the last field that the kernel writes. */
    public static final int FEATURE_BYTES = 28;

    /** AT_RSEQ_ALIGN: what the structure's address must be a multiple of. */
    public static final int ALIGNMENT = 32;

    /** Offset of the address of the sequence that the thread is in. */
    public static final int SEQUENCE = 8;

    /** Offset of the number of the memory node, which the concurrency number follows. */
    public static final int NODE = 20;

    /** What the CPU's number is while the structure is not registered. */
    public static final int UNINITIALIZED = -1;

    /** Flag: takes the registration back. */
    public static final int FLAG_UNREGISTER = 1;

    /** Bytes of a sequence's description; its first int is the version, 0. */
    public static final int SEQUENCE_BYTES = 32;

    /** In it: flags, none of which is supported any more. */
    public static final int SEQUENCE_FLAGS = 4;

    /** In it: address of the first instruction. */
    public static final int START = 8;

    /** In it: bytes up to behind the instruction that commits. */
    public static final int POST_COMMIT = 16;

    /** In it: where to go on if the sequence was disturbed; the signature stands before that. */
    public static final int ABORT = 24;

    private Rseq() {}
}
