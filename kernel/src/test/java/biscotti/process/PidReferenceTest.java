package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Poll;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.machine.simulated.SimulatedMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process descriptor says of its process in each part of that one's life; pidfd_open(2). */
@Timeout(60)
class PidReferenceTest {
    private static final long CHILD = 0x500000;
    private static final long SCRATCH = Kernel.DATA + 0x8000;

    @Test
    void aReferenceIsReadableFromTheEndOnAndGoneWhenItWasWaitedFor() throws Exception {
        try (SimulatedMachine machine =
                        SimulatedMachine.builder().memory(4 << 20).build();
                Kernel kernel = new Kernel(machine, new TestCalls())) {
            machine.register(CHILD, cpu -> cpu.call(TestCalls.PAUSE));
            PidReference[] kept = new PidReference[2];
            int status = kernel.run(cpu -> {
                int child = (int) cpu.callAt(CHILD, TestCalls.CLONE, SignalNumber.SIGCHLD, 0, 0, 0, 0);
                Process process = kernel.processes.table().process(child).orElseThrow();
                kept[0] = process.reference();
                kept[1] = process.firstThread().orElseThrow().reference();
                assertEquals(0, kept[0].events());
                assertTrue(kept[0].thread().isPresent());
                cpu.call(TestCalls.KILL, child, SignalNumber.SIGKILL);
                while (kept[0].events() == 0) {
                    cpu.call(TestCalls.YIELD);
                }
                assertEquals(Poll.READABLE, kept[0].events());
                assertTrue(kept[0].process().isPresent());
                assertTrue(kept[0].thread().isEmpty());
                assertEquals(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, 0, 0));
                assertEquals(WaitOptions.killed(SignalNumber.SIGKILL, false), cpu.load32(SCRATCH));
                cpu.call(TestCalls.EXIT_GROUP, 0);
            });
            assertEquals(0, status);
            for (PidReference reference : kept) {
                assertEquals(Poll.READABLE | Poll.POLLHUP, reference.events());
                assertTrue(reference.process().isEmpty());
            }
        }
    }
}
