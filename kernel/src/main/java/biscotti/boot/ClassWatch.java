package biscotti.boot;

import biscotti.bounded.Unit;
import biscotti.heap.Bounds;
import biscotti.machine.ClassCounter;
import biscotti.machine.Clock;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import java.util.concurrent.TimeUnit;

/**
 * Tells the log when the Java machine loads or initialises a class after boot. That should not happen: see {@link
 * biscotti.machine.KernelClasses}. HotSpot's option {@code -Xlog:class+load,class+init} tells which ones.
 */
final class ClassWatch implements Runnable {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    private final ClassCounter classes;
    private final Clock clock;
    private final KernelLog log;
    private long loaded;
    private long initialized;

    /** A watch that begins now. */
    ClassWatch(ClassCounter classes, Clock clock, KernelLog log) {
        this.classes = classes;
        this.clock = clock;
        this.log = log;
        loaded = classes.loaded();
        initialized = classes.initialized();
        log.information("booted: " + loaded + " classes are loaded, " + initialized + " initialised");
    }

    /** Looks from time to time, for ever: the work of a kernel thread. */
    @Override
    public void run() {
        while (true) {
            KernelThread.current().sleepUntil(clock.monotonicNanos() + PERIOD);
            look();
        }
    }

    /** Logs what has come since the last look. */
    @Unit(Bounds.CLASS_WATCH)
    synchronized void look() {
        long moreLoaded = classes.loaded() - loaded;
        long moreInitialized = classes.initialized() - initialized;
        if (moreLoaded > 0 || moreInitialized > 0) {
            loaded += moreLoaded;
            initialized += moreInitialized;
            log.warning("after boot " + moreLoaded + " classes were loaded and " + moreInitialized + " initialised");
        }
    }
}
