package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMSGSIZE;

import biscotti.abi.Limits;
import biscotti.abi.LittleEndian;
import biscotti.abi.SocketTypes;
import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.memory.UserMemory;

/** {@code struct msghdr} of sendmsg(2) and recvmsg(2), read from user memory. */
final class MessageHeader {
    /** How many bytes it has; in an array of {@code struct mmsghdr} the message's length follows. */
    static final int SIZE = 56;

    /** {@code struct mmsghdr}. */
    static final int ARRAY_SIZE = 64;

    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTOR_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    private final byte[] bytes = new byte[SIZE];
    private final long address;
    private final Slot<UserTransfer> transfer = new Slot<>();

    private MessageHeader(long address) {
        this.address = address;
    }

    /**
     * Reads a header and its segments.
     *
     * @return 0; -EFAULT, -EINVAL, -EMSGSIZE for too many segments
     */
    static int read(Caller caller, long address, Slot<MessageHeader> read) {
        MessageHeader header = new MessageHeader(address);
        int error = caller.memory().read(address, header.bytes, 0, SIZE);
        if (error < 0) {
            return error;
        }
        if (LittleEndian.getInt(header.bytes, NAME_LENGTH) < 0) {
            return -EINVAL;
        }
        long count = LittleEndian.getLong(header.bytes, VECTOR_LENGTH);
        if (count < 0 || count > Limits.IOV_MAX) {
            return -EMSGSIZE;
        }
        long vector = LittleEndian.getLong(header.bytes, VECTOR);
        error = IoVectors.read(caller, vector, (int) count, header.transfer);
        return error < 0 ? error : read.put(header);
    }

    /** Its segments. */
    UserTransfer transfer() {
        return transfer.get();
    }

    /** Where the address of the other side is, or goes; 0 for nowhere. */
    long name() {
        return LittleEndian.getLong(bytes, 0);
    }

    /** How many bytes that has, or may have. */
    int nameLength() {
        int length = LittleEndian.getInt(bytes, NAME_LENGTH);
        return name() == 0 ? 0 : Math.min(length, SocketTypes.ADDRESS_SIZE);
    }

    /** Where the length of the name goes. */
    long nameLengthAddress() {
        return address + NAME_LENGTH;
    }

    /** Where control messages are, or go; 0 for nowhere. */
    long control() {
        return LittleEndian.getLong(bytes, CONTROL);
    }

    /** How many bytes they have, or may have. */
    long controlLength() {
        return LittleEndian.getLong(bytes, CONTROL_LENGTH);
    }

    /** Tells what came with a message: 0 or -EFAULT. */
    int tell(UserMemory memory, int flags, long controlLength) {
        int error = memory.writeInt(address + FLAGS, flags);
        return error < 0 ? error : memory.writeLong(address + CONTROL_LENGTH, controlLength);
    }
}
