package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENOSYS;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.SealFlags.F_SEAL_EXEC;
import static biscotti.abi.SealFlags.F_SEAL_SEAL;
import static biscotti.abi.SealFlags.MFD_ALLOW_SEALING;
import static biscotti.abi.SealFlags.MFD_CLOEXEC;
import static biscotti.abi.SealFlags.MFD_EXEC;
import static biscotti.abi.SealFlags.MFD_HUGETLB;
import static biscotti.abi.SealFlags.MFD_NOEXEC_SEAL;

import biscotti.abi.FileMode;
import biscotti.abi.Latin1;
import biscotti.abi.SealFlags;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.tmpfs.MemoryFiles;

/** System calls of files that are only memory: memfd_create(2). */
public final class MemoryFileCalls {
    private static final int FLAGS = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;

    /** The longest name, its NUL among it: with {@code memfd:} in front it is still the name of a file. */
    private static final int NAME_BYTES = 250;

    private static final int PERMISSIONS = 0777;
    private static final int NOT_EXECUTABLE = 0666;

    private final MemoryFiles files;

    /** Calls that make files there. */
    public MemoryFileCalls(MemoryFiles files) {
        this.files = files;
    }

    /** memfd_create(2). */
    @SystemCall(
            number = 319,
            name = "memfd_create",
            support = Support.PARTIAL,
            note = "MFD_HUGETLB is ENOSYS: there is no hugetlbfs")
    public long memfdCreate(Caller caller, long name, int flags) {
        boolean huge = (flags & MFD_HUGETLB) != 0;
        boolean both = (flags & (MFD_EXEC | MFD_NOEXEC_SEAL)) == (MFD_EXEC | MFD_NOEXEC_SEAL);
        if (!huge && (flags & ~FLAGS) != 0 || both) {
            return -EINVAL;
        }
        byte[] bytes = new byte[NAME_BYTES];
        long length = caller.memory().readString(name, bytes, NAME_BYTES);
        if (length < 0) {
            return length == -ENAMETOOLONG ? -EINVAL : length;
        }
        if (huge) {
            return -ENOSYS;
        }
        boolean fixed = (flags & MFD_NOEXEC_SEAL) != 0;
        boolean sealable = fixed || (flags & MFD_ALLOW_SEALING) != 0;
        int seals = (sealable ? 0 : F_SEAL_SEAL) | (fixed ? F_SEAL_EXEC : 0);
        Slot<OpenFile> opened = new Slot<>();
        String text = Latin1.text(bytes, 0, (int) Math.min(length, NAME_BYTES));
        int permissions = FileMode.S_IFREG | (fixed ? NOT_EXECUTABLE : PERMISSIONS);
        int error = files.create(caller, text, permissions, seals, opened);
        return error < 0 ? error : OpenCalls.install(caller, opened.get(), (flags & MFD_CLOEXEC) != 0);
    }

    /** F_ADD_SEALS of fcntl(2). */
    static long addSeals(OpenFile file, int seals) {
        if (!file.writable()) {
            return file == OpenFile.CLOSED ? -EBADF : -EPERM;
        }
        return (seals & ~SealFlags.ALL) != 0 ? -EINVAL : file.vnode().addSeals(seals);
    }
}
