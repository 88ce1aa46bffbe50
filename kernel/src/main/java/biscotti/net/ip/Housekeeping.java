package biscotti.net.ip;

import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;
import biscotti.sched.Timer;

/** Does what has to be done by time, each second as long as there is something: neighbours that do not answer, fragments that wait. */
final class Housekeeping {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final Scheduler scheduler;
    private final Ip ip;
    private final InterruptThread thread;
    private final Timer timer;
    private volatile boolean wanted;

    Housekeeping(Scheduler scheduler, Ip ip) {
        this.scheduler = scheduler;
        this.ip = ip;
        thread = new InterruptThread(scheduler, "ip", this::keep);
        timer = new Timer(scheduler, thread::raise);
    }

    /** There is something to do in a second. Takes no lock when that is known already. */
    void want() {
        if (!wanted) {
            wanted = true;
            thread.raise();
        }
    }

    /** On the thread: only it arms the timer. */
    private void keep() {
        if (timer.isArmed()) {
            return;
        }
        wanted = false;
        if (ip.keepHouse()) {
            wanted = true;
        }
        if (wanted) {
            timer.arm(scheduler.now() + INTERVAL_NANOS);
        }
    }
}
