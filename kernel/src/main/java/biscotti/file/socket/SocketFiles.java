package biscotti.file.socket;

import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import biscotti.file.AnonymousFiles;
import biscotti.file.Caller;
import biscotti.file.Devices;
import biscotti.file.SpecialFile;
import biscotti.net.Socket;
import java.util.function.LongSupplier;

/** Makes open files of sockets: Linux's sockfs. */
public final class SocketFiles {
    private static final long MAGIC = 0x534f434b;

    private final AnonymousFiles files;
    private final Devices devices;

    /** Makes files whose vnodes have times of a clock. */
    public SocketFiles(Devices devices, LongSupplier wallClock) {
        this.files = new AnonymousFiles("sockfs", MAGIC, devices, wallClock);
        this.devices = devices;
    }

    /**
     * An open file of a new socket, with one owner.
     *
     * @param flags O_NONBLOCK or 0
     */
    public SocketFile open(Caller caller, Socket socket, int flags) {
        long number = files.nextNumber();
        SpecialFile vnode = new SpecialFile(
                files,
                number,
                FileMode.S_IFSOCK | 0777,
                caller.identity().userId(),
                caller.identity().groupId(),
                0,
                devices);
        vnode.retain();
        SocketFile file = new SocketFile(
                socket, files.place(vnode, "socket:[" + number + "]"), OpenFlags.O_RDWR | flags & OpenFlags.O_NONBLOCK);
        file.opened(number);
        return file;
    }
}
