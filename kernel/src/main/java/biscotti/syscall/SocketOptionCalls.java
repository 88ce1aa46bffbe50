package biscotti.syscall;

import static biscotti.abi.Errno.EDOM;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENODEV;
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
    private static final String MISSING = "no SO_TIMESTAMPING, SO_PASSPIDFD, SO_PEERPIDFD, packet filters";
    private static final int TIME = 16;
    private static final int PAIR = 8;

    /** SO_MEMINFO: nine numbers. */
    private static final int MEMORY = 36;

    /** The most bytes of an option. */
    private static final int LARGEST = MEMORY;

    /** The longest name of a network device: IFNAMSIZ of netdevice(7), less a NUL. */
    private static final int DEVICE_NAME = 15;

    /** SO_NETNS_COOKIE of the only network namespace. */
    private static final long NAMESPACE = 1;

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
        if (option == SocketOptions.SO_BINDTODEVICE) {
            return bindToDevice(caller, socket.settings(), address, Math.min(length, DEVICE_NAME));
        }
        int error = length < Integer.BYTES ? -EINVAL : caller.memory().read(address, value, 0, Integer.BYTES);
        if (error < 0) {
            return error;
        }
        int needed = switch (option) {
            case SocketOptions.SO_LINGER, SocketOptions.SO_TXTIME -> PAIR;
            case SocketOptions.SO_MAX_PACING_RATE -> length >= Long.BYTES ? Long.BYTES : Integer.BYTES;
            case SocketOptions.SO_RCVTIMEO,
                    SocketOptions.SO_SNDTIMEO,
                    SocketOptions.SO_RCVTIMEO_NEW,
                    SocketOptions.SO_SNDTIMEO_NEW -> TIME;
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
            case SocketOptions.SO_TXTIME ->
                length != PAIR
                        ? -EINVAL
                        : settings.traffic().setTransmitTime(caller, number, LittleEndian.getInt(value, Integer.BYTES));
            case SocketOptions.SO_MAX_PACING_RATE -> {
                long unsigned = number == -1 ? number : Integer.toUnsignedLong(number);
                settings.traffic().setPacingRate(needed == Long.BYTES ? LittleEndian.getLong(value, 0) : unsigned);
                yield 0;
            }
            case SocketOptions.SO_RCVTIMEO, SocketOptions.SO_RCVTIMEO_NEW -> setTimeout(settings, value, true);
            case SocketOptions.SO_SNDTIMEO, SocketOptions.SO_SNDTIMEO_NEW -> setTimeout(settings, value, false);
            default -> settings.set(caller, option, number);
        };
    }

    /** SO_BINDTODEVICE: there is no network device that has a name. */
    private static int bindToDevice(UserThread caller, SocketSettings settings, long address, int length) {
        byte[] name = new byte[DEVICE_NAME];
        int error = caller.memory().read(address, name, 0, length);
        if (error < 0) {
            return error;
        }
        return name[0] == 0 ? settings.traffic().setDevice(caller, 0) : -ENODEV;
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
        int size = isCookie(option, room) ? putCookie(socket, option, value) : get(socket, option, room, value);
        if (size < 0) {
            return size;
        }
        int count = Math.min(room, size);
        int error = caller.memory().write(address, value, 0, count);
        return error < 0 ? error : caller.memory().writeInt(lengthAddress, count);
    }

    /** Whether an option is a number of 64 bits, and there is room for it. */
    private static boolean isCookie(int option, int room) {
        return option == SocketOptions.SO_COOKIE && room >= Long.BYTES
                || option == SocketOptions.SO_NETNS_COOKIE && room == Long.BYTES;
    }

    private static int putCookie(Socket socket, int option, byte[] value) {
        LittleEndian.putLong(value, 0, option == SocketOptions.SO_COOKIE ? socket.inode() : NAMESPACE);
        return Long.BYTES;
    }

    /** SO_MEMINFO (sock_diag(7)): what is sent is charged to its sender only. */
    private static int putMemory(Socket socket, byte[] value) {
        LittleEndian.putInt(value, Integer.BYTES, socket.settings().receiveBuffer());
        LittleEndian.putInt(value, 2 * Integer.BYTES, (int) Math.min(socket.unsent(), Integer.MAX_VALUE));
        LittleEndian.putInt(value, 3 * Integer.BYTES, socket.settings().sendBuffer());
        return MEMORY;
    }

    /** SO_BINDTODEVICE: no name, as long as it is bound to no number. */
    private static int deviceName(SocketSettings settings, int room) {
        if (settings.traffic().device() == 0) {
            return 0;
        }
        return room <= DEVICE_NAME ? -EINVAL : -ENODEV;
    }

    /** Puts the value of an option: how many bytes it has, or an errno. */
    private static int get(Socket socket, int option, int room, byte[] value) {
        SocketSettings settings = socket.settings();
        return switch (option) {
            case SocketOptions.SO_COOKIE, SocketOptions.SO_NETNS_COOKIE -> -EINVAL;
            case SocketOptions.SO_MEMINFO -> putMemory(socket, value);
            case SocketOptions.SO_ATTACH_FILTER -> 0;
            case SocketOptions.SO_BINDTODEVICE -> deviceName(settings, room);
            case SocketOptions.SO_TXTIME -> {
                LittleEndian.putInt(value, Integer.BYTES, settings.traffic().transmitFlags());
                yield put(value, settings.traffic().transmitClock(), PAIR);
            }
            case SocketOptions.SO_MAX_PACING_RATE -> {
                LittleEndian.putLong(value, 0, settings.traffic().pacingRate());
                yield room < Long.BYTES ? Integer.BYTES : Long.BYTES;
            }
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
        return TIME;
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
