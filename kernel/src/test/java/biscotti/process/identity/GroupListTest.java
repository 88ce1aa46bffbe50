package biscotti.process.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupListTest {
    @Test
    void groupsAreSortedAndFound() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int size : new int[] {0, 1, 2, 5, 4095, 4096, 4097, GroupList.LIMIT}) {
            GroupList list = new GroupList(size);
            long[] model = new long[size];
            for (int piece = 0; piece < list.pieces(); piece++) {
                list.makePiece(piece);
            }
            for (int i = 0; i < size; i++) {
                int group = random.nextInt() >> random.nextInt(31);
                list.set(i, group);
                model[i] = Integer.toUnsignedLong(group);
            }
            list.sort();
            Arrays.sort(model);
            for (int i = 0; i < size; i++) {
                assertEquals(model[i], Integer.toUnsignedLong(list.get(i)));
            }
            for (int i = 0; i < 1000; i++) {
                int group = random.nextInt() >> random.nextInt(31);
                boolean there = Arrays.binarySearch(model, Integer.toUnsignedLong(group)) >= 0;
                assertEquals(there, list.contains(group));
            }
        }
    }
}
