package biscotti.procfs;

import biscotti.abi.SocketTypes;
import biscotti.net.SocketAddress;
import biscotti.net.unix.UnixSocket;
import biscotti.net.unix.UnixSockets;
import java.util.Optional;

/** /proc/net/unix: a line for each Unix socket (proc_net(5), unix(7)). */
final class SocketText {
    /** In the column of flags: it listens. */
    private static final int LISTENING = 0x10000;

    // In the column of states: Linux's SS_UNCONNECTED, SS_CONNECTING and SS_CONNECTED.
    private static final int UNCONNECTED = 1;
    private static final int CONNECTING = 2;
    private static final int CONNECTED = 3;

    private static final int REFERENCES = 2;
    private static final int INODE_WIDTH = 5;

    private final UnixSockets sockets;

    SocketText(UnixSockets sockets) {
        this.sockets = sockets;
    }

    /** The heading, then a line for the first socket whose number is not below {@code from}. */
    long write(long from, TextWindow out) {
        if (from == 0) {
            out.append("Num       RefCount Protocol Flags    Type St Inode Path\n");
            return 1;
        }
        int number = sockets.next((int) from);
        if (number < 0) {
            return Text.END;
        }
        Optional<UnixSocket> socket = sockets.get(number);
        if (socket.isPresent()) {
            line(socket.get(), out);
        }
        return number + 1L;
    }

    private static void line(UnixSocket socket, TextWindow out) {
        boolean waits = socket.inode() == 0;
        int state = waits ? CONNECTING : socket.isConnected() ? CONNECTED : UNCONNECTED;
        out.hex(0, Long.BYTES * 2)
                .append(": ")
                .hex(REFERENCES, Integer.BYTES * 2)
                .append(' ')
                .hex(0, Integer.BYTES * 2);
        out.append(' ').hex(socket.isListening() ? LISTENING : 0, Integer.BYTES * 2);
        out.append(' ').hex(socket.type(), Integer.BYTES).append(' ').hex(state, 2);
        out.append(' ').right(socket.inode(), INODE_WIDTH);
        name(socket.name(), out);
        out.append('\n');
    }

    /** A path without its NUL, or an abstract name, with "@" for each NUL. */
    private static void name(SocketAddress name, TextWindow out) {
        int start = SocketTypes.ADDRESS_DATA;
        if (name.length() <= start) {
            return;
        }
        boolean isPath = name.at(start) != 0;
        int end = isPath ? name.length() - 1 : name.length();
        out.append(' ');
        for (int i = start; i < end; i++) {
            out.append(name.at(i) == 0 ? '@' : (char) (name.at(i) & 0xff));
        }
    }
}
