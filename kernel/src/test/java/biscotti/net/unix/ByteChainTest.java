package biscotti.net.unix;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.ENOBUFS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.file.KernelTransfer;
import biscotti.file.TestSystem;
import biscotti.net.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chain of frames holds bytes as an array does. */
class ByteChainTest {
    private final TestSystem system = new TestSystem(1 << 20);
    private final ByteChain chain = new ByteChain(system.machine().memory(), system.frames());
    private final long freeBefore = free();

    @AfterEach
    void nothingIsLeft() {
        chain.clear();
        assertEquals(freeBefore, free());
        system.close();
    }

    private long free() {
        system.frames().drainCaches();
        return system.frames().freeFrames();
    }

    /** Bytes of which only the first ones can be read. */
    private record Torn(KernelTransfer bytes, long good) implements Payload {
        @Override
        public long remaining() {
            return bytes.remaining();
        }

        @Override
        public int toPhysical(long physical, int length) {
            return bytes.remaining() - length < good ? -EFAULT : bytes.toPhysical(physical, length);
        }

        @Override
        public int fromPhysical(long physical, int length) {
            return -EFAULT;
        }
    }

    @Test
    void bytesAreAsInAnArray() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] model = {};
        for (int step = 0; step < 4000; step++) {
            int choice = random.nextInt(4);
            if (choice == 0 && model.length < 60_000) {
                byte[] more = new byte[random.nextInt(random.nextBoolean() ? 20 : 15_000)];
                random.nextBytes(more);
                assertEquals(0, chain.append(system.transfer(more), more.length));
                int old = model.length;
                model = Arrays.copyOf(model, old + more.length);
                System.arraycopy(more, 0, model, old, more.length);
            } else if (choice == 1) {
                byte[] torn = new byte[1 + random.nextInt(15_000)];
                assertEquals(-EFAULT, chain.append(new Torn(system.transfer(torn), 1), torn.length));
            } else if (choice == 2) {
                int count = random.nextInt(model.length + 1);
                chain.drop(count);
                model = Arrays.copyOfRange(model, count, model.length);
            } else {
                int skip = random.nextInt(model.length + 1);
                byte[] copy = new byte[random.nextInt(model.length - skip + 1)];
                assertEquals(0, chain.copy(skip, system.transfer(copy), copy.length));
                assertArrayEquals(Arrays.copyOfRange(model, skip, skip + copy.length), copy);
            }
            assertEquals(model.length, chain.length());
        }
    }

    @Test
    void withoutFramesNothingChanges() {
        byte[] some = new byte[10_000];
        assertEquals(0, chain.append(system.transfer(some), some.length));
        List<Long> taken = new ArrayList<>();
        for (long frame = system.frames().allocate();
                frame >= 0;
                frame = system.frames().allocate()) {
            taken.add(frame);
        }
        assertEquals(-ENOBUFS, chain.append(system.transfer(some), some.length));
        assertEquals(some.length, chain.length());
        taken.forEach(system.frames()::release);
        assertEquals(0, chain.append(system.transfer(some), some.length));
        assertEquals(2 * some.length, chain.length());
    }
}
