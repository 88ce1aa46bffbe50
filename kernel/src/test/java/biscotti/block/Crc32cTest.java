package biscotti.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The sums are those of the JDK's CRC-32C, but for the inversion at the end. */
class Crc32cTest {
    @Test
    void allLengthsHaveTheSameSumInEachWay() {
        try (SimulatedMachine machine = SimulatedMachine.builder().cpus(1).build()) {
            long frame = new FrameAllocator(machine).allocate();
            byte[] bytes = new byte[200];
            new Random(1).nextBytes(bytes);
            machine.memory().copyIn(frame, bytes, 0, bytes.length);
            for (int length = 0; length <= bytes.length; length++) {
                CRC32C expected = new CRC32C();
                expected.update(bytes, 0, length);
                int sum = ~(int) expected.getValue();
                assertEquals(sum, Crc32c.update(Crc32c.START, bytes, 0, length));
                assertEquals(sum, Crc32c.update(Crc32c.START, machine.memory(), frame, length));
            }
            int value = machine.memory().readInt(frame);
            assertEquals(Crc32c.update(7, bytes, 0, 4), Crc32c.updateInt(7, value));
        }
    }
}
