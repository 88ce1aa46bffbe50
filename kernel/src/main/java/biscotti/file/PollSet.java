package biscotti.file;

import biscotti.abi.Poll;
import biscotti.sched.KernelThread;
import biscotti.sched.Waiter;

/**
 * A set of open files that a thread waits for: what poll(2), select(2) and their kin have in common. Made for one call.
 *
 * <p>The thread becomes a watcher of all files only when none is ready, and looks at them again after that, so no change is
 * missed.
 */
public final class PollSet implements Watchers.Watcher {
    /** Reported whether asked for or not (poll(2)). */
    private static final int ALWAYS = Poll.POLLERR | Poll.POLLHUP | Poll.POLLNVAL;

    /** In place of a file: this entry is passed over. */
    private static final int IGNORED = 0;

    private final OpenFile[] files;
    private final int[] wanted;
    private final int[] ready;
    private final Waiter waiter;

    /** A set of so many entries, all of them passed over yet. */
    public PollSet(int size) {
        files = new OpenFile[size];
        wanted = new int[size];
        ready = new int[size];
        waiter = KernelThread.current().waiter();
    }

    /** Makes an entry wait for events of a file. */
    public void set(int index, OpenFile file, int events) {
        files[index] = file;
        wanted[index] = events | ALWAYS;
    }

    /** What an entry's file was ready for when {@link #await} returned. */
    public int ready(int index) {
        return ready[index];
    }

    /**
     * Waits until some file is ready.
     *
     * @param deadline on the monotonic clock; {@link Waiter#FOREVER}; or 0 to not wait at all
     * @return how many entries have events, 0 after the deadline, or -EINTR
     */
    public int await(long deadline) {
        int count = look();
        if (count > 0 || deadline == 0) {
            return count;
        }
        watch();
        try {
            while (true) {
                waiter.reset();
                count = look();
                if (count > 0) {
                    return count;
                }
                int result = waiter.sleep(deadline);
                if (result < 0) {
                    count = look();
                    return count > 0 || result == Waiter.TIMED_OUT ? count : result;
                }
            }
        } finally {
            unwatch();
        }
    }

    private int look() {
        int count = 0;
        for (int i = 0; i < files.length; i++) {
            ready[i] = wanted[i] == IGNORED ? 0 : files[i].events() & wanted[i];
            count += ready[i] != 0 ? 1 : 0;
        }
        return count;
    }

    private void watch() {
        for (int i = 0; i < files.length; i++) {
            if (wanted[i] != IGNORED) {
                files[i].watchers().add(this);
            }
        }
    }

    private void unwatch() {
        for (int i = 0; i < files.length; i++) {
            if (wanted[i] != IGNORED) {
                files[i].watchers().remove(this);
            }
        }
    }

    @Override
    public void changed() {
        waiter.wake();
    }
}
