package biscotti.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Mman;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegionMapTest {
    private static final int PAGE = 4096;
    private static final int SPAN = 16;

    private final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(1).memory(1 << 20).build();
    private final AddressSpace space = new AddressSpaces(machine, new FrameAllocator(machine))
            .create(AddressLayout.fixed(8 << 20))
            .orElseThrow();
    private final RegionMap map = new RegionMap(space);
    private final List<Region> model = new ArrayList<>();
    private final Random random = new Random(seed());

    private static long seed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return seed;
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private static long startOf(long slot) {
        return UserRange.LOW_START + slot * SPAN * PAGE;
    }

    /** The region of a slot of {@link #SPAN} pages: some of them, from its start. */
    private Region regionOf(long slot) {
        long start = startOf(slot);
        int protection = random.nextInt(8);
        return new Region(start, start + (1 + random.nextInt(SPAN - 1)) * PAGE, protection, 0, ZeroPages.SOURCE, 0);
    }

    private int modelIndex(long address) {
        int low = 0;
        int high = model.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (model.get(middle).end() <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(long slot) {
        Region region = regionOf(slot);
        if (map.isFree(startOf(slot), startOf(slot + 1))) {
            map.insert(region);
            model.add(modelIndex(region.start()), region);
        }
    }

    private void checkAll() {
        assertEquals(model.size(), map.count());
        long mapped = 0;
        long code = 0;
        for (int i = 0; i < model.size(); i++) {
            assertSame(model.get(i), map.get(i));
            mapped += model.get(i).length();
            code += (model.get(i).protection() & Mman.PROT_EXEC) != 0
                    ? model.get(i).length()
                    : 0;
        }
        assertEquals(mapped, map.mappedBytes());
        assertEquals(code, map.codeBytes());
    }

    @Test
    void itDoesWhatAnArrayDoes() {
        for (int round = 0; round < 400; round++) {
            int slots = 1 + random.nextInt(3000);
            boolean upwards = random.nextInt(4) == 0;
            for (int i = random.nextInt(400); i > 0; i--) {
                insert(upwards ? 3000 + model.size() : random.nextInt(slots));
            }
            if (random.nextBoolean() && !model.isEmpty()) {
                int from = random.nextInt(model.size());
                int to = from + random.nextInt(Math.min(model.size() - from, random.nextBoolean() ? 3 : 1000) + 1);
                map.remove(from, to);
                model.subList(from, to).clear();
            }
            if (!model.isEmpty()) {
                int index = random.nextInt(model.size());
                Region changed = model.get(index).protect(random.nextInt(8));
                map.set(index, changed);
                model.set(index, changed);
            }
            for (int i = 0; i < 50; i++) {
                long address = random.nextLong(4000L * SPAN * PAGE);
                assertEquals(modelIndex(address), map.firstEndingAfter(address));
                int index = modelIndex(address);
                boolean free = index == model.size() || model.get(index).start() >= address + PAGE;
                assertEquals(free, map.isFree(address, address + PAGE));
            }
            checkAll();
        }
    }

    @Test
    void asManyFitAsOnLinuxAndNoMore() {
        while (map.hasRoomFor(1)) {
            insert(random.nextInt(200_000));
        }
        assertEquals(65530, map.count());
        assertFalse(map.hasRoomFor(1));
        checkAll();
        while (map.count() > 1000) {
            int at = random.nextInt(map.count());
            map.remove(at, at + 1);
            model.remove(at);
        }
        checkAll();
        map.remove(0, map.count());
        model.clear();
        checkAll();
        assertTrue(map.isFree(0, Long.MAX_VALUE));
    }
}
