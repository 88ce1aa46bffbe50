package biscotti.syscall;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.file.Identity;
import biscotti.memory.UserRange;
import biscotti.process.UserThread;
import biscotti.sched.LogReader;

/** The kernel log, for programs: syslog(2). */
public final class LogCalls {
    private static final int CLOSE = 0;
    private static final int OPEN = 1;
    private static final int READ = 2;
    private static final int READ_ALL = 3;
    private static final int READ_CLEAR = 4;
    private static final int CLEAR = 5;
    private static final int CONSOLE_OFF = 6;
    private static final int CONSOLE_ON = 7;
    private static final int CONSOLE_LEVEL = 8;
    private static final int SIZE_UNREAD = 9;
    private static final int SIZE_BUFFER = 10;

    private static final int LEAST_LEVEL = 1;
    private static final int MOST_LEVEL = 8;

    private final LogReader reader;

    /** Calls about a log. */
    public LogCalls(LogReader reader) {
        this.reader = reader;
    }

    /** syslog(2), with dmesg_restrict set as Debian has it: all takes CAP_SYSLOG. */
    @SystemCall(
            number = 103,
            name = "syslog",
            support = Support.PARTIAL,
            note = "what the console shows is not changed: the log has a port of its own")
    public long syslog(UserThread caller, int type, long buffer, int length) {
        if (!caller.identity().has(Identity.CAP_SYSLOG) && !ControlCalls.administers(caller)) {
            return -EPERM;
        }
        return switch (type) {
            case CLOSE, OPEN, CONSOLE_OFF, CONSOLE_ON -> 0;
            case READ, READ_ALL, READ_CLEAR -> read(caller, type, buffer, length);
            case CLEAR -> {
                reader.clear();
                yield 0;
            }
            case CONSOLE_LEVEL -> length < LEAST_LEVEL || length > MOST_LEVEL ? -EINVAL : 0;
            case SIZE_UNREAD -> reader.unread();
            case SIZE_BUFFER -> LogReader.BYTES;
            default -> -EINVAL;
        };
    }

    private long read(UserThread caller, int type, long buffer, int length) {
        if (buffer == 0 || length < 0) {
            return -EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        if (!UserRange.endsBelowTop(buffer, length)) {
            return -EFAULT;
        }
        byte[] bytes = new byte[LogReader.BYTES];
        int most = Math.min(length, bytes.length);
        int count = type == READ ? reader.take(caller.kernelThread(), bytes, most, true) : reader.newest(bytes, most);
        if (count < 0) {
            return -ERESTARTSYS;
        }
        if (type == READ_CLEAR) {
            reader.clear();
        }
        int error = caller.memory().write(buffer, bytes, 0, count);
        return error < 0 ? error : count;
    }
}
