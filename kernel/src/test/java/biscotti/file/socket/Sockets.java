package biscotti.file.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.LittleEndian;
import biscotti.abi.SocketTypes;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.net.Incoming;
import biscotti.net.Outgoing;
import biscotti.net.SocketAddress;
import biscotti.net.SocketSlot;
import biscotti.net.unix.Cargo;
import java.nio.charset.StandardCharsets;

/** Sockets for tests, used as system calls use them. */
final class Sockets {
    private final TestSystem system;
    private final TestCaller caller;

    Sockets(TestSystem system, TestCaller caller) {
        this.system = system;
        this.caller = caller;
    }

    SocketFile open(int type) {
        SocketSlot made = new SocketSlot();
        assertEquals(0, system.sockets().create(caller, type, 0, made));
        return system.socketFiles().open(caller, made.get(), 0);
    }

    SocketFile[] pair(int type) {
        SocketSlot one = new SocketSlot();
        SocketSlot other = new SocketSlot();
        assertEquals(0, system.sockets().createPair(caller, type, 0, one, other));
        return new SocketFile[] {
            system.socketFiles().open(caller, one.get(), 0),
            system.socketFiles().open(caller, other.get(), 0)
        };
    }

    /** An address: a path, or with a leading '@' an abstract name. */
    static SocketAddress address(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[text.length + (name.startsWith("@") ? 2 : 3)];
        LittleEndian.putShort(bytes, 0, (short) SocketTypes.AF_UNIX);
        System.arraycopy(text, 0, bytes, 2, text.length);
        if (name.startsWith("@")) {
            bytes[2] = 0;
        }
        return new SocketAddress(bytes, bytes.length);
    }

    int bind(SocketFile socket, String name) {
        return socket.socket().bind(caller, address(name));
    }

    SocketFile listener(int type, String name, int backlog) {
        SocketFile made = open(type);
        assertEquals(0, bind(made, name));
        assertEquals(0, made.socket().listen(caller, backlog));
        return made;
    }

    int connect(SocketFile socket, String name, int flags) {
        return socket.socket().connect(caller, address(name), socket.sendDeadline(flags));
    }

    long accept(SocketFile listener, int flags, Slot<SocketFile> accepted) {
        SocketSlot made = new SocketSlot();
        int error = listener.socket().accept(listener.receiveDeadline(flags), made);
        return error < 0 ? error : accepted.put(system.socketFiles().open(caller, made.get(), 0));
    }

    long send(SocketFile socket, byte[] bytes, int flags, OpenFile... files) {
        return send(socket, SocketAddress.NONE, bytes, flags, files);
    }

    long send(SocketFile socket, SocketAddress to, byte[] bytes, int flags, OpenFile... files) {
        Outgoing message = new Outgoing(system.transfer(bytes), flags, socket.sendDeadline(flags));
        message.setDestination(to);
        if (files.length > 0) {
            int[] descriptors = new int[files.length];
            for (int i = 0; i < files.length; i++) {
                files[i].retain();
                descriptors[i] = caller.files().install(files[i], false, 1 << 20);
            }
            Slot<Cargo> cargo = new Slot<>();
            assertEquals(0, FileCargo.of(caller.files(), descriptors, descriptors.length, cargo));
            message.setCargo(cargo.get());
            for (int descriptor : descriptors) {
                caller.files().close(caller, descriptor);
            }
        }
        long result = socket.send(caller, message);
        message.takeCargo().discard();
        return result;
    }

    long receive(SocketFile socket, byte[] into, int flags, Slot<Cargo> cargo) {
        Incoming message = new Incoming(system.transfer(into), flags, socket.receiveDeadline(flags));
        long result = socket.receive(caller, message);
        cargo.put(message.cargo());
        return result;
    }

    long receive(SocketFile socket, byte[] into, int flags) {
        Slot<Cargo> cargo = new Slot<>();
        long result = receive(socket, into, flags, cargo);
        cargo.get().discard();
        return result;
    }

    /** How many sockets there are. */
    int count() {
        int count = 0;
        for (int i = system.sockets().next(0); i >= 0; i = system.sockets().next(i + 1)) {
            count++;
        }
        return count;
    }
}
