package biscotti.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameAllocatorTest {
    private final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(2).memory(1 << 20).build();
    private final FrameAllocator frames = new FrameAllocator(machine);

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void handsOutEachFrameOnceAndThenSaysThatThereAreNone() {
        long free = frames.freeFrames();
        assertEquals(frames.totalFrames(), free);
        Set<Long> seen = new HashSet<>();
        for (long i = 0; i < free; i++) {
            long frame = frames.allocate();
            assertTrue(frame > 0 && (frame & 4095) == 0);
            assertTrue(seen.add(frame));
        }
        assertEquals(-Errno.ENOMEM, frames.allocate());
        assertEquals(0, frames.freeFrames());
        seen.forEach(frames::release);
        assertEquals(free, frames.freeFrames());
        for (long i = 0; i < free; i++) {
            assertTrue(seen.contains(frames.allocate()));
        }
    }

    @Test
    void aFrameIsFreeWhenItsLastOwnerHasLetGo() {
        long free = frames.freeFrames();
        long frame = frames.allocate();
        frames.retain(frame);
        assertEquals(2, frames.references(frame));
        frames.release(frame);
        assertEquals(free - 1, frames.freeFrames());
        frames.release(frame);
        assertEquals(free, frames.freeFrames());
        assertThrows(IllegalStateException.class, () -> frames.release(frame));
    }

    @Test
    void aZeroedFrameHasNothingOfItsFormerOwners() {
        long frame = frames.allocate();
        machine.memory().writeLong(frame + 8, -1);
        frames.release(frame);
        for (int i = 0; i < 40; i++) {
            long zeroed = frames.allocateZeroed();
            assertEquals(0, machine.memory().readLong(zeroed + 8));
        }
    }
}
