package biscotti.machine;

import java.util.HashMap;
import java.util.Map;
import jdk.internal.misc.Unsafe;

/**
 * What user threads do in a rehearsal ({@link StandInShim}): the same few traps that begin any program's life. Each fetches its
 * first instruction, touches its stack, then makes system calls that need no memory of its own, or its stack's; the first one forks
 * and waits.
 */
final class RehearsedProgram {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    // Offsets in struct user_frame (shim/shim.h).
    private static final int R10 = 40;
    private static final int RDI = 72;
    private static final int RSI = 80;
    private static final int RDX = 88;
    private static final int RAX = 112;
    private static final int VECTOR = 120;
    private static final int ERROR = 128;
    private static final int RIP = 136;
    private static final int RSP = 160;
    private static final int CR2 = 192;

    private static final int PAGE_FAULT = 14;
    private static final int SYSTEM_CALL = 256;
    private static final long USER_FETCH = 0x14;
    private static final long USER_WRITE = 0x6;

    /** Where a call's number and arguments go. */
    private static final int[] REGISTERS = {RAX, RDI, RSI, RDX, R10};

    /** Stands for an address in the stack, this many bytes below its top. */
    private static final long STACK = Long.MIN_VALUE;

    private static final int STACK_BYTES = 1024;

    /** Numbers and arguments of the system calls, in order, of a process; a child begins at the last. */
    private static final long[][] CALLS = {
        {12}, // brk(0)
        {158, 0x1002, 0x10000}, // arch_prctl(ARCH_SET_FS)
        {218, 0}, // set_tid_address
        {334, 0, 0, 0}, // rseq: not there
        {302, 0, 3, 0, STACK}, // prlimit64
        {318, STACK, 8, 1}, // getrandom
        {63, STACK}, // uname
        {39}, // getpid
        {110}, // getppid
        {102}, // getuid
        {79, STACK, 64}, // getcwd
        {228, 1, STACK}, // clock_gettime
        {9, 0, 0x10000, 3, 0x22}, // mmap
        {13, 17, 0, STACK, 8}, // rt_sigaction
        {14, 0, 0, STACK, 8}, // rt_sigprocmask
        {16, 0, 0x5401, STACK}, // ioctl(TCGETS)
        {4, STACK, STACK}, // stat
        {257, -100, STACK, 0}, // openat
        {1, 1, STACK, 16}, // write
        {22, STACK}, // pipe
        {1, 4, STACK, 16}, // write to it
        {0, 3, STACK, 16}, // read from it
        {7, STACK, 0, 0}, // poll
        {217, 3, STACK, 64}, // getdents64
        {3, 3}, // close
        {56, 17}, // clone: a fork
        {61, -1, STACK, 0, 0}, // wait4
        {231, 0}, // exit_group
    };

    /** The first two steps are page faults. */
    private static final int CALLS_BEGIN = 2;

    private static final int LAST = CALLS_BEGIN + CALLS.length - 1;

    /** The next step of each thread, by the address of its frame. */
    private final Map<Long, Integer> steps = new HashMap<>();

    /** Plays the next trap of the thread whose frame is at {@code frame} and returns its vector, as enter_user does. */
    synchronized long enter(long frame, long root, long unused) {
        int step = steps.getOrDefault(frame, steps.isEmpty() ? 0 : LAST);
        steps.put(frame, Math.min(step + 1, LAST));
        long stack = UNSAFE.getLong(frame + RSP) - STACK_BYTES;
        return switch (step) {
            case 0 -> fault(frame, UNSAFE.getLong(frame + RIP), USER_FETCH);
            case 1 -> fault(frame, stack, USER_WRITE);
            default -> call(frame, CALLS[step - CALLS_BEGIN], stack);
        };
    }

    private static long call(long frame, long[] call, long stack) {
        for (int i = 0; i < call.length; i++) {
            UNSAFE.putLong(frame + REGISTERS[i], call[i] == STACK ? stack : call[i]);
        }
        return trap(frame, SYSTEM_CALL);
    }

    private static long fault(long frame, long address, long error) {
        UNSAFE.putLong(frame + CR2, address);
        UNSAFE.putLong(frame + ERROR, error);
        return trap(frame, PAGE_FAULT);
    }

    private static long trap(long frame, long vector) {
        UNSAFE.putLong(frame + VECTOR, vector);
        return vector;
    }
}
