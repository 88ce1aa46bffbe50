package biscotti.machine.simulated;

import biscotti.machine.Processors;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.access.SharedSecrets;

/**
 * CPUs whose carriers are platform threads of the host. Can be told to deliver wakes late ({@link #delayWakes}) and to end
 * idling for no reason ({@link #spuriousWakes}).
 */
@SuppressWarnings("ReferenceEquality") // threads are themselves
public final class SimulatedProcessors extends Processors {
    private final Cpu[] cpus;
    private SimulatedClock clock;
    private volatile long longestDelay;
    private volatile int spuriousOneIn;
    private final Random random;
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("delays").factory());

    /** One CPU; its monitor guards {@code woken}. */
    static final class Cpu {
        final AtomicLong pending = new AtomicLong();
        boolean woken;
        volatile boolean kicked;
        volatile Thread carrier;
        volatile long nextTick;
        final TranslationCache translations = new TranslationCache();
    }

    SimulatedProcessors(int count, long seed) {
        cpus = new Cpu[count];
        for (int i = 0; i < count; i++) {
            cpus[i] = new Cpu();
        }
        random = new Random(seed);
    }

    void setClock(SimulatedClock clock) {
        this.clock = clock;
    }

    /** From now on each wake arrives after a random time of at most {@code nanos}. */
    public void delayWakes(long nanos) {
        longestDelay = nanos;
    }

    /** From now on one idle in {@code oneIn} ends at once for no reason; 0 for none. */
    public void spuriousWakes(int oneIn) {
        spuriousOneIn = oneIn;
    }

    Cpu cpu(int index) {
        return cpus[index];
    }

    /** The CPU of the calling carrier, or of the carrier that the calling virtual thread is mounted on. */
    @Override
    public int current() {
        Thread carrier = SharedSecrets.getJavaLangAccess().currentCarrierThread();
        for (int i = 0; i < cpus.length; i++) {
            if (cpus[i].carrier == carrier) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public int count() {
        return cpus.length;
    }

    @Override
    public void pin(int cpu) {
        cpus[cpu].carrier = Thread.currentThread();
    }

    @Override
    public void idle(long deadline) {
        Cpu cpu = cpus[current()];
        if (cpu.carrier != Thread.currentThread()) {
            throw new AssertionError("idle is for carriers");
        }
        if (spuriousOneIn != 0 && nextRandom(spuriousOneIn) == 0) {
            return;
        }
        synchronized (cpu) {
            while (!cpu.woken && cpu.pending.get() == 0) {
                long left = deadline == 0 ? Long.MAX_VALUE : deadline - clock.monotonicNanos();
                if (left <= 0) {
                    break;
                }
                if (!await(cpu, clock.manual() || deadline == 0 ? 0 : left)) {
                    return;
                }
            }
            cpu.woken = false;
        }
    }

    /** Waits on the CPU's monitor; false if the machine is closed. */
    private static boolean await(Cpu cpu, long nanos) {
        try {
            if (nanos == 0) {
                cpu.wait();
            } else {
                cpu.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
            }
            return true;
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void wake(int index) {
        long delay = longestDelay;
        if (delay == 0) {
            wakeNow(index);
        } else {
            var ignored = delays.schedule(() -> wakeNow(index), nextRandom((int) delay), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized int nextRandom(int bound) {
        return random.nextInt(bound);
    }

    private void wakeNow(int index) {
        Cpu cpu = cpus[index];
        synchronized (cpu) {
            cpu.woken = true;
            cpu.kicked = true;
            cpu.notifyAll();
        }
    }

    void clockMoved() {
        for (Cpu cpu : cpus) {
            synchronized (cpu) {
                cpu.notifyAll();
            }
        }
    }

    /** Sets a pending bit and wakes, as an interrupt does. */
    void setPending(int index, int bit) {
        cpus[index].pending.getAndUpdate(bits -> bits | 1L << bit);
        wake(index);
    }

    @Override
    public long takePending(int cpu) {
        return cpus[cpu].pending.getAndSet(0);
    }

    void close() {
        delays.shutdownNow();
        var carriers = new CopyOnWriteArrayList<Thread>();
        for (Cpu cpu : cpus) {
            if (cpu.carrier != null) {
                carriers.add(cpu.carrier);
            }
        }
        carriers.forEach(Thread::interrupt);
    }
}
