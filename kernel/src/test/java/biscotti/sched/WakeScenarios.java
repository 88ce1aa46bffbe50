package biscotti.sched;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that sleep and threads that wake them: what {@link WakeInterleavingTest} runs in every order. */
final class WakeScenarios {
    private WakeScenarios() {}

    /** A shelf with things that threads put there and wait for. */
    private abstract static class Shelf extends Meeting {
        final Lock lock = new ReentrantLock();
        final WaitQueue filled = new WaitQueue();
        int things;
        int taken;

        /** Takes one thing; 0, or why not. */
        int take(KernelThread taker, long deadline) {
            lock.lock();
            int result = 0;
            while (things == 0 && result == 0) {
                result = filled.await(taker, lock, deadline);
            }
            if (result == 0) {
                things--;
                taken++;
            }
            lock.unlock();
            return result;
        }

        void put() {
            lock.lock();
            things++;
            lock.unlock();
            filled.wakeOne();
        }

        @Override
        public void release() {
            things = Integer.MAX_VALUE;
            filled.wakeAll();
        }
    }

    /** One waits for a thing that another brings. */
    static final class OneWake extends Shelf {
        @Override
        protected void makeThreads() {
            KernelThread[] taker = new KernelThread[1];
            taker[0] = thread("taker", () -> take(taker[0], Waiter.FOREVER));
            thread("giver", this::put);
        }

        @Override
        public void check() {
            expect(taken == 1, "who waits gets what is brought");
        }
    }

    /** Two wait, two things are brought. */
    static final class TwoWakes extends Shelf {
        @Override
        protected void makeThreads() {
            for (int i = 0; i < 2; i++) {
                KernelThread[] taker = new KernelThread[1];
                taker[0] = thread("taker " + i, () -> take(taker[0], Waiter.FOREVER));
            }
            thread("giver", () -> {
                put();
                put();
            });
        }

        @Override
        public void check() {
            expect(taken == 2, "each wake goes to another thread");
        }
    }

    /** Two wait, one of them is interrupted, one thing is brought. */
    static final class WakeAndInterruption extends Shelf {
        private volatile boolean pending;
        private int interrupted;

        @Override
        protected void makeThreads() {
            KernelThread[] takers = new KernelThread[2];
            takers[0] = thread("interrupted", () -> pending, () -> interrupted = take(takers[0], Waiter.FOREVER));
            takers[1] = thread("taker", () -> take(takers[1], Waiter.FOREVER));
            thread("giver", this::put);
            thread("signaller", () -> {
                pending = true;
                takers[0].wake();
            });
        }

        @Override
        public void check() {
            expect(taken == 1 && things == 0, "a wake is not spent on a thread that a signal ends");
            expect(interrupted == 0 || interrupted == Waiter.INTERRUPTED, "it is a signal that ends the sleep");
        }
    }

    /** One waits until a deadline, which comes while a thing is brought. */
    static final class WakeAndDeadline extends Shelf {
        private static final long LATER = 1000;

        private int result = 1;

        @Override
        protected void makeThreads() {
            long deadline = SCHEDULER.now() + LATER;
            KernelThread[] takers = new KernelThread[2];
            takers[0] = thread("patient until", () -> result = take(takers[0], deadline));
            thread("giver", this::put);
            thread("clock", () -> {
                MACHINE.clock().advance(LATER);
                SCHEDULER.carrierHereOrFirst().timers().expire(SCHEDULER.now());
            });
        }

        @Override
        public void check() {
            expect(
                    taken == 1 && result == 0 || things == 1 && result == Waiter.TIMED_OUT,
                    "it gets the thing or its time is over");
        }
    }

    /** One watches two queues without a lock, as poll does. */
    static final class Observer extends Meeting {
        private final WaitQueue[] queues = {new WaitQueue(), new WaitQueue()};
        private volatile boolean first;
        private volatile boolean second;
        private boolean seen;

        @Override
        protected void makeThreads() {
            KernelThread[] observer = new KernelThread[1];
            observer[0] = thread("observer", () -> observe(observer[0]));
            thread("first", () -> {
                first = true;
                queues[0].wakeAll();
            });
            thread("second", () -> {
                second = true;
                queues[1].wakeAll();
            });
        }

        private void observe(KernelThread thread) {
            Waiter waiter = new Waiter(thread);
            WaitEntry[] entries = {new WaitEntry(waiter, false), new WaitEntry(waiter, false)};
            waiter.reset();
            queues[0].join(entries[0]);
            queues[1].join(entries[1]);
            if (!first && !second) {
                waiter.sleep(Waiter.FOREVER);
            }
            queues[0].leave(entries[0]);
            queues[1].leave(entries[1]);
            seen = first || second;
        }

        @Override
        public void check() {
            expect(seen && queues[0].isEmpty() && queues[1].isEmpty(), "an observer of two queues wakes for either");
        }
    }

    /** One looks before it joins the queue: the mistake that all this is about. */
    static final class LooksTooEarly extends Meeting {
        private final WaitQueue queue = new WaitQueue();
        private volatile boolean there;
        private boolean seen;

        @Override
        protected void makeThreads() {
            KernelThread[] sleeper = new KernelThread[1];
            sleeper[0] = thread("sleeper", () -> {
                Waiter waiter = sleeper[0].waiter();
                waiter.reset();
                if (!there) {
                    queue.join(waiter.entry());
                    waiter.sleep(Waiter.FOREVER);
                    queue.leave(waiter.entry());
                }
                seen = true;
            });
            thread("waker", () -> {
                there = true;
                queue.wakeAll();
            });
        }

        @Override
        public void check() {
            expect(seen, "who looks too early sleeps for ever");
        }
    }
}
