package biscotti.tools.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import biscotti.tools.ToolFailure;
import biscotti.tools.boot.Collector;
import biscotti.tools.machine.MachineOptions.Type;
import org.junit.jupiter.api.Test;

/** The kernel's heap and the JVM's share of a machine. */
final class MachineOptionsTest {
    private static MachineOptions machine(int memory, int heap) {
        return new MachineOptions(Type.Q35, 1, memory, heap, Collector.G1);
    }

    @Test
    void theDefaultHeapIsAThirtySecondOfTheMemoryAndAtLeast64Megabytes() {
        assertEquals(64, MachineOptions.defaultHeap(512));
        assertEquals(64, MachineOptions.defaultHeap(2048));
        assertEquals(256, MachineOptions.defaultHeap(8192));
    }

    @Test
    void noHeapIsSoLargeThatReferencesAreNotCompressed() {
        int terabytes = 4 << 20;
        assertEquals(30 << 10, MachineOptions.defaultHeap(terabytes));
        assertThrows(ToolFailure.class, () -> machine(terabytes, 32 << 10));
    }

    @Test
    void aHeapLeavesAQuarterOfTheMemoryToPrograms() {
        assertEquals(64, machine(1024, 64).heapMegabytes());
        assertThrows(ToolFailure.class, () -> machine(1024, 900));
    }
}
