package biscotti.tools.test;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs works at the same time, as many as there are lanes; the next one begins when one ends. What they print comes out as if they
 * ran one after another: the first that has not ended prints at once, what the others print is kept until it is their turn.
 */
final class SideBySide {
    private final int lanes;
    private final PrintStream out;

    /** Works in so many lanes that print on a stream. */
    SideBySide(int lanes, PrintStream out) {
        this.lanes = lanes;
        this.out = out;
    }

    /**
     * Runs works, in the order in which they are given.
     *
     * @return the sum of what they tell
     * @throws IOException as the first that throws it; those that have not begun then do not begin
     */
    Totals run(List<Part.Tests> works) throws IOException {
        List<Turn> turns = new ArrayList<>();
        List<Future<Totals>> ends = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(lanes)) {
            try {
                for (Part.Tests work : works) {
                    Turn turn = new Turn(out);
                    turns.add(turn);
                    ends.add(executor.submit(inTurn(work, turn)));
                }
                Totals all = Totals.NONE;
                for (int i = 0; i < ends.size(); i++) {
                    turns.get(i).begin();
                    all = all.plus(end(ends.get(i)));
                }
                return all;
            } finally {
                executor.shutdownNow();
            }
        }
    }

    private static Callable<Totals> inTurn(Part.Tests work, Turn turn) {
        return () -> {
            try (PrintStream stream = new PrintStream(turn, true)) {
                return work.run(stream);
            }
        };
    }

    private static Totals end(Future<Totals> work) throws IOException {
        try {
            return work.get();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
