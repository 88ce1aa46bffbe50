package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOBUFS;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.LittleEndian;
import biscotti.abi.MessageFlags;
import biscotti.abi.SocketOptions;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.socket.FileCargo;
import biscotti.file.socket.SocketFile;
import biscotti.memory.UserMemory;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.SenderCredentials;
import biscotti.net.unix.Cargo;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.concurrent.TimeUnit;

/** What goes beside the bytes of a message: cmsg(3), with the contents of unix(7). */
final class ControlMessages {
    /** Linux's net.core.optmem_max. */
    private static final int MOST = 20480;

    /** {@code struct cmsghdr}: length, level, type; the contents follow. */
    private static final int HEADER = 16;

    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int CREDENTIALS_SIZE = 12;
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private ControlMessages() {}

    /** What control messages that are being read have told so far. */
    private static final class Read {
        private final int[] descriptors = new int[MessageFlags.SCM_MAX_FD];
        private int count;
        private boolean hasCredentials;
        private int process;
        private int user;
        private int group;
    }

    /**
     * Reads what a sender gives.
     *
     * @return 0; -EINVAL for what is wrong or unknown, -EBADF for a descriptor, -EPERM or -ESRCH for credentials, -ENOBUFS, -EFAULT
     */
    static int read(UserThread caller, MessageHeader header, Outgoing message) {
        long size = header.controlLength();
        if (size == 0) {
            return 0;
        }
        if (size < 0 || size > MOST) {
            return -ENOBUFS;
        }
        byte[] bytes = new byte[(int) size];
        int error = caller.memory().read(header.control(), bytes, 0, bytes.length);
        Read read = new Read();
        int at = 0;
        while (error == 0 && at + HEADER <= bytes.length) {
            long length = LittleEndian.getLong(bytes, at);
            if (length < HEADER || length > bytes.length - at) {
                return -EINVAL;
            }
            if (LittleEndian.getInt(bytes, at + LEVEL) == SocketOptions.SOL_SOCKET) {
                error = read(bytes, at, (int) length, read);
            }
            at += aligned((int) length);
        }
        if (read.hasCredentials && error == 0) {
            error = check(caller, read);
            message.setCredentials(new SenderCredentials(read.process, read.user, read.group));
        }
        if (error < 0 || read.count == 0) {
            return error;
        }
        Slot<Cargo> cargo = new Slot<>();
        error = FileCargo.of(caller.files(), read.descriptors, read.count, cargo);
        if (error == 0) {
            message.setCargo(cargo.get());
        }
        return error;
    }

    private static int aligned(int length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }

    private static int read(byte[] bytes, int at, int length, Read read) {
        int data = at + HEADER;
        return switch (LittleEndian.getInt(bytes, at + TYPE)) {
            case MessageFlags.SCM_RIGHTS -> readDescriptors(bytes, data, (length - HEADER) / Integer.BYTES, read);
            case MessageFlags.SCM_CREDENTIALS ->
                length == HEADER + CREDENTIALS_SIZE ? readCredentials(bytes, data, read) : -EINVAL;
            default -> -EINVAL;
        };
    }

    private static int readDescriptors(byte[] bytes, int data, int count, Read read) {
        int before = read.count;
        if (count > MessageFlags.SCM_MAX_FD - before) {
            return -EINVAL;
        }
        for (int i = 0; i < count; i++) {
            read.descriptors[before + i] = LittleEndian.getInt(bytes, data + i * Integer.BYTES);
        }
        read.count = before + count;
        return 0;
    }

    private static int readCredentials(byte[] bytes, int data, Read read) {
        read.hasCredentials = true;
        read.process = LittleEndian.getInt(bytes, data);
        read.user = LittleEndian.getInt(bytes, data + Integer.BYTES);
        read.group = LittleEndian.getInt(bytes, data + 2 * Integer.BYTES);
        return read.user == -1 || read.group == -1 ? -EINVAL : 0;
    }

    /** Credentials that a sender gives have to be his own, unless he has the capabilities to become somebody else (unix(7)). */
    private static int check(UserThread caller, Read read) {
        Credentials own = caller.identity();
        boolean itself = read.process == caller.processId() || own.has(Credentials.CAP_SYS_ADMIN);
        boolean sameUser = isOneOf(own.user(), read.user) || own.has(Credentials.CAP_SETUID);
        boolean sameGroup = isOneOf(own.group(), read.group) || own.has(Credentials.CAP_SETGID);
        if (!itself || !sameUser || !sameGroup) {
            return -EPERM;
        }
        ProcessTable table = caller.process().system().table();
        boolean there = table.process(read.process).isPresent()
                || table.thread(read.process).isPresent();
        return there ? 0 : -ESRCH;
    }

    private static boolean isOneOf(Credentials.Ids ids, int id) {
        return id == ids.real() || id == ids.effective() || id == ids.saved();
    }

    /** Writes control messages one behind the other, as far as there is room. */
    private static final class Writer {
        private final UserMemory memory;
        private final long start;
        private long at;
        private long left;
        private boolean truncated;

        Writer(UserMemory memory, long start, long room) {
            this.memory = memory;
            this.start = start;
            this.at = start;
            this.left = start == 0 ? 0 : Math.max(0, room);
        }

        /** Writes a header, and goes behind the message. */
        private void finish(int type, int length, int contents) {
            byte[] header = new byte[HEADER];
            LittleEndian.putLong(header, 0, length);
            LittleEndian.putInt(header, LEVEL, SocketOptions.SOL_SOCKET);
            LittleEndian.putInt(header, TYPE, type);
            memory.write(at, header, 0, HEADER);
            long whole = Math.min(left, aligned(HEADER + contents));
            at += whole;
            left -= whole;
        }

        void credentials(SenderCredentials sender) {
            byte[] data = new byte[CREDENTIALS_SIZE];
            LittleEndian.putInt(data, 0, sender.process());
            LittleEndian.putInt(data, Integer.BYTES, sender.user());
            LittleEndian.putInt(data, 2 * Integer.BYTES, sender.group());
            put(MessageFlags.SCM_CREDENTIALS, data);
        }

        /** The time of an option, which is the type of the message, too. */
        void time(int option, long nanos) {
            boolean inMicros = option == SocketOptions.SO_TIMESTAMP || option == SocketOptions.SO_TIMESTAMP_NEW;
            long rest = nanos % NANOS_PER_SECOND;
            byte[] data = new byte[MessageFlags.TIME_SIZE];
            LittleEndian.putLong(data, 0, nanos / NANOS_PER_SECOND);
            LittleEndian.putLong(data, Long.BYTES, inMicros ? TimeUnit.NANOSECONDS.toMicros(rest) : rest);
            put(option, data);
        }

        /** Writes a message, cut to the room that there is. */
        private void put(int type, byte[] data) {
            if (left < HEADER) {
                truncated = true;
                return;
            }
            int count = (int) Math.min(left - HEADER, data.length);
            truncated |= count < data.length;
            memory.write(at + HEADER, data, 0, count);
            finish(type, HEADER + count, data.length);
        }

        void descriptors(UserThread caller, FileCargo cargo, boolean closedByExec) {
            long room = left <= HEADER ? 0 : (left - HEADER) / Integer.BYTES;
            int wanted = (int) Math.min(cargo.count(), room);
            int count = 0;
            while (count < wanted
                    && install(caller, cargo.get(count), closedByExec, at + HEADER + (long) count * Integer.BYTES)) {
                count++;
            }
            if (count > 0) {
                int contents = count * Integer.BYTES;
                finish(MessageFlags.SCM_RIGHTS, HEADER + contents, contents);
            }
            truncated |= count < cargo.count();
        }

        /** Gives a file a descriptor, and tells it. */
        private boolean install(UserThread caller, OpenFile file, boolean closedByExec, long address) {
            if (!caller.rounds().nextRound()) {
                return false;
            }
            file.retain();
            int descriptor = (int) OpenCalls.install(caller, file, closedByExec);
            if (descriptor < 0) {
                return false;
            }
            if (memory.writeInt(address, descriptor) < 0) {
                caller.files().close(caller, descriptor);
                return false;
            }
            return true;
        }
    }

    /**
     * Tells a receiver what came with a message.
     *
     * @param flags of the call
     * @return 0, or -EFAULT for the header
     */
    static int write(UserThread caller, SocketFile file, MessageHeader header, int flags, Incoming message) {
        Writer writer = new Writer(caller.memory(), header.control(), header.controlLength());
        int timestamps = file.socket().settings().timestamps();
        if (timestamps != 0 && message.time() != 0) {
            writer.time(timestamps, message.time());
        }
        if (file.socket().settings().passesCredentials()) {
            writer.credentials(message.credentials());
        }
        if (message.cargo() instanceof FileCargo cargo) {
            writer.descriptors(caller, cargo, (flags & MessageFlags.MSG_CMSG_CLOEXEC) != 0);
        }
        int told = flags & MessageFlags.MSG_CMSG_CLOEXEC
                | (message.urgent() ? MessageFlags.MSG_OOB : 0)
                | (message.truncated() ? MessageFlags.MSG_TRUNC : 0)
                | (writer.truncated ? MessageFlags.MSG_CTRUNC : 0);
        return header.tell(caller.memory(), told, writer.at - writer.start);
    }
}
