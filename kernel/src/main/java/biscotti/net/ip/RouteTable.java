package biscotti.net.ip;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ESRCH;

import biscotti.sched.SpinLock;
import java.util.Optional;

/** All routes. Looking takes no lock: a change makes a new table. */
public final class RouteTable {
    /** The most routes. */
    static final int MOST = 256;

    private static final Route[] NONE = {};

    private final SpinLock lock = new SpinLock();

    /** The longest prefixes first. */
    private volatile Route[] routes = NONE;

    RouteTable() {}

    /** How many there are. */
    public int count() {
        return routes.length;
    }

    /** The one at an index, the most special first; none if there are not so many. */
    public Optional<Route> get(int at) {
        Route[] now = routes;
        return at < now.length ? Optional.of(now[at]) : Optional.empty();
    }

    /** The one for a destination; null if there is none, which is for this package only. */
    Route find(int destination) {
        for (Route route : routes) {
            if (route.matches(destination)) {
                return route;
            }
        }
        return null;
    }

    /**
     * Adds a route.
     *
     * @return 0; -EEXIST if there is one with the same destination and metric, -ENOSPC
     */
    public int add(Route added) {
        lock.acquire();
        Route[] before = routes;
        int at = 0;
        boolean there = false;
        for (int i = 0; i < before.length; i++) {
            there |= before[i].isSame(added);
            at += added.isBefore(before[i]) ? 0 : 1;
        }
        int error = there ? -EEXIST : before.length == MOST ? -ENOSPC : 0;
        if (error == 0) {
            Route[] after = new Route[before.length + 1];
            System.arraycopy(before, 0, after, 0, at);
            after[at] = added;
            System.arraycopy(before, at, after, at + 1, before.length - at);
            routes = after;
        }
        lock.release();
        return error;
    }

    /**
     * Removes a route.
     *
     * @return 0; -ESRCH if there is none with the same destination and metric
     */
    public int remove(Route removed) {
        lock.acquire();
        Route[] before = routes;
        int at = 0;
        while (at < before.length && !before[at].isSame(removed)) {
            at++;
        }
        boolean there = at < before.length;
        if (there) {
            Route[] after = new Route[before.length - 1];
            System.arraycopy(before, 0, after, 0, at);
            System.arraycopy(before, at + 1, after, at, after.length - at);
            routes = after;
        }
        lock.release();
        return there ? 0 : -ESRCH;
    }
}
