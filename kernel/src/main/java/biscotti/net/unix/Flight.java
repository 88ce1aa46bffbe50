package biscotti.net.unix;

/** A Unix socket in a message. Guarded by {@link Flights}. */
final class Flight {
    final UnixSocket socket;
    final Cargo cargo;

    // Among the flights of the socket.
    Flight next;
    Flight previous;

    Flight(UnixSocket socket, Cargo cargo) {
        this.socket = socket;
        this.cargo = cargo;
    }
}
