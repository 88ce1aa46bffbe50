package biscotti.syscall;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.file.Caller;
import biscotti.file.PathWalk;
import biscotti.file.Slot;

/** Reads paths from user memory and walks them. */
final class UserPaths {
    /** Most paths fit: a longer one is read a second time. */
    private static final int USUAL_LENGTH = 256;

    private UserPaths() {}

    /**
     * Reads a path.
     *
     * @return 0; -EFAULT, -ENAMETOOLONG
     */
    static int read(Caller caller, long address, Slot<String> path) {
        byte[] bytes = new byte[USUAL_LENGTH];
        long length = caller.memory().readString(address, bytes, USUAL_LENGTH);
        if (length == -biscotti.abi.Errno.ENAMETOOLONG) {
            bytes = new byte[Limits.PATH_MAX];
            length = caller.memory().readString(address, bytes, Limits.PATH_MAX);
        }
        return length < 0 ? (int) length : path.put(Latin1.text(bytes, 0, (int) length));
    }

    /**
     * Reads a path and walks it.
     *
     * @param flags of {@link PathWalk}
     * @return 0, or what reading or walking says
     */
    static int walk(Caller caller, PathWalk walk, int descriptor, long address, int flags) {
        Slot<String> path = new Slot<>();
        int error = read(caller, address, path);
        return error < 0 ? error : walk.resolve(descriptor, path.get(), flags);
    }
}
