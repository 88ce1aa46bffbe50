package biscotti.net.unix;

import static biscotti.abi.Errno.ETOOMANYREFS;

import biscotti.bounded.BoundedMap;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.function.Consumer;

/**
 * All files that are on their way in messages, and a collector of those that nobody will receive.
 *
 * <p>A socket in a message is owned by that message. So a socket may wait in its own queue, or two in each other's, and no
 * process has them any more: such a cycle is found here, as Linux's {@code unix_gc} does. Suspect is a socket all of whose owners are
 * messages. It is innocent if one of these messages waits at a socket that is no suspect, or at an innocent one. What the queues of
 * the guilty hold is let go; they are closed by that, as they were each other's only owners.
 *
 * <p>Messages are linked at the socket that holds them. A connection that was not accepted yet has no file: its messages are held by the
 * socket that listens. No walk needs memory.
 */
public final class Flights {
    /** Up to so many sockets on their way, each loss of an owner is looked into at once. */
    private static final int FEW = 1024;

    /** With more, a loss pays for looking at so many. */
    private static final int SHARE = 16;

    private static final int USERS = 1 << 20;
    private static final int MIX = 0x9e3779b9;

    private final RankedLock lock = new RankedLock(LockRank.FLIGHTS);
    private final BoundedMap<Integer, UserFlights> users =
            new BoundedMap<>(USERS, user -> user.intValue() * MIX >>> 1, UserFlights.NONE);
    /** The sockets that are on their way, linked. */
    private UnixSocket first;

    private volatile int flying;
    private int losses;

    Flights() {}

    /**
     * Files set out to a socket, whose lock is held.
     *
     * @param user who sends them
     * @param most how many of his files may be on their way already
     * @return 0; -ETOOMANYREFS
     */
    int depart(Cargo cargo, UnixSocket addressee, int user, int most) {
        lock.lock();
        try {
            Integer key = user;
            UserFlights account = users.get(key);
            if (account == UserFlights.NONE) {
                account = new UserFlights(key);
                if (!users.put(key, account)) {
                    return -ETOOMANYREFS;
                }
            }
            if (account.files > most) {
                return -ETOOMANYREFS;
            }
            account.files += cargo.count();
            cargo.user = account;
            cargo.addressee = addressee;
            link(cargo, addressee.keeper == null ? addressee : addressee.keeper);
            for (UnixSocket socket : cargo.sockets()) {
                if (socket.flights == 0) {
                    enlist(socket);
                }
                socket.flights++;
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private static void link(Cargo cargo, UnixSocket holder) {
        cargo.holder = holder;
        cargo.previous = null;
        cargo.next = holder.held;
        if (cargo.next != null) {
            cargo.next.previous = cargo;
        }
        holder.held = cargo;
    }

    private static void unlink(Cargo cargo) {
        if (cargo.previous == null) {
            cargo.holder.held = cargo.next;
        } else {
            cargo.previous.next = cargo.next;
        }
        if (cargo.next != null) {
            cargo.next.previous = cargo.previous;
        }
        cargo.previous = null;
        cargo.next = null;
        cargo.holder = null;
    }

    private void enlist(UnixSocket socket) {
        socket.previousFlying = null;
        socket.nextFlying = first;
        if (first != null) {
            first.previousFlying = socket;
        }
        first = socket;
        flying = flying + 1;
    }

    private void delist(UnixSocket socket) {
        if (socket.previousFlying == null) {
            first = socket.nextFlying;
        } else {
            socket.previousFlying.nextFlying = socket.nextFlying;
        }
        if (socket.nextFlying != null) {
            socket.nextFlying.previousFlying = socket.previousFlying;
        }
        socket.previousFlying = null;
        socket.nextFlying = null;
        flying = flying - 1;
    }

    /** Files have arrived, or will never: false if the collector has taken them. */
    boolean arrive(Cargo cargo) {
        if (cargo == Cargo.NONE) {
            return false;
        }
        lock.lock();
        try {
            if (cargo.holder == null) {
                return false;
            }
            unlink(cargo);
            land(cargo);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void land(Cargo cargo) {
        cargo.user.files -= cargo.count();
        if (cargo.user.files == 0) {
            users.remove(cargo.user.user);
        }
        for (UnixSocket socket : cargo.sockets()) {
            socket.flights--;
            if (socket.flights == 0) {
                delist(socket);
            }
        }
    }

    /** A connection is accepted: it holds its messages itself from now on. */
    void adopt(UnixSocket connection) {
        lock.lock();
        try {
            UnixSocket keeper = connection.keeper;
            connection.keeper = null;
            Cargo cargo = keeper.held;
            while (cargo != null) {
                Cargo next = cargo.next;
                if (cargo.addressee == connection) {
                    unlink(cargo);
                    link(cargo, connection);
                }
                cargo = next;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a socket is on its way in some message; without the lock. */
    boolean isFlying(UnixSocket socket) {
        return socket.flights > 0;
    }

    /**
     * A socket may have lost an owner that was no message: looks for those that nobody will receive.
     *
     * @param found takes over their messages' files
     */
    void ownerLost(Consumer<Cargo> found) {
        if (flying == 0) {
            return;
        }
        Cargo garbage;
        lock.lock();
        try {
            losses++;
            if (flying > FEW && (long) losses * SHARE < flying) {
                return;
            }
            losses = 0;
            garbage = collect();
        } finally {
            lock.unlock();
        }
        while (garbage != null) {
            Cargo next = garbage.next;
            garbage.next = null;
            found.accept(garbage);
            garbage = next;
        }
    }

    /** Takes the messages of guilty sockets out, and links them. */
    private Cargo collect() {
        for (UnixSocket socket = first; socket != null; socket = socket.nextFlying) {
            socket.suspect = socket.isOwnedByMessagesOnly();
            socket.unexplained = socket.flights;
        }
        for (UnixSocket socket = first; socket != null; socket = socket.nextFlying) {
            if (socket.suspect) {
                explain(socket);
            }
        }
        acquit();
        return condemn();
    }

    /** A suspect's messages explain some of the flights of what is in them. */
    private static void explain(UnixSocket suspect) {
        for (Cargo cargo = suspect.held; cargo != null; cargo = cargo.next) {
            for (UnixSocket socket : cargo.sockets()) {
                socket.unexplained--;
            }
        }
    }

    /** Those with a flight that no suspect explains are innocent, and what their messages hold. */
    private void acquit() {
        UnixSocket innocent = null;
        for (UnixSocket socket = first; socket != null; socket = socket.nextFlying) {
            if (socket.suspect && socket.unexplained > 0) {
                innocent = acquit(socket, innocent);
            }
        }
        while (innocent != null) {
            UnixSocket socket = innocent;
            innocent = socket.nextInnocent;
            socket.nextInnocent = null;
            for (Cargo cargo = socket.held; cargo != null; cargo = cargo.next) {
                for (UnixSocket inside : cargo.sockets()) {
                    if (inside.suspect) {
                        innocent = acquit(inside, innocent);
                    }
                }
            }
        }
    }

    private static UnixSocket acquit(UnixSocket socket, UnixSocket others) {
        socket.suspect = false;
        socket.nextInnocent = others;
        return socket;
    }

    private Cargo condemn() {
        Cargo garbage = null;
        for (UnixSocket socket = first; socket != null; socket = socket.nextFlying) {
            while (socket.suspect && socket.held != null) {
                Cargo cargo = socket.held;
                unlink(cargo);
                cargo.next = garbage;
                garbage = cargo;
            }
        }
        for (Cargo cargo = garbage; cargo != null; cargo = cargo.next) {
            land(cargo);
        }
        return garbage;
    }
}
