package biscotti.procfs;

import biscotti.heap.HeapBudget;
import biscotti.heap.HeapStatistics;
import biscotti.heap.KernelHeap;
import biscotti.machine.HeapCounter;

/** /proc/biscotti/heap: lines of a name and a number; sizes in bytes. */
final class HeapText {
    private static final long NANOS_PER_MICRO = 1000;

    private HeapText() {}

    static long write(KernelHeap heap, HeapCounter counter, TextWindow out) {
        HeapBudget budget = heap.budget();
        HeapStatistics statistics = budget.statistics();
        long living = budget.living();
        line(out, "size", counter.size());
        line(out, "budget", budget.limit());
        line(out, "used", counter.used());
        line(out, "live", living);
        line(out, "reserved", Math.max(0, budget.committed() - living));
        line(out, "threads", budget.kept());
        line(out, "lasting", heap.lasting().used());
        line(out, "lasting-limit", heap.lasting().limit());
        line(out, "waiting", budget.waiting());
        line(out, "waits", statistics.waits());
        line(out, "waited-microseconds", statistics.waited() / NANOS_PER_MICRO);
        line(out, "longest-wait-microseconds", statistics.longestWait() / NANOS_PER_MICRO);
        line(out, "collections", counter.collections());
        line(out, "forced-collections", statistics.forcedCollections());
        line(out, "shrinks", statistics.shrinks());
        line(out, "kills", statistics.kills());
        line(out, "refusals", statistics.refusals());
        line(out, "calls-checked", heap.overruns().checked());
        line(out, "overruns", heap.overruns().count());
        return Text.END;
    }

    private static void line(TextWindow out, String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
    }
}
