package biscotti.file;

import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to know when a file's readiness may have changed: poll(2) and its kin for the time of a call, epoll(7) for
 * longer. Telling nobody costs one read.
 */
public final class Watchers {
    /** The list of a file whose readiness never changes: nobody is ever told. */
    public static final Watchers NEVER = new Watchers();

    private final CopyOnWriteArrayList<Watcher> list = new CopyOnWriteArrayList<>();

    /** Somebody to be told. Called on any thread, maybe with a file's lock held: it only notes the fact and wakes. */
    public interface Watcher {
        /** The readiness of something that is watched may have changed. */
        void changed();
    }

    /** Adds somebody; he looks at the file's events after that, so that no change is lost. */
    public void add(Watcher watcher) {
        if (this != NEVER) {
            list.add(watcher);
        }
    }

    /** Removes somebody, who was added once. */
    public void remove(Watcher watcher) {
        list.remove(watcher);
    }

    /** Tells everybody. */
    public void tell() {
        if (!list.isEmpty()) {
            for (Watcher watcher : list) {
                watcher.changed();
            }
        }
    }
}
