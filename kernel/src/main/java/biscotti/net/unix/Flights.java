package biscotti.net.unix;

import static biscotti.abi.Errno.ETOOMANYREFS;

import biscotti.bounded.BoundedMap;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.function.Consumer;

/**
 * All files that are on their way in messages, and a collector of those that nobody will receive.
 *
 * <p>A socket in a message is owned by that message. So a socket may wait in its own queue, or two in each other's, and no process has
 * them any more. That can only come about when a socket loses an owner. So then we look who could still receive it: the sockets that
 * hold its messages, those that hold theirs, and so on, until one has an owner that is no message: mostly the first. If none has, all that
 * were looked at are lost. What their queues hold is let go; they are closed by that, as they were each other's only owners; and what
 * was in those messages has lost an owner in turn.
 *
 * <p>Messages are linked at the socket that holds them. A connection that was not accepted yet has no file: its messages are held by the
 * socket that listens. No walk needs memory.
 */
public final class Flights {
    private static final int USERS = 1 << 20;
    private static final int MIX = 0x9e3779b9;

    private final RankedLock lock = new RankedLock(LockRank.FLIGHTS);
    private final BoundedMap<Integer, UserFlights> users =
            new BoundedMap<>(USERS, user -> user.intValue() * MIX >>> 1, UserFlights.NONE);
    /** Tells the visits of this search from those of earlier ones. */
    private long search;

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
            for (Flight flight : cargo.flights()) {
                takeOff(flight);
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

    private static void takeOff(Flight flight) {
        UnixSocket socket = flight.socket;
        flight.next = socket.firstFlight;
        if (flight.next != null) {
            flight.next.previous = flight;
        }
        socket.firstFlight = flight;
        socket.flights = socket.flights + 1;
    }

    private static void land(Flight flight) {
        UnixSocket socket = flight.socket;
        if (flight.previous == null) {
            socket.firstFlight = flight.next;
        } else {
            flight.previous.next = flight.next;
        }
        if (flight.next != null) {
            flight.next.previous = flight.previous;
        }
        flight.previous = null;
        flight.next = null;
        socket.flights = socket.flights - 1;
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
        for (Flight flight : cargo.flights()) {
            land(flight);
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
     * A socket has lost an owner: lets go of what nobody will receive by that.
     *
     * @param found takes over the files of messages, and is no owner of them when it returns
     */
    void ownerLost(UnixSocket socket, Consumer<Cargo> found) {
        letGo(lost(socket, null), found);
    }

    /** Files that were in a message have lost it as an owner, as {@link #ownerLost}. */
    void cargoLost(Cargo cargo, Consumer<Cargo> found) {
        letGo(lost(cargo, null), found);
    }

    private void letGo(Cargo garbage, Consumer<Cargo> found) {
        Cargo left = garbage;
        while (left != null) {
            Cargo cargo = left;
            left = cargo.next;
            cargo.next = null;
            found.accept(cargo);
            left = lost(cargo, left);
        }
    }

    private Cargo lost(Cargo cargo, Cargo others) {
        Cargo all = others;
        for (Flight flight : cargo.flights()) {
            all = lost(flight.socket, all);
        }
        return all;
    }

    /** If nobody can receive a socket, takes the messages out that it and those that hold it have, and puts them before others. */
    private Cargo lost(UnixSocket socket, Cargo others) {
        if (socket.flights == 0) {
            return others;
        }
        lock.lock();
        try {
            return socket.flights == 0 || isWithinReach(socket) ? others : takeOut(socket, others);
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody who is no message owns a socket, or one that holds it, or one that holds that. Links those that it visits. */
    private boolean isWithinReach(UnixSocket socket) {
        search++;
        socket.visited = search;
        socket.nextVisited = null;
        UnixSocket last = socket;
        for (UnixSocket at = socket; at != null; at = at.nextVisited) {
            if (!at.isOwnedByMessagesOnly()) {
                return true;
            }
            for (Flight flight = at.firstFlight; flight != null; flight = flight.next) {
                UnixSocket holder = flight.cargo.holder;
                if (holder.visited != search) {
                    holder.visited = search;
                    holder.nextVisited = null;
                    last.nextVisited = holder;
                    last = holder;
                }
            }
        }
        return false;
    }

    /** Takes the messages out that the sockets hold that were visited last. */
    private Cargo takeOut(UnixSocket first, Cargo others) {
        Cargo all = others;
        for (UnixSocket at = first; at != null; at = at.nextVisited) {
            while (at.held != null) {
                Cargo cargo = at.held;
                unlink(cargo);
                land(cargo);
                cargo.next = all;
                all = cargo;
            }
        }
        return all;
    }
}
