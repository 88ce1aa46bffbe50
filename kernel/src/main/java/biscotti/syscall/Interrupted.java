package biscotti.syscall;

import biscotti.abi.Errno;
import biscotti.abi.Restart;

/** What becomes of a wait with a timeout that a signal interrupted. */
final class Interrupted {
    private Interrupted() {}

    /** The result of a call that fails with EINTR after a handler, even with SA_RESTART, because its timeout is relative. */
    static long unlessRestartable(long result) {
        return result == -Errno.EINTR ? -Restart.ERESTARTNOHAND : result;
    }
}
