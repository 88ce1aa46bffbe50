package biscotti.process;

import biscotti.sched.KernelThread;

/**
 * Barriers that a process has others go through (membarrier(2)). Each entry into the kernel is one, so other CPUs only have to be
 * brought into it.
 */
public final class Barriers {
    private final Process process;
    private volatile int registered;

    Barriers(Process process) {
        this.process = process;
    }

    /** The commands by which it has said what it will ask for. */
    public int registered() {
        return registered;
    }

    /** Adds a command to {@link #registered}. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public void register(int command) {
        process.lock.lock();
        registered |= command;
        process.lock.unlock();
    }

    void copyFrom(Barriers maker) {
        registered = maker.registered;
    }

    /** Another program has said nothing yet. */
    void forget() {
        registered = 0;
    }

    /** All CPUs have been in the kernel when this returns. */
    public void pass() {
        passOn(process.system().scheduler().allCpus());
    }

    private void passOn(long cpus) {
        process.system().machine().tlb().flush(cpus, 0, 1);
    }

    /**
     * The same for the threads of the process on some CPUs, and each that is in a sequence of rseq(2) begins it anew.
     *
     * @param cpus a bit for each
     */
    public void restartSequences(long cpus) {
        process.forEachThread(each -> {
            KernelThread thread = each.kernelThread();
            if ((cpus >>> thread.cpu() & 1) != 0) {
                each.sequence().mark();
                if (!thread.isSleeping()) {
                    process.system().machine().processors().wake(thread.cpu());
                }
            }
        });
        passOn(cpus);
    }
}
