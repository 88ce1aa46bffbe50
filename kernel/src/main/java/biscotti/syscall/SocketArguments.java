package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTSOCK;

import biscotti.abi.OpenFlags;
import biscotti.abi.SocketTypes;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.socket.SocketFile;
import biscotti.net.SocketAddress;

/** What calls on sockets have in common: descriptors and addresses. */
final class SocketArguments {
    private SocketArguments() {}

    /**
     * The socket of a descriptor, with the caller as one more owner of its file.
     *
     * @return 0; -EBADF, -ENOTSOCK
     */
    static int find(Caller caller, int descriptor, Slot<SocketFile> found) {
        OpenFile file = caller.files().get(descriptor);
        if (file instanceof SocketFile socket) {
            return socket.tryRetain() ? found.put(socket) : -EBADF;
        }
        return file == OpenFile.CLOSED || file.has(OpenFlags.O_PATH) ? -EBADF : -ENOTSOCK;
    }

    /**
     * Reads an address.
     *
     * @return 0; -EINVAL for an impossible length, -EFAULT
     */
    static int readAddress(Caller caller, long address, int length, Slot<SocketAddress> read) {
        if (length < 0 || length > SocketTypes.ADDRESS_SIZE) {
            return -EINVAL;
        }
        byte[] bytes = new byte[length];
        int error = caller.memory().read(address, bytes, 0, length);
        return error < 0 ? error : read.put(new SocketAddress(bytes, length));
    }

    /**
     * Writes an address, cut to the room that there is, and its length.
     *
     * @param lengthAddress where the room is told, and the length goes
     * @return 0; -EINVAL for a negative room, -EFAULT
     */
    static int writeAddress(Caller caller, SocketAddress from, long address, long lengthAddress) {
        long room = caller.memory().readInt(lengthAddress);
        if (room < 0) {
            return (int) room;
        }
        if ((int) room < 0) {
            return -EINVAL;
        }
        int count = (int) Math.min(room, from.length());
        int error = caller.memory().write(address, from.bytes(), 0, count);
        return error < 0 ? error : caller.memory().writeInt(lengthAddress, from.length());
    }
}
