package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Body;
import biscotti.tools.bounds.code.Method;
import biscotti.tools.bounds.code.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A method as called from one context: the kernel's methods have one clone each; the JDK's one for each place where the kernel
 * calls into the JDK; the bounded collections' one for each collection that is made.
 */
public final class MethodClone {
    /**
     * A call that one instruction may make.
     *
     * @param target the method that runs
     * @param arguments for each parameter of the target the caller's value; empty where it comes from elsewhere
     * @param source whose values those are: the caller's; a captured value is of the lambda's maker
     */
    public record Target(MethodClone target, List<Optional<Argument>> arguments) {}

    /** An instruction of a method. */
    public record Place(MethodClone where, Node node) {}

    /** A value of a method. */
    public record Argument(MethodClone where, Node value) {}

    private final Method method;
    private final Object context;
    private final int depth;
    private final int firstVariable;
    private final int result;
    private final Map<Node, Map<MethodClone, Target>> calls = new LinkedHashMap<>();
    private final Map<Node, Set<HeapObject>> made = new LinkedHashMap<>();
    private final Map<Node, Set<Rule>> declared = new HashMap<>();
    private final List<Target> callers = new ArrayList<>();

    MethodClone(Method method, Object context, int depth, int firstVariable, int result) {
        this.method = method;
        this.context = context;
        this.depth = depth;
        this.firstVariable = firstVariable;
        this.result = result;
    }

    /** The method. */
    public Method method() {
        return method;
    }

    /** What tells it from the method's other clones; empty if it has none. */
    Object context() {
        return context;
    }

    int depth() {
        return depth;
    }

    /** Its code; empty if it is native or abstract. */
    public Optional<Body> body() {
        return method.body();
    }

    /** The variable of a reference that a node makes. */
    public int variable(Node node) {
        return firstVariable + node.id();
    }

    /** The variable of what it returns. */
    public int result() {
        return result;
    }

    /** What each instruction may call. */
    public Collection<Target> calls(Node node) {
        return calls.getOrDefault(node, Map.of()).values();
    }

    /** The instructions that may call something. */
    public Collection<Node> callingNodes() {
        return calls.keySet();
    }

    /** What each instruction makes. */
    public Set<HeapObject> made(Node node) {
        return made.getOrDefault(node, Set.of());
    }

    /** The instructions that make objects. */
    public Collection<Node> makingNodes() {
        return made.keySet();
    }

    /** The declared costs of what each instruction may call. */
    public Set<Rule> declared(Node node) {
        return declared.getOrDefault(node, Set.of());
    }

    /** The instructions that call what has a declared cost. */
    public Collection<Node> declaringNodes() {
        return declared.keySet();
    }

    /** The calls of this clone. */
    public List<Target> callers() {
        return callers;
    }

    /** Notes a call; false if it was known. */
    boolean addCall(Node node, Target target) {
        boolean added =
                calls.computeIfAbsent(node, n -> new LinkedHashMap<>()).putIfAbsent(target.target(), target) == null;
        target.target().callers.add(target);
        return added;
    }

    void addMade(Node node, HeapObject object) {
        made.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(object);
    }

    void addDeclared(Node node, Rule rule) {
        declared.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(rule);
    }

    /** The kernel's code outside the bounded collections that called the JDK or a collection to come to {@code node}. */
    public Place inKernel(Node node) {
        Place place = new Place(this, node);
        for (int i = 0; i <= depth + 1 && place.where().context instanceof Place site; i++) {
            place = site;
        }
        return place;
    }

    /** Class, method and line of one of its instructions. */
    public String place(Node node) {
        return method + "(" + method.owner().sourceFile() + ":" + (node == null ? 0 : node.line()) + ")";
    }

    @Override
    public String toString() {
        return method.toString();
    }
}
