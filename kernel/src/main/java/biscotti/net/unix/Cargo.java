package biscotti.net.unix;

import biscotti.abi.MessageFlags;

/**
 * Open files that go with a message: SCM_RIGHTS of unix(7). A floor above knows what files are; here it counts which of them are Unix
 * sockets, as those may wait for each other for ever.
 */
public abstract class Cargo {
    private static final UnixSocket[] NO_SOCKETS = {};

    /** No files. */
    public static final Cargo NONE = new Cargo(NO_SOCKETS, 0) {
        @Override
        public Cargo copy() {
            return this;
        }

        @Override
        public void discard() {}
    };

    private final Flight[] flights;
    private final int count;

    // On their way: guarded by Flights.
    UnixSocket addressee;
    UnixSocket holder;
    UserFlights user;
    Cargo next;
    Cargo previous;

    /**
     * Files of which the caller is an owner, in as many places as they are given.
     *
     * @param sockets the Unix sockets among them
     * @param count how many files there are
     */
    protected Cargo(UnixSocket[] sockets, int count) {
        this.count = count;
        this.flights = new Flight[Math.min(sockets.length, MessageFlags.SCM_MAX_FD)];
        for (int i = 0; i < flights.length; i++) {
            flights[i] = new Flight(sockets[i], this);
        }
    }

    /** How many files there are. */
    public final int count() {
        return count;
    }

    /** The Unix sockets among them. */
    final Flight[] flights() {
        return flights;
    }

    /** The same files once more, for a receiver who leaves the message where it is. */
    public abstract Cargo copy();

    /** Lets all files go. For the owner of the files; no lock is held. */
    public abstract void discard();
}
