package biscotti.file;

import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.FileMode;
import biscotti.net.Socket;
import java.util.Optional;

/** A device node, FIFO or socket of any file system: a name for something that is not kept there. */
public class SpecialFile extends Vnode {
    private final int device;
    private final Devices.Driver opener;
    private volatile Optional<Socket> socket = Optional.empty();

    /**
     * A special file.
     *
     * @param mode its type, which says what it is, and permissions
     * @param device the device that a device node stands for
     * @param devices what device nodes and FIFOs open
     */
    public SpecialFile(
            FileSystem fileSystem, long number, int mode, int userId, int groupId, int device, Devices devices) {
        super(fileSystem, number, mode, userId, groupId);
        this.device = FileMode.isDevice(mode) ? device : 0;
        this.opener = switch (mode & FileMode.S_IFMT) {
            case FileMode.S_IFCHR ->
                (caller, place, flags, opened) -> devices.open(caller, device, place, flags, opened);
            case FileMode.S_IFBLK ->
                (caller, place, flags, opened) -> devices.openBlock(caller, device, place, flags, opened);
            case FileMode.S_IFIFO -> devices.newFifo();
            default -> (caller, place, flags, opened) -> -ENXIO;
        };
    }

    @Override
    public final int deviceNumber() {
        return device;
    }

    @Override
    public final boolean isOnDisk() {
        return (mode() & FileMode.S_IFMT) == FileMode.S_IFBLK;
    }

    /** The socket that is bound to it; none, if it is no socket's name, or that one has been closed. */
    public final Optional<Socket> socket() {
        return socket;
    }

    /** Says which socket is bound to it. */
    public final void setSocket(Optional<Socket> bound) {
        socket = bound;
    }

    /** {@inheritDoc} A socket is not opened but connected to: that is ENXIO. */
    @Override
    public final int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return opener.open(caller, place, flags, opened);
    }
}
