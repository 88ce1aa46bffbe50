package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.flow.MethodClone;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods that a set of entries may run: callees before their callers, those that call each other in one group. */
final class CallOrder {
    private final List<List<MethodClone>> groups = new ArrayList<>();
    private final Map<MethodClone, Integer> groupOf = new HashMap<>();
    private final Map<MethodClone, Integer> number = new HashMap<>();
    private final Map<MethodClone, Integer> low = new HashMap<>();
    private final Map<MethodClone, List<MethodClone>> callees = new HashMap<>();
    private final Deque<MethodClone> stack = new ArrayDeque<>();
    private final Set<MethodClone> onStack = new HashSet<>();
    private final Reach reach;

    CallOrder(Collection<MethodClone> entries, Reach reach) {
        this.reach = reach;
        for (MethodClone entry : entries) {
            if (!number.containsKey(entry)) {
                walk(entry);
            }
        }
    }

    /** Callees first. */
    List<List<MethodClone>> groups() {
        return groups;
    }

    /** Whether a call stays among methods that call each other. */
    boolean isRecursive(MethodClone caller, MethodClone callee) {
        return groupOf.get(caller).equals(groupOf.get(callee));
    }

    /** Whether it is among the methods that may run. */
    boolean contains(MethodClone clone) {
        return groupOf.containsKey(clone);
    }

    private List<MethodClone> callees(MethodClone clone) {
        return callees.computeIfAbsent(clone, reach::callees);
    }

    private void walk(MethodClone from) {
        Deque<MethodClone> path = new ArrayDeque<>();
        Map<MethodClone, Integer> at = new HashMap<>();
        enter(from, path);
        while (!path.isEmpty()) {
            MethodClone clone = path.peek();
            int i = at.merge(clone, 1, Integer::sum) - 1;
            if (i < callees(clone).size()) {
                MethodClone next = callees(clone).get(i);
                if (!number.containsKey(next)) {
                    enter(next, path);
                } else if (onStack.contains(next)) {
                    low.merge(clone, number.get(next), Math::min);
                }
            } else {
                path.pop();
                leave(clone, path.peek());
            }
        }
    }

    private void enter(MethodClone clone, Deque<MethodClone> path) {
        number.put(clone, number.size());
        low.put(clone, number.get(clone));
        stack.push(clone);
        onStack.add(clone);
        path.push(clone);
    }

    private void leave(MethodClone clone, MethodClone parent) {
        if (parent != null) {
            low.merge(parent, low.get(clone), Math::min);
        }
        if (low.get(clone).equals(number.get(clone))) {
            List<MethodClone> group = new ArrayList<>();
            MethodClone member;
            do {
                member = stack.pop();
                onStack.remove(member);
                group.add(member);
                groupOf.put(member, groups.size());
            } while (member != clone);
            groups.add(group);
        }
    }
}
