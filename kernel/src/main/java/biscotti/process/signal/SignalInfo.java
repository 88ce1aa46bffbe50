package biscotti.process.signal;

import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;

/**
 * What a signal tells its receiver: {@code siginfo_t} of sigaction(2). Immutable.
 *
 * @param number the signal
 * @param code why it was sent: {@code si_code}
 * @param word0 the eight bytes at offset 16: address, or process id (low half) and user id
 * @param word1 the eight bytes at offset 24: status, or the value of sigqueue(3)
 * @param word2 the eight bytes at offset 32: user time of a child
 * @param word3 the eight bytes at offset 40: system time of a child
 */
public record SignalInfo(int number, int code, long word0, long word1, long word2, long word3) {
    private static final int NUMBER = 0;
    private static final int CODE = 8;
    private static final int WORDS = 16;

    /** No signal came. */
    public static final SignalInfo NONE = new SignalInfo(0, 0, 0, 0, 0, 0);

    /** A wait was interrupted. */
    public static final SignalInfo INTERRUPTED = new SignalInfo(-1, 0, 0, 0, 0, 0);

    private static final SignalInfo[] FROM_KERNEL = new SignalInfo[SignalNumber.LAST + 1];

    static {
        for (int number = 0; number < FROM_KERNEL.length; number++) {
            FROM_KERNEL[number] = new SignalInfo(number, Signal.SI_KERNEL, 0, 0, 0, 0);
        }
    }

    /** From the kernel, with nothing to tell; makes no object. */
    public static SignalInfo fromKernel(int number) {
        return FROM_KERNEL[number];
    }

    /** From a process, by kill(2) or tkill(2). */
    public static SignalInfo fromProcess(int number, int code, int pid, int uid) {
        return new SignalInfo(number, code, identity(pid, uid), 0, 0, 0);
    }

    /** From an instruction that could not be completed. */
    public static SignalInfo fault(int number, int code, long address) {
        return new SignalInfo(number, code, address, 0, 0, 0);
    }

    /**
     * From a child (SIGCHLD).
     *
     * @param status exit code or signal
     * @param userTicks CPU time in ticks of times(2)
     * @param systemTicks the same, spent in the kernel
     */
    public static SignalInfo child(
            int number, int code, int pid, int uid, int status, long userTicks, long systemTicks) {
        return new SignalInfo(number, code, identity(pid, uid), Integer.toUnsignedLong(status), userTicks, systemTicks);
    }

    /** From a POSIX timer: its number, how often it expired beside this time, and the value that it was made with. */
    public static SignalInfo timer(int number, int timer, int overrun, long value) {
        return new SignalInfo(number, Signal.SI_TIMER, identity(timer, overrun), value, 0, 0);
    }

    /** As a program gave it to rt_sigqueueinfo(2), with the signal that it named there. */
    public static SignalInfo read(byte[] from, int number) {
        return new SignalInfo(
                number,
                getInt(from, CODE),
                getLong(from, WORDS),
                getLong(from, WORDS + 8),
                getLong(from, WORDS + 16),
                getLong(from, WORDS + 24));
    }

    /** The signal's number in the bytes of {@code siginfo_t}. */
    public static int numberIn(byte[] from) {
        return getInt(from, NUMBER);
    }

    /** Who it comes from, as {@link #word0} has it. */
    public static long identity(int pid, int uid) {
        return Integer.toUnsignedLong(pid) | (long) uid << 32;
    }

    /** Writes it as {@code siginfo_t}; the other bytes are zero already. */
    public void write(byte[] to, int offset) {
        putInt(to, offset + NUMBER, number);
        putInt(to, offset + CODE, code);
        putLong(to, offset + WORDS, word0);
        putLong(to, offset + WORDS + 8, word1);
        putLong(to, offset + WORDS + 16, word2);
        putLong(to, offset + WORDS + 24, word3);
    }
}
