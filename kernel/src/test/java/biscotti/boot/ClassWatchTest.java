package biscotti.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.sched.KernelLog;
import org.junit.jupiter.api.Test;

/** The log says when a class is loaded or initialised after boot. */
class ClassWatchTest {
    @Test
    void whatComesAfterItBeginsIsLoggedOnce() {
        try (SimulatedMachine machine = SimulatedMachine.builder().build()) {
            machine.classes().set(1000, 500);
            ClassWatch watch = new ClassWatch(machine.classes(), machine.clock(), new KernelLog(machine));
            watch.look();
            assertEquals(1, machine.log().lines().count());
            machine.classes().set(1002, 501);
            watch.look();
            watch.look();
            String text = machine.log();
            assertTrue(text.endsWith("after boot 2 classes were loaded and 1 initialised\n"), text);
            assertEquals(2, text.lines().count());
        }
    }
}
