package biscotti.net;

import biscotti.bounded.ToldApart;
import java.util.Objects;

/** Where a method that returns a negative errno puts the socket that it found or made. Lives on its user's stack; not shared. */
@ToldApart
public final class SocketSlot {
    private Socket socket;

    /** An empty slot. */
    public SocketSlot() {}

    /** The socket; asked only after the method that fills this slot has succeeded. */
    public Socket get() {
        return Objects.requireNonNull(socket);
    }

    /** Puts the socket: 0, so that a method can end with this. */
    public int put(Socket found) {
        socket = found;
        return 0;
    }
}
