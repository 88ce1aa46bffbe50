package biscotti.tools.bounds.range;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** Unknown intervals, and what each holds at least, in terms of others. */
final class Equations {
    /** After so many changes an interval grows to all that it may be. */
    private static final int PATIENCE = 4;

    /** How often all are computed anew, to take back what growing so fast was too much. */
    private static final int DESCENTS = 4;

    private record Equation(int target, Supplier<Interval> value) {}

    private static final class Unknown {
        Interval value = Interval.NONE;
        Interval all = Interval.LONGS;
        int changes;
        boolean queued;
        final List<Equation> equations = new ArrayList<>(1);
        final List<Integer> dependents = new ArrayList<>(1);
    }

    private final List<Unknown> unknowns = new ArrayList<>();
    private final Deque<Integer> queue = new ArrayDeque<>();

    /** Makes unknowns 0 to {@code count} - 1. */
    void reserve(int count) {
        for (int i = 0; i < count; i++) {
            unknowns.add(new Unknown());
        }
    }

    /** A further unknown, of which at most {@code all} is possible. */
    int variable(Interval all) {
        unknowns.add(new Unknown());
        declare(unknowns.size() - 1, all);
        return unknowns.size() - 1;
    }

    void declare(int target, Interval all) {
        unknowns.get(target).all = all;
    }

    Interval value(int variable) {
        return unknowns.get(variable).value;
    }

    void constant(int target, Interval value) {
        add(target, () -> value);
    }

    void copy(int from, int target) {
        add(target, () -> value(from), from);
    }

    /** {@code target} holds at least {@code value}, which depends on {@code inputs}. */
    void add(int target, Supplier<Interval> value, int... inputs) {
        unknowns.get(target).equations.add(new Equation(target, value));
        Arrays.stream(inputs).forEach(input -> unknowns.get(input).dependents.add(target));
    }

    private Interval computed(Unknown unknown) {
        Interval value = Interval.NONE;
        for (Equation equation : unknown.equations) {
            value = value.join(equation.value().get());
        }
        return value.meet(unknown.all);
    }

    void solve() {
        for (int i = 0; i < unknowns.size(); i++) {
            enqueue(i);
        }
        while (!queue.isEmpty()) {
            Unknown unknown = unknowns.get(queue.poll());
            unknown.queued = false;
            grow(unknown);
        }
        for (int i = 0; i < DESCENTS; i++) {
            for (Unknown unknown : unknowns) {
                if (!unknown.equations.isEmpty()) {
                    unknown.value = computed(unknown).meet(unknown.value);
                }
            }
        }
    }

    private void grow(Unknown unknown) {
        Interval next = unknown.value.join(computed(unknown));
        if (next.equals(unknown.value)) {
            return;
        }
        unknown.changes++;
        unknown.value = unknown.changes > PATIENCE ? next.widen(unknown.value, unknown.all) : next;
        unknown.dependents.forEach(this::enqueue);
    }

    private void enqueue(int variable) {
        Unknown unknown = unknowns.get(variable);
        if (!unknown.queued) {
            unknown.queued = true;
            queue.add(variable);
        }
    }
}
