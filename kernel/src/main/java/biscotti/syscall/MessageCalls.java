package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.abi.Ipc;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.ipc.MessageQueue;
import biscotti.process.UserThread;

/** System calls of System V message queues: msgget(2), msgop(2), msgctl(2). */
public final class MessageCalls {
    private static final int QUEUE_BYTES = 120;
    private static final int INFO_BYTES = 32;
    private static final int LIMIT = 88;
    /** MSGSSZ and MSGSEG, which mean nothing on Linux. */
    private static final int SEGMENT_BYTES = 16;

    private static final short SEGMENTS = (short) 0xffff;
    private static final int KILOBYTE = 1024;

    /** msgget(2). */
    @SystemCall(number = 68, name = "msgget")
    public long msgget(UserThread caller, int key, int flags) {
        return MessageQueue.get(IpcControl.space(caller), caller.identity(), key, flags, caller.rounds());
    }

    /** msgsnd(2). */
    @SystemCall(number = 69, name = "msgsnd")
    public long msgsnd(UserThread caller, int id, long message, long size, int flags) {
        int error = caller.memory().readLong(message);
        long type = caller.memory().value();
        if (error < 0) {
            return error;
        }
        IpcSpace space = IpcControl.space(caller);
        int most = space.longestMessage();
        if (size < 0 || size > most || id < 0 || type < 1) {
            return -EINVAL;
        }
        MessageQueue queue = space.queues().get(id);
        if (space.queues().isAbsent(queue)) {
            return -EINVAL;
        }
        return queue.send(
                caller.identity(),
                caller.kernelThread(),
                caller.process().id(),
                caller.memory(),
                type,
                message + Long.BYTES,
                (int) Math.min(size, most),
                flags);
    }

    /** msgrcv(2). */
    @SystemCall(number = 70, name = "msgrcv")
    public long msgrcv(UserThread caller, int id, long message, long size, long type, int flags) {
        boolean badCopy =
                (flags & Ipc.MSG_COPY) != 0 && ((flags & Ipc.MSG_EXCEPT) != 0 || (flags & Ipc.IPC_NOWAIT) == 0);
        if (id < 0 || size < 0 || badCopy) {
            return -EINVAL;
        }
        IpcTable<MessageQueue> queues = IpcControl.space(caller).queues();
        MessageQueue queue = queues.get(id);
        if (queues.isAbsent(queue)) {
            return -EINVAL;
        }
        return queue.receive(
                caller.identity(),
                caller.kernelThread(),
                caller.process().id(),
                caller.memory(),
                message,
                size,
                type,
                flags);
    }

    /** msgctl(2). */
    @SystemCall(number = 71, name = "msgctl")
    public long msgctl(UserThread caller, int id, int command, long buffer) {
        if (id < 0 || command < 0) {
            return -EINVAL;
        }
        IpcTable<MessageQueue> queues = IpcControl.space(caller).queues();
        return switch (command) {
            case Ipc.IPC_INFO, Ipc.MSG_INFO -> info(caller, command == Ipc.MSG_INFO, buffer);
            case Ipc.IPC_STAT -> describe(caller, queues.get(id), 0, false, buffer);
            case Ipc.MSG_STAT, Ipc.MSG_STAT_ANY -> {
                MessageQueue queue = queues.atIndex(id);
                yield describe(caller, queue, queue.id(), command == Ipc.MSG_STAT_ANY, buffer);
            }
            case Ipc.IPC_SET -> change(caller, queues.get(id), buffer);
            case Ipc.IPC_RMID -> {
                int error = IpcControl.checkControl(caller, queues, queues.get(id));
                yield error < 0 ? error : queues.get(id).remove();
            }
            default -> -EINVAL;
        };
    }

    private static long change(UserThread caller, MessageQueue queue, long buffer) {
        byte[] bytes = new byte[QUEUE_BYTES];
        int error = caller.memory().read(buffer, bytes, 0, bytes.length);
        if (error == 0) {
            error = IpcControl.checkControl(caller, IpcControl.space(caller).queues(), queue);
        }
        if (error == 0 && (IpcControl.user(bytes) == -1 || IpcControl.group(bytes) == -1)) {
            error = -EINVAL;
        }
        return error < 0
                ? error
                : queue.change(
                        caller.identity(),
                        IpcControl.user(bytes),
                        IpcControl.group(bytes),
                        IpcControl.mode(bytes),
                        getLong(bytes, LIMIT));
    }

    private static long describe(UserThread caller, MessageQueue queue, int result, boolean any, long buffer) {
        int error = IpcControl.checkRead(caller, IpcControl.space(caller).queues(), queue, any);
        if (error < 0) {
            return error;
        }
        byte[] bytes = new byte[QUEUE_BYTES];
        queue.putPermissions(bytes);
        putLong(bytes, 48, IpcControl.seconds(queue.sendTime()));
        putLong(bytes, 56, IpcControl.seconds(queue.receiveTime()));
        putLong(bytes, 64, IpcControl.seconds(queue.changeTime()));
        putLong(bytes, 72, queue.bytes());
        putLong(bytes, 80, queue.count());
        putLong(bytes, LIMIT, queue.limit());
        putInt(bytes, 96, queue.lastSender());
        putInt(bytes, 100, queue.lastReceiver());
        error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : result;
    }

    /** {@code struct msginfo}; the result is the highest index in use. */
    private static long info(UserThread caller, boolean usage, long buffer) {
        IpcSpace space = IpcControl.space(caller);
        int pool = (int) ((long) space.queues().limit() * space.queueBytes() / KILOBYTE);
        byte[] bytes = new byte[INFO_BYTES];
        putInt(bytes, 0, usage ? space.queues().size() : pool); // msgpool
        putInt(bytes, 4, usage ? (int) space.messages() : space.queueBytes()); // msgmap
        putInt(bytes, 8, space.longestMessage()); // msgmax
        putInt(bytes, 12, space.queueBytes()); // msgmnb
        putInt(bytes, 16, space.queues().limit()); // msgmni
        putInt(bytes, 20, SEGMENT_BYTES); // msgssz
        putInt(bytes, 24, usage ? (int) space.messageBytes() : space.queueBytes()); // msgtql
        putShort(bytes, 28, SEGMENTS); // msgseg
        int error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : space.queues().highestIndex();
    }
}
