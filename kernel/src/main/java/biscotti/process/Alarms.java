package biscotti.process;

import biscotti.bounded.Unit;
import biscotti.heap.Bounds;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.Waiter;
import java.util.concurrent.atomic.AtomicReference;

/** The kernel thread that serves alarms: what timers of processes lead to, such as a SIGALRM. */
final class Alarms {
    private static final Alarm END = new Alarm(() -> {});

    /** Alarms that ring, the last one first. */
    private final AtomicReference<Alarm> ringing = new AtomicReference<>(END);

    private final KernelThread thread;
    private volatile boolean stopped;

    Alarms(Scheduler scheduler) {
        thread = scheduler.newThread("alarms", this::run);
        thread.start();
    }

    /** Has an alarm served soon. May be called anywhere; takes no lock. */
    void ring(Alarm alarm) {
        synchronized (alarm) {
            if (alarm.ringing) {
                return;
            }
            alarm.ringing = true;
        }
        Alarm first;
        do {
            first = ringing.get();
            alarm.next = first;
        } while (!ringing.compareAndSet(first, alarm));
        thread.waiter().wake();
    }

    private void run() {
        Waiter waiter = thread.waiter();
        while (!stopped) {
            waiter.reset();
            Alarm alarm = ringing.getAndSet(END);
            if (alarm == END) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            }
            while (alarm != END) {
                Alarm next = alarm.next;
                serve(alarm);
                alarm = next;
            }
        }
    }

    @Unit(Bounds.ALARM)
    private static void serve(Alarm alarm) {
        synchronized (alarm) {
            alarm.ringing = false;
        }
        alarm.serve();
    }

    /** Lets the thread end. */
    void stop() {
        stopped = true;
        thread.waiter().wake();
    }
}
