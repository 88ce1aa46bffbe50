package biscotti.bounded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTableTest {
    private static final String NONE = "none";

    private final IdTable<String> table = new IdTable<>(Integer.MAX_VALUE, NONE);

    @Test
    void anEmptyTableHasNothing() {
        assertEquals(NONE, table.get(0));
        assertEquals(NONE, table.get(-1));
        assertEquals(-1, table.next(0));
        assertEquals(0, table.firstFree(0, 10));
        assertEquals(-1, table.firstFree(5, 5));
        assertEquals(NONE, table.remove(3));
    }

    @Test
    void theHighestNumberHasItsPlace() {
        int highest = Integer.MAX_VALUE - 1;
        table.put(highest, "last");
        assertEquals("last", table.get(highest));
        assertEquals(highest, table.next(0));
        assertEquals(-1, table.firstFree(highest, Integer.MAX_VALUE));
        assertEquals("last", table.remove(highest));
        assertEquals(-1, table.next(0));
    }

    @Test
    void aNumberBeyondTheCapacityIsRefused() {
        IdTable<String> small = new IdTable<>(100, NONE);
        assertThrows(IllegalArgumentException.class, () -> small.put(100, "beyond"));
        for (int i = 0; i < 100; i++) {
            small.put(small.firstFree(0, 1000), "x");
        }
        assertEquals(-1, small.firstFree(0, 1000));
        small.remove(64);
        assertEquals(64, small.firstFree(0, 1000));
    }

    @Test
    void aMarkGoesWithItsObject() {
        table.put(70, "a");
        table.put(71, "b");
        table.mark(70, true);
        assertEquals(true, table.isMarked(70));
        assertEquals(false, table.isMarked(71));
        table.remove(70);
        table.put(70, "c");
        assertEquals(false, table.isMarked(70));
    }

    /** Numbers are dense at first, and then from wider and wider ranges, so that the tree is low and high, full and sparse. */
    @ParameterizedTest
    @ValueSource(ints = {64, 70, 4096, 5000, 300_000, Integer.MAX_VALUE})
    void itDoesWhatATreeMapDoes(int range) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        TreeMap<Integer, String> model = new TreeMap<>();
        TreeSet<Integer> marked = new TreeSet<>();
        boolean grows = true;
        for (int i = 0; i < 40_000; i++) {
            int id = random.nextInt(range);
            if (model.size() > Math.min(range - 1, 8000) || model.isEmpty()) {
                grows = model.isEmpty();
            }
            if (random.nextInt(4) < (grows ? 3 : 1)) {
                int end = random.nextInt(range);
                int free = firstFree(model, id, end);
                assertEquals(free, table.firstFree(id, end));
                if (free >= 0) {
                    table.put(free, "free " + i);
                    model.put(free, "free " + i);
                } else {
                    table.put(id, "put " + i);
                    model.put(id, "put " + i);
                }
            } else {
                Integer present = model.ceilingKey(id);
                int victim = present == null ? id : present;
                String before = model.remove(victim);
                marked.remove(victim);
                assertEquals(before == null ? NONE : before, table.remove(victim));
            }
            checkAround(model, marked, random.nextInt(range), random.nextBoolean());
        }
    }

    private void checkAround(TreeMap<Integer, String> model, TreeSet<Integer> marked, int id, boolean mark) {
        assertEquals(model.size(), table.size());
        assertEquals(model.getOrDefault(id, NONE), table.get(id));
        Integer next = model.ceilingKey(id);
        assertEquals(next == null ? -1 : next, table.next(id));
        if (next != null) {
            assertEquals(marked.contains(next), table.isMarked(next));
            table.mark(next, mark);
            boolean changed = mark ? marked.add(next) : marked.remove(next);
            assertEquals(changed || marked.contains(next) == mark, true);
        }
    }

    private static int firstFree(TreeMap<Integer, String> model, int from, int end) {
        int id = from;
        while (id < end && model.containsKey(id)) {
            id++;
        }
        return id < end ? id : -1;
    }
}
