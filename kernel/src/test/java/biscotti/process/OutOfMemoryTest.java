package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.heap.Victims.Outcome;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.UserCode;
import biscotti.machine.simulated.UserCpu;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory is out: who dies, with programs on the simulated machine. */
@Timeout(60)
class OutOfMemoryTest {
    private static final long SLEEPER = 0x500000;
    private static final long BOMB = 0x510000;
    private static final int ROUNDS = 20;

    private static long start(UserCpu cpu, long program) {
        return cpu.callAt(program, TestCalls.CLONE, SignalNumber.SIGCHLD, 0, 0, 0, 0);
    }

    private static void run(Kernel kernel, UserCode init) throws Exception {
        kernel.machine.register(SLEEPER, cpu -> cpu.call(TestCalls.PAUSE));
        assertEquals(0, kernel.run(init), kernel.machine.log());
        assertEquals(0, kernel.processes.bugs(), kernel.machine.log());
    }

    private static SimulatedMachine machine() {
        return SimulatedMachine.builder().cpus(2).memory(16 << 20).build();
    }

    @Test
    void aProcessThatForksWithoutEndDiesWithAllThatDescendFromIt() throws Exception {
        AtomicInteger born = new AtomicInteger();
        try (SimulatedMachine machine = machine();
                Kernel kernel = new Kernel(machine, new TestCalls())) {
            // The kill meets a fork at any point: a child made meanwhile dies, too.
            machine.register(BOMB, cpu -> {
                while (start(cpu, SLEEPER) > 0) {
                    born.incrementAndGet();
                }
                cpu.call(TestCalls.PAUSE);
            });
            OutOfMemory outOfMemory = kernel.processes.outOfMemory();
            run(kernel, cpu -> {
                long good = start(cpu, SLEEPER);
                for (int round = 0; round < ROUNDS; round++) {
                    int before = born.get();
                    long bomb = start(cpu, BOMB);
                    // Who yields comes behind all children that are born meanwhile: the bomb would have ended.
                    while (born.get() < before + 5 + round) {
                        Thread.onSpinWait();
                    }
                    assertEquals(Outcome.KILLED, kill(outOfMemory));
                    assertEquals(bomb, cpu.call(TestCalls.WAIT4, bomb, Kernel.DATA, 0, 0));
                    assertEquals(WaitOptions.killed(SignalNumber.SIGKILL, false), cpu.load32(Kernel.DATA));
                    while (kernel.processes.table().processCount() > 2) {
                        assertTrue(cpu.call(TestCalls.WAIT4, -1, 0, 0, 0) > 0);
                    }
                }
                assertEquals(0, cpu.call(TestCalls.KILL, good, 0));
                cpu.call(TestCalls.EXIT_GROUP, 0);
            });
        }
    }

    private static Outcome kill(OutOfMemory outOfMemory) {
        Outcome outcome = Outcome.BUSY;
        while (outcome == Outcome.BUSY) {
            outcome = outOfMemory.killGreatest();
        }
        return outcome;
    }

    @Test
    void theFirstProcessAndProtectedOnesAreNotKilled() throws Exception {
        try (SimulatedMachine machine = machine();
                Kernel kernel = new Kernel(machine, new TestCalls())) {
            OutOfMemory outOfMemory = kernel.processes.outOfMemory();
            run(kernel, cpu -> {
                assertEquals(Outcome.NONE_LEFT, kill(outOfMemory));
                int child = (int) start(cpu, SLEEPER);
                Process process = kernel.processes.table().process(child).orElseThrow();
                process.setOomScoreAdjustment(OutOfMemory.NEVER);
                assertEquals(Outcome.NONE_LEFT, kill(outOfMemory));
                process.setOomScoreAdjustment(OutOfMemory.NEVER + 1);
                assertEquals(Outcome.KILLED, kill(outOfMemory));
                assertEquals(child, cpu.call(TestCalls.WAIT4, child, 0, 0, 0));
                assertEquals(-Errno.ECHILD, cpu.call(TestCalls.WAIT4, child, 0, 0, 0));
                cpu.call(TestCalls.EXIT_GROUP, 0);
            });
        }
    }
}
