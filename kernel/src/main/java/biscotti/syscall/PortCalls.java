package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.process.UserThread;

/**
 * I/O ports, for programs. None gets any: they stay with the kernel, as on a Linux that is locked down, whose answers these are; so a
 * thread's level is always 0, and no bit of its bitmap is ever clear.
 */
public final class PortCalls {
    private static final long PORTS = 65536;
    private static final int MOST_LEVEL = 3;
    private static final String NOTE = "no program gets ports: EPERM, as under kernel lockdown";

    /** The family has no state. */
    public PortCalls() {}

    /** iopl(2). */
    @SystemCall(number = 172, name = "iopl", support = Support.PARTIAL, note = NOTE)
    public long iopl(UserThread caller, int level) {
        if (level < 0 || level > MOST_LEVEL) {
            return -EINVAL;
        }
        return level == 0 ? 0 : -EPERM;
    }

    /** ioperm(2). */
    @SystemCall(number = 173, name = "ioperm", support = Support.PARTIAL, note = NOTE)
    public long ioperm(UserThread caller, long from, long count, int on) {
        boolean empty = Long.compareUnsigned(from + count, from) <= 0;
        if (empty || Long.compareUnsigned(from + count, PORTS) > 0) {
            return -EINVAL;
        }
        return on == 0 ? 0 : -EPERM;
    }
}
