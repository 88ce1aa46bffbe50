package biscotti.bounded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedMapTest {
    private static final int ABSENT = -1;

    private final Random random = new Random(seed());

    private static long seed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return seed;
    }

    @Test
    void aFullMapTakesNoNewKeyButChangesValues() {
        BoundedMap<String, Integer> map = new BoundedMap<>(2, new TextHash(1), ABSENT);
        assertTrue(map.put("a", 1));
        assertTrue(map.put("b", 2));
        assertFalse(map.put("c", 3));
        assertTrue(map.put("b", 4));
        assertEquals(ABSENT, map.get("c"));
        assertEquals(4, map.get("b"));
        assertEquals(1, map.remove("a"));
        assertTrue(map.put("c", 3));
    }

    /** With few hashes, most keys share theirs with others; with all, few do. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 0x8000_0000, 0xf000_000f, -1})
    void itDoesWhatAHashMapDoes(int hashBits) {
        BoundedMap<Integer, Integer> map = new BoundedMap<>(1 << 20, key -> key * 0x9e37_79b9 & hashBits, ABSENT);
        Map<Integer, Integer> model = new HashMap<>();
        int keys = hashBits == -1 ? 20_000 : 200;
        for (int i = 0; i < 100_000; i++) {
            int key = random.nextInt(keys);
            boolean grows = i / keys % 2 == 0;
            if (random.nextInt(4) < (grows ? 3 : 1)) {
                assertTrue(map.put(key, i));
                model.put(key, i);
            } else {
                Integer before = model.remove(key);
                assertEquals(before == null ? ABSENT : before, map.remove(key));
            }
            int other = random.nextInt(keys);
            assertEquals(model.getOrDefault(other, ABSENT), map.get(other));
            assertEquals(model.size(), map.size());
        }
    }

    @Test
    void hashesOfTextsDifferWithTheSecret() {
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            hashes.add(new TextHash(i).of("name") & 0xfff);
        }
        assertTrue(hashes.size() > 800, "only " + hashes.size());
    }

    /** The promise that reservations rest on: a change of a large map costs no more than one of a small map. */
    @Test
    void noChangeAllocatesMoreThanAFewNodes() {
        BoundedMap<Integer, Integer> map = new BoundedMap<>(1 << 20, key -> key * 0x9e37_79b9, ABSENT);
        Integer value = 7;
        ThreadMXBean counter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long most = 0;
        for (int i = 0; i < 300_000; i++) {
            Integer key = i;
            long before = counter.getCurrentThreadAllocatedBytes();
            map.put(key, value);
            long used = counter.getCurrentThreadAllocatedBytes() - before;
            most = i < 1000 ? 0 : Math.max(most, used); // the first calls load classes
        }
        assertTrue(most < 4096, "a change allocated " + most + " bytes");
    }

    /** Keys that change the map while a reader compares itself with one of them: each step of a look-up meets a change. */
    private final class Meddler {
        private final int name;

        Meddler(int name) {
            this.name = name;
        }

        @Override
        public int hashCode() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            if (meddling) {
                meddling = false;
                changes.forEach(Runnable::run);
                meddling = true;
            }
            return other instanceof Meddler meddler && meddler.name == name;
        }
    }

    private boolean meddling;
    private final List<Runnable> changes = new ArrayList<>();

    /** All keys have the same hash, so that each look-up stands on one node after the other while nodes come and go. */
    @Test
    void aReaderFindsWhatIsThereAllTheTimeHoweverTheListChangesUnderIt() {
        int keys = 24;
        for (int round = 0; round < 3000; round++) {
            BoundedMap<Meddler, Integer> map = new BoundedMap<>(1000, key -> 7, ABSENT);
            List<Integer> staying = new ArrayList<>();
            meddling = false;
            for (int name = 0; name < keys; name++) {
                if (random.nextBoolean()) {
                    map.put(new Meddler(name), name);
                    if (random.nextInt(3) == 0) {
                        staying.add(name);
                    }
                }
            }
            changes.clear();
            changes.add(() -> {
                for (int i = random.nextInt(6); i > 0; i--) {
                    int name = random.nextInt(keys);
                    if (!staying.contains(name)) {
                        if (random.nextBoolean()) {
                            map.put(new Meddler(name), name);
                        } else {
                            map.remove(new Meddler(name));
                        }
                    }
                }
            });
            for (int name : staying) {
                meddling = true;
                assertEquals(name, map.get(new Meddler(name)));
                meddling = false;
            }
        }
    }

    /** Readers on threads of their own while buckets are split and joined. */
    @Test
    void readersFindWhatIsThereAllTheTimeWhileBucketsComeAndGo() throws InterruptedException {
        int staying = 500;
        BoundedMap<Integer, Integer> map = new BoundedMap<>(1 << 20, key -> key * 0x9e37_79b9, ABSENT);
        for (int key = 0; key < staying; key++) {
            map.put(key, key);
        }
        boolean[] over = {false};
        int[] missed = {0};
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Random own = new Random(random.nextLong());
            readers.add(Thread.ofPlatform().start(() -> {
                while (!isOver(over)) {
                    for (int n = 0; n < 1000; n++) {
                        int key = own.nextInt(staying);
                        if (map.get(key) != key) {
                            synchronized (missed) {
                                missed[0]++;
                            }
                        }
                    }
                }
            }));
        }
        for (int wave = 0; wave < 60; wave++) {
            int most = staying + 1 + random.nextInt(20_000);
            for (int key = staying; key < most; key++) {
                map.put(key, key);
            }
            for (int key = staying; key < most; key++) {
                map.remove(key);
            }
        }
        synchronized (over) {
            over[0] = true;
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(0, missed[0]);
        assertEquals(staying, map.size());
    }

    private static boolean isOver(boolean[] over) {
        synchronized (over) {
            return over[0];
        }
    }
}
