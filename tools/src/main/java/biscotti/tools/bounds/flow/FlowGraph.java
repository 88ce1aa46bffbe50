package biscotti.tools.bounds.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Which objects may reach which variable: Andersen's analysis as a graph whose edges carry every object on. Objects and
 * variables are numbers; edges may be added while objects flow.
 */
final class FlowGraph {
    private record Edge(int to, IntPredicate filter) {}

    /** What a variable holds, where that goes, and how much of it has gone there. */
    private static final class Variable {
        final NumberSet objects = new NumberSet();
        final List<Edge> edges = new ArrayList<>(2);
        final List<IntConsumer> watchers = new ArrayList<>(0);
        int done;
        boolean queued;
    }

    private final List<Variable> variables = new ArrayList<>();
    private final Deque<Integer> queue = new ArrayDeque<>();
    private final Set<Long> plainEdges = new HashSet<>();

    int variable() {
        variables.add(new Variable());
        return variables.size() - 1;
    }

    int size() {
        return variables.size();
    }

    NumberSet objects(int variable) {
        return variables.get(variable).objects;
    }

    void add(int variable, int object) {
        if (variables.get(variable).objects.add(object)) {
            enqueue(variable);
        }
    }

    /** Whatever reaches {@code from} reaches {@code to}. */
    void edge(int from, int to) {
        if (from != to && plainEdges.add((long) from << 32 | to)) {
            edge(from, to, null);
        }
    }

    /** Whatever reaches {@code from} and passes the filter reaches {@code to}. */
    void edge(int from, int to, IntPredicate filter) {
        Variable source = variables.get(from);
        Edge edge = new Edge(to, filter);
        source.edges.add(edge);
        for (int i = 0; i < source.done; i++) {
            carry(edge, source.objects.get(i));
        }
    }

    /** Tells {@code watcher} of each object that reaches the variable, now or later. */
    void watch(int variable, IntConsumer watcher) {
        Variable watched = variables.get(variable);
        watched.watchers.add(watcher);
        int done = watched.done;
        for (int i = 0; i < done; i++) {
            watcher.accept(watched.objects.get(i));
        }
    }

    private void carry(Edge edge, int object) {
        if (edge.filter() == null || edge.filter().test(object)) {
            add(edge.to(), object);
        }
    }

    private void enqueue(int variable) {
        Variable grown = variables.get(variable);
        if (!grown.queued) {
            grown.queued = true;
            queue.add(variable);
        }
    }

    /** Lets objects flow until none has anywhere new to go. */
    void solve() {
        while (!queue.isEmpty()) {
            Variable variable = variables.get(queue.poll());
            variable.queued = false;
            while (variable.done < variable.objects.size()) {
                int object = variable.objects.get(variable.done);
                variable.done++;
                for (int i = 0; i < variable.edges.size(); i++) {
                    carry(variable.edges.get(i), object);
                }
                for (int i = 0; i < variable.watchers.size(); i++) {
                    variable.watchers.get(i).accept(object);
                }
            }
        }
    }
}
