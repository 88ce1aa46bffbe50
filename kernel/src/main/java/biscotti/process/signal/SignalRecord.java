package biscotti.process.signal;

import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.SignalNumber.SIGBUS;
import static biscotti.abi.SignalNumber.SIGCHLD;
import static biscotti.abi.SignalNumber.SIGFPE;
import static biscotti.abi.SignalNumber.SIGILL;
import static biscotti.abi.SignalNumber.SIGIO;
import static biscotti.abi.SignalNumber.SIGSEGV;
import static biscotti.abi.SignalNumber.SIGTRAP;
import static biscotti.abi.SignalNumber.bit;

import biscotti.abi.Signal;

/** {@code struct signalfd_siginfo} of signalfd(2): what {@code siginfo_t} has, each field in a place of its own. */
public final class SignalRecord {
    /** Its size. */
    public static final int BYTES = 128;

    private static final long FAULTS = bit(SIGILL) | bit(SIGFPE) | bit(SIGSEGV) | bit(SIGBUS) | bit(SIGTRAP);

    private static final int NUMBER = 0;
    private static final int CODE = 8;
    private static final int PID = 12;
    private static final int UID = 16;
    private static final int FD = 20;
    private static final int TIMER = 24;
    private static final int BAND = 28;
    private static final int OVERRUN = 32;
    private static final int STATUS = 40;
    private static final int VALUE_INT = 44;
    private static final int VALUE = 48;
    private static final int USER_TIME = 56;
    private static final int SYSTEM_TIME = 64;
    private static final int ADDRESS = 72;

    private SignalRecord() {}

    /** Writes a signal over what the record had. */
    public static void write(SignalInfo signal, byte[] to) {
        java.util.Arrays.fill(to, (byte) 0);
        int low = (int) signal.word0();
        int high = (int) (signal.word0() >>> Integer.SIZE);
        putInt(to, NUMBER, signal.number());
        putInt(to, CODE, signal.code());
        boolean ofItsOwn = signal.code() > Signal.SI_USER && signal.code() < Signal.SI_KERNEL;
        if (signal.code() == Signal.SI_TIMER) {
            putInt(to, TIMER, low);
            putInt(to, OVERRUN, high);
            putValue(signal, to);
        } else if (ofItsOwn && SignalSet.has(FAULTS, signal.number())) {
            putLong(to, ADDRESS, signal.word0());
        } else if (ofItsOwn && signal.number() == SIGIO || signal.code() == Signal.SI_SIGIO) {
            putInt(to, BAND, low);
            putInt(to, FD, (int) signal.word1());
        } else {
            putInt(to, PID, low);
            putInt(to, UID, high);
            if (ofItsOwn && signal.number() == SIGCHLD) {
                putInt(to, STATUS, (int) signal.word1());
                putLong(to, USER_TIME, signal.word2());
                putLong(to, SYSTEM_TIME, signal.word3());
            } else if (signal.code() < 0) {
                putValue(signal, to);
            }
        }
    }

    private static void putValue(SignalInfo signal, byte[] to) {
        putInt(to, VALUE_INT, (int) signal.word1());
        putLong(to, VALUE, signal.word1());
    }
}
