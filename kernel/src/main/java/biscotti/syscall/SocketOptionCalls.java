package biscotti.syscall;

import static biscotti.abi.Errno.EDOM;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENOPROTOOPT;
import static biscotti.abi.Errno.ENOTCONN;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.ERANGE;

import biscotti.abi.LittleEndian;
import biscotti.abi.SocketOptions;
import biscotti.file.Slot;
import biscotti.file.socket.SocketFile;
import biscotti.memory.UserMemory;
import biscotti.net.Party;
import biscotti.net.Socket;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSettings;
import biscotti.process.UserThread;
import java.util.concurrent.TimeUnit;

/** getsockopt(2) and setsockopt(2). */
public final class SocketOptionCalls {
    private static final String MISSING =
            "SO_TIMESTAMP*, SO_PASSSEC, SO_PASSPIDFD, SO_PEERPIDFD, SO_MARK, packet filters";
    private static final int LARGEST = 16;
    private static final int PAIR = 8;
    private static final int CREDENTIALS = 12;
    private static final long MICROS_PER_SECOND = TimeUnit.SECONDS.toMicros(1);
    private static final long LONGEST_SECONDS = TimeUnit.NANOSECONDS.toSeconds(Long.MAX_VALUE) - 1;

    /** In place of a timeout that is negative: a wait that is over at once. */
    private static final long SHORTEST = 1;

    /** setsockopt(2). */
    @SystemCall(number = 54, name = "setsockopt", support = Support.PARTIAL, note = MISSING)
    public long setsockopt(UserThread caller, int descriptor, int level, int option, long value, int length) {
        Slot<SocketFile> file = new Slot<>();
        int error = length < 0 ? -EINVAL : SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        error = level == SocketOptions.SOL_SOCKET
                ? set(caller, file.get().socket(), option, value, length)
                : -EOPNOTSUPP;
        file.get().release();
        return error;
    }

    private static int set(UserThread caller, Socket socket, int option, long address, int length) {
        byte[] value = new byte[LARGEST];
        int error = length < Integer.BYTES ? -EINVAL : caller.memory().read(address, value, 0, Integer.BYTES);
        if (error < 0) {
            return error;
        }
        int needed = switch (option) {
            case SocketOptions.SO_LINGER -> PAIR;
            case SocketOptions.SO_RCVTIMEO,
                    SocketOptions.SO_SNDTIMEO,
                    SocketOptions.SO_RCVTIMEO_NEW,
                    SocketOptions.SO_SNDTIMEO_NEW -> LARGEST;
            default -> Integer.BYTES;
        };
        error = length < needed ? -EINVAL : caller.memory().read(address, value, 0, needed);
        if (error < 0) {
            return error;
        }
        SocketSettings settings = socket.settings();
        int number = LittleEndian.getInt(value, 0);
        return switch (option) {
            case SocketOptions.SO_LINGER -> {
                settings.setLinger(number, LittleEndian.getInt(value, Integer.BYTES));
                yield 0;
            }
            case SocketOptions.SO_RCVTIMEO, SocketOptions.SO_RCVTIMEO_NEW -> setTimeout(settings, value, true);
            case SocketOptions.SO_SNDTIMEO, SocketOptions.SO_SNDTIMEO_NEW -> setTimeout(settings, value, false);
            default -> settings.set(caller, option, number);
        };
    }

    private static int setTimeout(SocketSettings settings, byte[] value, boolean receive) {
        long seconds = LittleEndian.getLong(value, 0);
        long micros = LittleEndian.getLong(value, Long.BYTES);
        if (micros < 0 || micros >= MICROS_PER_SECOND) {
            return -EDOM;
        }
        long nanos = seconds < 0
                ? SHORTEST
                : seconds >= LONGEST_SECONDS
                        ? 0
                        : TimeUnit.SECONDS.toNanos(seconds) + TimeUnit.MICROSECONDS.toNanos(micros);
        if (receive) {
            settings.setReceiveTimeout(nanos);
        } else {
            settings.setSendTimeout(nanos);
        }
        return 0;
    }

    /** getsockopt(2). */
    @SystemCall(number = 55, name = "getsockopt", support = Support.PARTIAL, note = MISSING)
    public long getsockopt(UserThread caller, int descriptor, int level, int option, long value, long length) {
        Slot<SocketFile> file = new Slot<>();
        int error = SocketArguments.find(caller, descriptor, file);
        if (error < 0) {
            return error;
        }
        long room = level == SocketOptions.SOL_SOCKET ? caller.memory().readInt(length) : -EOPNOTSUPP;
        error = (int) room;
        if (room >= 0) {
            error = (int) room < 0 ? -EINVAL : get(caller, file.get().socket(), option, value, (int) room, length);
        }
        file.get().release();
        return error;
    }

    private static int get(UserThread caller, Socket socket, int option, long address, int room, long lengthAddress) {
        if (option == SocketOptions.SO_PEERGROUPS) {
            return getGroups(caller.memory(), socket.peer(), address, room, lengthAddress);
        }
        if (option == SocketOptions.SO_PEERNAME) {
            return getPeerName(caller.memory(), socket.peerName(), address, room, lengthAddress);
        }
        byte[] value = new byte[LARGEST];
        int size = get(socket, option, value);
        if (size < 0) {
            return size;
        }
        int count = Math.min(room, size);
        int error = caller.memory().write(address, value, 0, count);
        return error < 0 ? error : caller.memory().writeInt(lengthAddress, count);
    }

    /** Puts the value of an option: how many bytes it has, or -ENOPROTOOPT. */
    private static int get(Socket socket, int option, byte[] value) {
        SocketSettings settings = socket.settings();
        return switch (option) {
            case SocketOptions.SO_LINGER -> {
                LittleEndian.putInt(value, Integer.BYTES, settings.lingerSeconds());
                yield put(value, settings.lingers(), PAIR);
            }
            case SocketOptions.SO_RCVTIMEO, SocketOptions.SO_RCVTIMEO_NEW ->
                putTimeout(value, settings.receiveTimeout());
            case SocketOptions.SO_SNDTIMEO, SocketOptions.SO_SNDTIMEO_NEW -> putTimeout(value, settings.sendTimeout());
            case SocketOptions.SO_PEERCRED -> {
                Party peer = socket.peer();
                LittleEndian.putInt(value, Integer.BYTES, peer.user());
                LittleEndian.putInt(value, PAIR, peer.group());
                yield put(value, peer.process(), CREDENTIALS);
            }
            case SocketOptions.SO_TYPE -> put(value, socket.type(), Integer.BYTES);
            case SocketOptions.SO_DOMAIN -> put(value, socket.family(), Integer.BYTES);
            case SocketOptions.SO_PROTOCOL -> put(value, socket.protocol(), Integer.BYTES);
            case SocketOptions.SO_ERROR -> put(value, socket.takeError(), Integer.BYTES);
            case SocketOptions.SO_ACCEPTCONN -> put(value, socket.isListening() ? 1 : 0, Integer.BYTES);
            default -> {
                long number = settings.get(option);
                yield number == SocketSettings.UNKNOWN ? -ENOPROTOOPT : put(value, (int) number, Integer.BYTES);
            }
        };
    }

    private static int put(byte[] value, int number, int size) {
        LittleEndian.putInt(value, 0, number);
        return size;
    }

    private static int putTimeout(byte[] value, long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        LittleEndian.putLong(value, 0, micros / MICROS_PER_SECOND);
        LittleEndian.putLong(value, Long.BYTES, micros % MICROS_PER_SECOND);
        return LARGEST;
    }

    private static int getGroups(UserMemory memory, Party peer, long address, int room, long lengthAddress) {
        if (peer == Party.NOBODY) {
            return -ENODATA;
        }
        int count = peer.groupCount();
        int error = memory.writeInt(lengthAddress, count * Integer.BYTES);
        if (room < count * Integer.BYTES) {
            return error < 0 ? error : -ERANGE;
        }
        for (int i = 0; i < count && error == 0; i++) {
            error = memory.writeInt(address + (long) i * Integer.BYTES, peer.groupAt(i));
        }
        return error;
    }

    private static int getPeerName(UserMemory memory, SocketAddress name, long address, int room, long lengthAddress) {
        if (name.isEmpty()) {
            return -ENOTCONN;
        }
        if (name.length() < room) {
            return -EINVAL;
        }
        int error = memory.write(address, name.bytes(), 0, room);
        return error < 0 ? error : memory.writeInt(lengthAddress, room);
    }
}
