package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import biscotti.file.Identity;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.process.UserThread;

/** Process accounting: acct(2). */
public final class AccountingCalls {
    /** The family has no state. */
    public AccountingCalls() {}

    /** acct(2). */
    @SystemCall(
            number = 163,
            name = "acct",
            support = Support.PARTIAL,
            note = "records do not say whether a process has used privileges (ASU)")
    public long acct(UserThread caller, long path) {
        if (!caller.identity().has(Identity.CAP_SYS_PACCT)) {
            return -EPERM;
        }
        Slot<OpenFile> opened = new Slot<>();
        if (path != 0) {
            Slot<String> name = new Slot<>();
            int error = UserPaths.read(caller, path, name);
            if (error < 0) {
                return error;
            }
            int flags = OpenFlags.O_WRONLY | OpenFlags.O_APPEND;
            error = OpenCall.open(caller, AT_FDCWD, name.get(), flags, 0, opened);
            if (error < 0) {
                return error;
            }
            if (!FileMode.isRegular(opened.get().vnode().mode())) {
                opened.get().release();
                return -EACCES;
            }
        }
        OpenFile file = path == 0 ? OpenFile.CLOSED : opened.get();
        caller.process().system().accounting().setFile(caller, file);
        return 0;
    }
}
