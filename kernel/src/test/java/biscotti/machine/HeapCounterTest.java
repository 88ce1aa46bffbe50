package biscotti.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeapCounterTest {
    /** Answers with one number after another, the last one for ever. */
    private static final class Scripted extends HeapCounter {
        private final long[] answers;
        private int next;

        Scripted(long... answers) {
            this.answers = answers;
        }

        @Override
        public long allocated() {
            next = Math.min(next + 1, answers.length);
            return answers[next - 1];
        }

        @Override
        public long used() {
            return 0;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int collections() {
            return 0;
        }

        @Override
        public void collect() {}
    }

    @Test
    void anAnswerThatACollectionHasTornIsAskedForAgain() {
        assertEquals(2_565_832, new Scripted(4_230_424_264L, 2_565_832).allocatedExactly());
        assertEquals(2_398_592, new Scripted(2_395_576, 2_398_592).allocatedExactly());
        assertEquals(300, new Scripted(100, 4_000_000_000L, 300).allocatedExactly());
    }

    @Test
    void aMachineThatAllocatesNothingMeanwhileAnswersTheSameTwice() {
        HeapCounter heap = new RealHeapCounter();
        Thread collector = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                heap.collect();
            }
        });
        collector.start();
        try {
            for (int i = 0; i < 20_000; i++) {
                long first = heap.allocatedExactly();
                assertEquals(first, heap.allocatedExactly());
            }
        } finally {
            collector.interrupt();
        }
    }
}
