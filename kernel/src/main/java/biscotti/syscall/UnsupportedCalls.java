package biscotti.syscall;

import static biscotti.abi.Errno.ENOSYS;

import biscotti.abi.SystemCallNames;
import biscotti.bounded.Unit;
import biscotti.process.UserThread;
import biscotti.sched.KernelLog;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Answers ENOSYS to system calls that nobody answers, and tells the log about each number once. */
public final class UnsupportedCalls {
    /** Numbers beyond share the last flag. */
    private static final int NUMBERS = 512;

    private final KernelLog log;
    private final AtomicIntegerArray told = new AtomicIntegerArray(NUMBERS);

    /** Tells a log. */
    public UnsupportedCalls(KernelLog log) {
        this.log = log;
    }

    /** Answers a call: always -ENOSYS. */
    @Unit("unknown-call")
    public long call(UserThread caller, int number) {
        int index = number < 0 || number >= NUMBERS ? NUMBERS - 1 : number;
        if (told.compareAndSet(index, 0, 1)) {
            log.warning(
                    "system call " + number + " (" + SystemCallNames.of(number).orElse("unknown") + ") asked for by "
                            + caller.name() + ": not supported");
        }
        return -ENOSYS;
    }
}
