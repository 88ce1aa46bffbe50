package biscotti.tools.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.boot.Collector;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.bounds.flow.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bounds of the kernel as it was just built. */
class KernelBoundsTest {
    private static final Path CLASSES = Path.of("../kernel/target/classes");

    /** Bytes; what needs most of it would be refused, or wait for all others to end. */
    private static final long SMALLEST_HEAP = 64L << 20;

    private static Analysis kernel;

    @BeforeAll
    static void analyse() throws IOException {
        kernel = Analysis.ofKernel(CLASSES, MachineLayout.of(Collector.G1));
    }

    @Test
    void nothingForbidsABound() {
        assertEquals(
                List.of(),
                kernel.findings().stream().map(Finding::toString).toList(),
                "mend these, see docs/bounds.md");
    }

    @Test
    void nothingIsLinkedByWhatAProgramDoes() {
        assertEquals(List.of(), kernel.linkedLate());
    }

    @Test
    void whateverIsAnnotatedIsCalled() {
        assertEquals(List.of(), kernel.uncalled());
    }

    @Test
    void theCheapestCallsNeedNothing() {
        for (String name : List.of("getpid", "gettid", "getppid", "getuid", "umask")) {
            assertEquals(0, kernel.allocated(entry(name)), name);
        }
    }

    @Test
    void threadsOfTheKernelLeaveNothingBehind() {
        for (String unit : List.of("alarm", "carrier", "class-watch", "heap-killer", "interrupt", "signals", "bug")) {
            assertEquals(0, kernel.kept(entry(unit)), unit);
        }
    }

    @Test
    void eachBoundIsASmallPartOfTheSmallestHeap() {
        for (Entry entry : kernel.entries()) {
            assertTrue(kernel.live(entry) <= SMALLEST_HEAP / 8, entry.name() + " may need " + kernel.live(entry));
        }
    }

    @Test
    void theTableHasALineForEachSystemCallAndUnit() {
        String table = BoundsTable.of(kernel);
        assertTrue(table.startsWith("layout reference=4 header=12\n"));
        assertTrue(table.contains("\nsystem-call 39 getpid 0 0\n"));
        for (String unit :
                List.of("page-fault", "exception", "signals", "thread-end", "stack", "unknown-call", "bug")) {
            assertTrue(table.matches("(?s).*\nunit " + unit + " \\d+ (\\d+|unbounded)\n.*"), unit);
        }
    }

    private static Entry entry(String name) {
        return kernel.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
