package biscotti.abi;

/** Operations and layouts of futex(2) and set_robust_list(2) ({@code linux/futex.h}). */
public final class Futex {
    /** Wait while the word has a value. */
    public static final int WAIT = 0;

    /** Wake waiters. */
    public static final int WAKE = 1;

    /** Wake some, move others. */
    public static final int REQUEUE = 3;

    /** The same, while the word has a value. */
    public static final int CMP_REQUEUE = 4;

    /** Change a second word, and wake on both. */
    public static final int WAKE_OP = 5;

    /** Take ownership, by CLOCK_REALTIME. */
    public static final int LOCK_PI = 6;

    /** Pass ownership on. */
    public static final int UNLOCK_PI = 7;

    /** Take ownership if that does not take waiting. */
    public static final int TRYLOCK_PI = 8;

    /** Wait, to be woken by matching bits only, until an absolute time. */
    public static final int WAIT_BITSET = 9;

    /** Wake those with matching bits. */
    public static final int WAKE_BITSET = 10;

    /** Wait, then take ownership of another word. */
    public static final int WAIT_REQUEUE_PI = 11;

    /** Have those who wait so take ownership of it. */
    public static final int CMP_REQUEUE_PI = 12;

    /** As LOCK_PI, by the clock that the flag says. */
    public static final int LOCK_PI2 = 13;

    /** Flag: used by one process only. */
    public static final int PRIVATE_FLAG = 128;

    /** Flag: the time is CLOCK_REALTIME's. */
    public static final int CLOCK_REALTIME = 256;

    /** Mask of the operation. */
    public static final int COMMAND = 127;

    /** In a robust futex: somebody waits. */
    public static final int WAITERS = 0x80000000;

    /** In a robust futex: its owner died. */
    public static final int OWNER_DIED = 0x40000000;

    /** In a robust futex: the owner's thread id. */
    public static final int TID_MASK = 0x3fffffff;

    /** The most entries of a robust list that are looked at. */
    public static final int ROBUST_LIST_LIMIT = 2048;

    /** Bytes of {@code struct robust_list_head}. */
    public static final int ROBUST_HEAD_BYTES = 24;

    /** The most futexes that futex_waitv(2) waits for. */
    public static final int WAITV_MAX = 128;

    /** Bytes of {@code struct futex_waitv}. */
    public static final int WAITV_BYTES = 24;

    /** FUTEX2_SIZE_U32: the word of a {@code struct futex_waitv} has 32 bits. */
    public static final int FUTEX2_SIZE_U32 = 2;

    /** In {@code struct futex_waitv}: the value. */
    public static final int WAITV_VALUE = 0;

    /** In {@code struct futex_waitv}: the word's address. */
    public static final int WAITV_ADDRESS = 8;

    /** In {@code struct futex_waitv}: flags. */
    public static final int WAITV_FLAGS = 16;

    /** In {@code struct futex_waitv}: zero. */
    public static final int WAITV_RESERVED = 20;

    private Futex() {}
}
