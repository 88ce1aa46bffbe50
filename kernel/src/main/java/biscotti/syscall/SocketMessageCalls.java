package biscotti.syscall;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;

import biscotti.abi.Limits;
import biscotti.abi.MessageFlags;
import biscotti.abi.Restart;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.file.socket.SocketFile;
import biscotti.memory.UserRange;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.SocketAddress;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;

/** System calls that send and receive messages: send(2), recv(2) and their kin. */
public final class SocketMessageCalls {
    /** The most messages of one call: UIO_MAXIOV. */
    private static final int MOST_MESSAGES = 1024;

    private static boolean isNoUserRange(long buffer, long count) {
        return (buffer | count) < 0 || count > UserRange.HIGH_END - buffer;
    }

    private static UserTransfer one(UserThread caller, long buffer, long count) {
        return new UserTransfer(caller.memory(), buffer, Math.min(count, Limits.MAX_TRANSFER));
    }

    // Sending.

    /** sendto(2); send(2) is this without an address. */
    @SystemCall(number = 44, name = "sendto")
    public long sendto(
            UserThread caller, int descriptor, long buffer, long count, int flags, long address, int length) {
        if (isNoUserRange(buffer, Math.min(count, Limits.MAX_TRANSFER))) {
            return -EFAULT;
        }
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        Outgoing message =
                new Outgoing(one(caller, buffer, count), flags, file.get().sendDeadline(flags));
        error = address == 0 ? 0 : readDestination(caller, address, length, message);
        long result = error < 0 ? error : file.get().send(caller, message);
        file.get().release();
        return result;
    }

    private static int readDestination(UserThread caller, long address, int length, Outgoing message) {
        Slot<SocketAddress> destination = new Slot<>();
        int error = SocketArguments.readAddress(caller, address, length, destination);
        if (error == 0) {
            message.setDestination(destination.get());
        }
        return error;
    }

    /** sendmsg(2). */
    @SystemCall(number = 46, name = "sendmsg")
    public long sendmsg(UserThread caller, int descriptor, long header, int flags) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        long result = send(caller, file.get(), header, flags, file.get().sendDeadline(flags));
        file.get().release();
        return result;
    }

    private static long send(UserThread caller, SocketFile file, long address, int flags, long deadline) {
        Slot<MessageHeader> read = new Slot<>();
        int error = MessageHeader.read(caller, address, read);
        if (error < 0) {
            return error;
        }
        MessageHeader header = read.get();
        Outgoing message = new Outgoing(header.transfer(), flags, deadline);
        if (header.nameLength() > 0) {
            error = readDestination(caller, header.name(), header.nameLength(), message);
        }
        if (error == 0) {
            error = ControlMessages.read(caller, header, message);
        }
        long result = error < 0 ? error : file.send(caller, message);
        message.takeCargo().discard();
        return result;
    }

    /** sendmmsg(2). */
    @SystemCall(number = 307, name = "sendmmsg")
    public long sendmmsg(UserThread caller, int descriptor, long headers, int count, int flags) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        int most = Integer.compareUnsigned(count, MOST_MESSAGES) > 0 ? MOST_MESSAGES : count;
        int sent = 0;
        long result = 0;
        while (sent < most) {
            long header = headers + (long) sent * MessageHeader.ARRAY_SIZE;
            result = send(caller, file.get(), header, flags, file.get().sendDeadline(flags));
            if (result >= 0) {
                result = caller.memory().writeInt(header + MessageHeader.SIZE, (int) result);
            }
            if (result < 0) {
                break;
            }
            sent++;
            if (!caller.rounds().awaitRound()) {
                break;
            }
        }
        file.get().release();
        return sent > 0 ? sent : result;
    }

    // Receiving.

    /** recvfrom(2); recv(2) is this without an address. */
    @SystemCall(number = 45, name = "recvfrom")
    public long recvfrom(
            UserThread caller, int descriptor, long buffer, long count, int flags, long address, long length) {
        if (isNoUserRange(buffer, Math.min(count, Limits.MAX_TRANSFER))) {
            return -EFAULT;
        }
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        Incoming message =
                new Incoming(one(caller, buffer, count), flags, file.get().receiveDeadline(flags));
        long result = file.get().receive(caller, message);
        message.cargo().discard();
        file.get().release();
        if (result >= 0 && address != 0) {
            error = SocketArguments.writeAddress(caller, message.source(), address, length);
        }
        return error < 0 ? error : result;
    }

    /** recvmsg(2). */
    @SystemCall(number = 47, name = "recvmsg")
    public long recvmsg(UserThread caller, int descriptor, long header, int flags) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        long result = receive(caller, file.get(), header, flags, file.get().receiveDeadline(flags));
        file.get().release();
        return result;
    }

    private static long receive(UserThread caller, SocketFile file, long address, int flags, long deadline) {
        Slot<MessageHeader> read = new Slot<>();
        int error = MessageHeader.read(caller, address, read);
        if (error < 0) {
            return error;
        }
        MessageHeader header = read.get();
        Incoming message = new Incoming(header.transfer(), flags, deadline);
        long result = file.receive(caller, message);
        if (result >= 0) {
            error = ControlMessages.write(caller, file, header, flags, message);
            if (error == 0 && header.name() != 0) {
                error = SocketArguments.writeAddress(
                        caller, message.source(), header.name(), header.nameLengthAddress());
            }
        }
        message.cargo().discard();
        return error < 0 ? error : result;
    }

    /** recvmmsg(2). The timeout is looked at after each message only: BUGS of its manual page. */
    @SystemCall(number = 299, name = "recvmmsg")
    public long recvmmsg(UserThread caller, int descriptor, long headers, int count, int flags, long timeout) {
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimespec(caller.memory(), timeout);
        if (nanos < 0) {
            return nanos;
        }
        long deadline = nanos == Waiter.FOREVER ? nanos : Deadlines.after(caller, nanos);
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        long result = -file.get().socket().takeError();
        if (result == 0) {
            result = receiveMany(caller, file.get(), headers, count, flags, deadline);
        }
        file.get().release();
        if (result > 0 && timeout != 0) {
            error = Structures.writeTimespec(caller.memory(), timeout, Deadlines.left(caller, deadline));
        }
        return error < 0 ? error : result;
    }

    private static long receiveMany(
            UserThread caller, SocketFile file, long headers, int count, int flags, long deadline) {
        int most = Integer.compareUnsigned(count, MOST_MESSAGES) > 0 ? MOST_MESSAGES : count;
        boolean waitForOne = (flags & MessageFlags.MSG_WAITFORONE) != 0;
        int got = 0;
        long result = 0;
        while (got < most) {
            int its = flags & ~MessageFlags.MSG_WAITFORONE | (waitForOne && got > 0 ? MessageFlags.MSG_DONTWAIT : 0);
            long header = headers + (long) got * MessageHeader.ARRAY_SIZE;
            result = receive(caller, file, header, its, file.receiveDeadline(its));
            if (result >= 0) {
                result = caller.memory().writeInt(header + MessageHeader.SIZE, (int) result);
            }
            if (result < 0) {
                break;
            }
            got++;
            if (deadline != Waiter.FOREVER && Deadlines.left(caller, deadline) == 0) {
                break;
            }
            if (!caller.rounds().awaitRound()) {
                break;
            }
        }
        if (got > 0 && result < 0 && result != -EAGAIN && !Restart.isSpecial(result)) {
            file.socket().setError((int) -result);
        }
        return got > 0 ? got : result;
    }
}
