package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.process.UserThread;

/** The signal masks of calls that wait with another mask than the thread's: ppoll(2), pselect(2). */
final class SignalMasks {
    private SignalMasks() {}

    /**
     * Blocks other signals until the call has returned.
     *
     * @param address of the mask; 0 to keep the thread's
     * @param size bytes of a mask
     * @return 0; -EINVAL for another size than 8; -EFAULT
     */
    static long replace(UserThread caller, long address, long size) {
        if (address == 0) {
            return 0;
        }
        if (size != Long.BYTES) {
            return -EINVAL;
        }
        long error = caller.memory().readLong(address);
        if (error == 0) {
            caller.setTemporaryMask(caller.memory().value());
        }
        return error;
    }
}
