package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.machine.simulated.SimulatedClock;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.AddressLayout;
import biscotti.memory.AddressSpace;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.memory.UserMemory;
import biscotti.sched.WallClock;
import org.junit.jupiter.api.Test;

/** The vDSO lies in each program's memory, read-only, and follows the clock. */
class VdsoTest {
    private static final int PAGE = 4096;
    private static final int WALL_BASE = 24;

    @Test
    void theDataInFrontOfTheImageFollowsTheClock() {
        try (SimulatedMachine machine =
                SimulatedMachine.builder().cpus(1).memory(4 << 20).build()) {
            FrameAllocator frames = new FrameAllocator(machine);
            WallClock clock = new WallClock(machine.clock(), SimulatedClock.TIME_OF_DAY);
            byte[] elf = new byte[PAGE + 1];
            elf[0] = 0x7f;
            elf[PAGE] = 42;
            Vdso vdso = new Vdso(machine.memory(), frames, machine.clock(), clock, elf);
            AddressSpace space = new AddressSpaces(machine, frames)
                    .create(AddressLayout.fixed(8 << 20))
                    .orElseThrow();
            long free = frames.freeFrames();
            long image = vdso.map(space);
            UserMemory memory = new UserMemory(space);
            byte[] read = new byte[PAGE + 1];
            assertEquals(0, memory.read(image, read, 0, read.length));
            assertEquals(0x7f, read[0]);
            assertEquals(42, read[PAGE]);
            assertEquals(-Errno.EFAULT, memory.writeInt(image, 1));
            long data = image - PAGE;
            assertEquals(-Errno.EFAULT, memory.writeInt(data, 1));
            long sequence = memory.readInt(data);
            clock.set(123_456_789_000_000_000L);
            assertEquals(0, memory.readLong(data + WALL_BASE));
            assertEquals(clock.baseNanos(), memory.value());
            assertEquals(sequence + 2, memory.readInt(data));
            assertEquals(0, sequence % 2);
            space.leave();
            assertTrue(frames.freeFrames() >= free, "the image stays, its users' tables go");
        }
    }
}
