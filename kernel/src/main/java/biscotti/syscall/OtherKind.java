package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;

import biscotti.file.OpenFile;

/** Files that are of another kind than a call wants. */
final class OtherKind {
    private OtherKind() {}

    /** What a call answers for such a file, or for none; it lets it go: -EINVAL or -EBADF. */
    static int refuse(OpenFile file) {
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        file.release();
        return -EINVAL;
    }
}
