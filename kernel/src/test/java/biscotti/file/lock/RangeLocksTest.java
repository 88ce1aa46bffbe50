package biscotti.file.lock;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EDEADLK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.file.TestSystem;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks on ranges are those that fcntl(2) describes, byte for byte. */
@Timeout(60)
class RangeLocksTest {
    private static final int BYTES = 40;

    private final TestSystem system = new TestSystem(8 << 20);
    private final RangeLocks locks = new RangeLocks();

    private static final class Owner extends LockOwner {}

    @AfterEach
    void close() {
        system.close();
    }

    private static RangeLock wish(LockOwner owner, LockType type, long first, long last) {
        return new RangeLock(owner, 1, type, first, last);
    }

    /** What each byte is locked with by each owner, in the plainest way. */
    private static final class Model {
        final LockType[][] held;

        Model(int owners) {
            held = new LockType[owners][BYTES];
        }

        boolean conflicts(int owner, LockType type, int first, int last) {
            boolean found = false;
            for (int other = 0; other < held.length; other++) {
                for (int i = first; i <= last && other != owner; i++) {
                    LockType here = held[other][i];
                    found |= here != null && (here == LockType.EXCLUSIVE || type == LockType.EXCLUSIVE);
                }
            }
            return found;
        }
    }

    @Test
    void randomLocksAreThoseOfAByteWiseModel() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Owner[] owners = {new Owner(), new Owner(), new Owner()};
        Model model = new Model(owners.length);
        for (int step = 0; step < 100_000; step++) {
            int owner = random.nextInt(owners.length);
            int first = random.nextInt(BYTES);
            int last = random.nextInt(first, BYTES);
            long end = last == BYTES - 1 ? RangeLock.END : last;
            LockType type = random.nextBoolean() ? LockType.SHARED : LockType.EXCLUSIVE;
            String what = "seed " + seed + ", step " + step;
            RangeLock wanted = wish(owners[owner], type, first, end);
            switch (random.nextInt(4)) {
                case 0 -> {
                    locks.unlock(owners[owner], first, end);
                    Arrays.fill(model.held[owner], first, last + 1, null);
                }
                case 1 ->
                    assertEquals(
                            model.conflicts(owner, type, first, last),
                            locks.conflict(wanted).isPresent(),
                            what);
                default -> {
                    boolean refused = model.conflicts(owner, type, first, last);
                    assertEquals(refused ? -EAGAIN : 0, locks.tryLock(wanted), what);
                    if (!refused) {
                        Arrays.fill(model.held[owner], first, last + 1, type);
                    }
                }
            }
        }
    }

    @Test
    void locksThatTouchAreOne() {
        Owner owner = new Owner();
        assertEquals(0, locks.tryLock(wish(owner, LockType.EXCLUSIVE, 0, 9)));
        assertEquals(0, locks.tryLock(wish(owner, LockType.EXCLUSIVE, 20, 29)));
        assertEquals(0, locks.tryLock(wish(owner, LockType.EXCLUSIVE, 10, 19)));
        RangeLock found =
                locks.conflict(wish(new Owner(), LockType.SHARED, 5, 5)).orElseThrow();
        assertEquals(0, found.first());
        assertEquals(29, found.last());
    }

    @Test
    void noWakeIsLostAndNoTwoHoldAnExclusiveLock() throws InterruptedException {
        AtomicInteger[] holders = new AtomicInteger[4];
        Arrays.setAll(holders, i -> new AtomicInteger());
        Runnable body = () -> {
            Owner owner = new Owner();
            Random random = new Random();
            for (int i = 0; i < 2000; i++) {
                int place = random.nextInt(holders.length);
                assertEquals(0, locks.lock(wish(owner, LockType.EXCLUSIVE, place, place), true));
                assertEquals(1, holders[place].incrementAndGet());
                holders[place].decrementAndGet();
                locks.unlock(owner, place, place);
            }
        };
        system.run(body, body, body, body);
    }

    /** Each owner holds one byte and wants the next one's: of the last to come, one is told. */
    @Test
    void aCircleOfOwnersIsRefused() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger ready = new AtomicInteger();
            Runnable[] bodies = new Runnable[3];
            for (int i = 0; i < bodies.length; i++) {
                int own = i;
                Owner owner = new Owner();
                bodies[i] = () -> {
                    assertEquals(0, locks.tryLock(wish(owner, LockType.EXCLUSIVE, own, own)));
                    ready.incrementAndGet();
                    while (ready.get() < bodies.length) {
                        Thread.yield();
                    }
                    int next = (own + 1) % bodies.length;
                    if (locks.lock(wish(owner, LockType.EXCLUSIVE, next, next), true) == -EDEADLK) {
                        refused.incrementAndGet();
                    }
                    locks.unlock(owner);
                };
            }
            system.run(bodies);
            assertTrue(refused.get() >= 1, "nobody was told");
        }
    }
}
