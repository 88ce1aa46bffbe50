package biscotti.process;

import biscotti.memory.AddressSpace;

/**
 * What a process retains, of the kernel's heap or of physical memory: by that the greatest is found when memory is out. Counts
 * are read without locks, so a charge is good for comparing only.
 */
final class Charge {
    // About how many bytes of the heap one of each takes, with what it refers to.
    private static final long PROCESS = 2048;
    private static final long THREAD = 4096;
    private static final long REGION = 96;
    private static final long DESCRIPTOR = 512;
    private static final long SIGNAL = 64;

    private Charge() {}

    /**
     * About how many bytes of the heap would be free if a process ended. Its children count, too: they are what a process has
     * that forks without end.
     */
    static long ofHeap(Process process) {
        long bytes = PROCESS
                + PROCESS * process.childCount()
                + THREAD * process.threadCount()
                + SIGNAL * process.pending.count();
        AddressSpace space = process.space();
        bytes += REGION * space.regionCount() / Math.max(1, space.users());
        UserThread thread = process.oldestThread;
        if (thread != null) {
            bytes += DESCRIPTOR * thread.files().openCount();
        }
        return bytes;
    }

    /** How many bytes of physical memory it has: pages and page tables (Linux: oom_badness). */
    static long ofFrames(Process process) {
        return process.space().residentBytes() + process.space().tableBytes();
    }
}
