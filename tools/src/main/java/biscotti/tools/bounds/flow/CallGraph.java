package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Call;
import biscotti.tools.bounds.code.ClassWorld;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.Method;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Which methods call which, and which objects may be where: both found together, from the program's {@code main}, because
 * what a call runs depends on what objects reach it.
 *
 * <p>Nothing is known of the order in which things happen, but that values are told apart within a method. The kernel's
 * methods are looked at once for all their callers. The JDK's are cloned for each place where the kernel calls into it, and
 * those of {@link #COLLECTIONS} for each collection, because otherwise all maps would seem to hold each other's contents.
 */
public final class CallGraph {
    /** The package whose classes are cloned for each object. */
    public static final String COLLECTIONS = "biscotti/bounded";

    private static final String TOLD_APART = "biscotti/bounded/ToldApart";

    /** How deep collections within collections are told apart. */
    private static final int MAX_DEPTH = 3;

    static final String ELEMENTS = "[]";
    /** Field name for "any of the fields", when written to. */
    private static final String ANY_WRITTEN = "*";
    /** Field name for "any of the fields", when read. */
    private static final String ANY_READ = "?";

    private record CloneKey(Method method, Object context) {}

    private record ObjectKey(Object maker, Object site, String label) {}

    private final ClassWorld world;
    private final JdkCosts costs;
    private final FlowGraph flow = new FlowGraph();
    private final List<HeapObject> objects = new ArrayList<>();
    private final Map<ObjectKey, HeapObject> objectsBySite = new HashMap<>();
    private final Map<CloneKey, MethodClone> clones = new LinkedHashMap<>();
    private final Map<String, Integer> statics = new HashMap<>();
    private final Map<String, Integer> saved = new HashMap<>();
    private final Set<LoadedClass> initialised = new LinkedHashSet<>();
    private final Deque<MethodClone> unread = new ArrayDeque<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Integer> writtenByHandle = new LinkedHashSet<>();
    private final CodeFlow code;
    private final int thrown;
    private MethodClone starter;

    private CallGraph(ClassWorld world, JdkCosts costs) {
        this.world = world;
        this.costs = costs;
        this.thrown = flow.variable();
        this.code = new CodeFlow(this);
    }

    /** The graph of all that {@code main} reaches. */
    public static CallGraph of(ClassWorld world, JdkCosts costs, Method main) {
        CallGraph graph = new CallGraph(world, costs);
        graph.starter = graph.enter(main);
        graph.solve();
        return graph;
    }

    private void solve() {
        flow.solve();
        while (!unread.isEmpty()) {
            MethodClone clone = unread.poll();
            clone.body().ifPresent(body -> code.read(clone, body));
            flow.solve();
        }
    }

    // Results.

    /** The classes that it is about. */
    public ClassWorld world() {
        return world;
    }

    /** All methods that may run. */
    public Collection<MethodClone> clones() {
        return clones.values();
    }

    /** All kinds of objects. */
    public List<HeapObject> objects() {
        return objects;
    }

    /** What a variable may hold. */
    public List<HeapObject> holds(int variable) {
        List<HeapObject> held = new ArrayList<>();
        flow.objects(variable).forEach(id -> held.add(objects.get(id)));
        return held;
    }

    /** Calls {@code action} with the number of each object that a variable may hold. */
    public void forEachHeld(int variable, IntConsumer action) {
        flow.objects(variable).forEach(action);
    }

    /** The variables of all static fields. */
    public Collection<Integer> statics() {
        return statics.values();
    }

    /** The variable of everything that is thrown. */
    public int thrown() {
        return thrown;
    }

    /** The classes whose static initialisers are taken to have run when the first program starts. */
    public Collection<LoadedClass> initialised() {
        return initialised;
    }

    /** The variables of objects of which some field was written without an instruction that names it. */
    public Collection<Integer> writtenByHandle() {
        return writtenByHandle;
    }

    /**
     * The calls by a receiver in a method whose receiver holds no object, though there are objects of its class: something that
     * is not followed must have taken them there.
     */
    public List<Node> callsWithoutTarget(MethodClone clone) {
        return clone.body().stream()
                .flatMap(body -> body.blocks().stream())
                .flatMap(block -> block.nodes().stream())
                .filter(node -> node.payload() instanceof Call call
                        && call.kind() == Call.Kind.VIRTUAL
                        && clone.declared(node).isEmpty()
                        && !Calls.isHandle(call.target())
                        && flow.objects(clone.variable(node.input(0))).size() == 0
                        && mayExist(call.target().owner()))
                .toList();
    }

    /** Whether there are objects of a type; those of the JDK may be made by code that is not followed. */
    private boolean mayExist(String type) {
        return !world.find(type).map(LoadedClass::isKernel).orElse(false)
                || objects.stream().anyMatch(object -> isSubtype(object.id(), type));
    }

    /** Whether an object is one of a lambda. */
    public boolean isLambda(HeapObject object) {
        return object.lambda.isPresent();
    }

    /** The descriptors of what a lambda captures. */
    public List<String> capturedTypes(HeapObject lambda) {
        return lambda.lambda.orElseThrow().captured().stream()
                .map(argument -> argument.value().kind().upperBound().descriptorString())
                .toList();
    }

    /** What could not be followed. */
    public List<Finding> findings() {
        return findings;
    }

    /** How many variables there are. */
    public int variables() {
        return flow.size();
    }

    // For those who build it.

    FlowGraph flow() {
        return flow;
    }

    JdkCosts costs() {
        return costs;
    }

    HeapObject object(int id) {
        return objects.get(id);
    }

    void noteWrittenByHandle(int variable) {
        writtenByHandle.add(variable);
    }

    void report(MethodClone clone, Node node, Finding.Kind kind, String what) {
        findings.add(new Finding(clone, node, kind, what));
    }

    /** The object that a node makes, one for each {@code label}. */
    HeapObject made(MethodClone maker, Node site, String type, String label) {
        HeapObject object = objectsBySite.computeIfAbsent(
                new ObjectKey(maker, site, label + type), key -> newObject(type, Optional.of(maker), site, label));
        maker.addMade(site, object);
        return object;
    }

    /** The object of a type that is there from the start under a name. */
    HeapObject present(String type, String label) {
        return objectsBySite.computeIfAbsent(
                new ObjectKey("", type, label), key -> newObject(type, Optional.empty(), null, label));
    }

    private HeapObject newObject(String type, Optional<MethodClone> maker, Node site, String label) {
        HeapObject object = new HeapObject(objects.size(), type, maker, site, label);
        objects.add(object);
        return object;
    }

    int staticField(String key) {
        return statics.computeIfAbsent(key, k -> flow.variable());
    }

    /** Where a rule of the table saves objects. */
    int saved(String name) {
        return saved.computeIfAbsent(name, n -> flow.variable());
    }

    /** The variable of an object's field; a field of an array is its elements. */
    int field(HeapObject object, String name) {
        String field = Types.isArray(object.type()) ? ELEMENTS : name;
        Integer known = object.fields.get(field);
        if (known != null) {
            return known;
        }
        int variable = flow.variable();
        object.fields.put(field, variable);
        if (!field.equals(ANY_WRITTEN) && !field.equals(ANY_READ) && !Types.isArray(object.type())) {
            flow.edge(field(object, ANY_WRITTEN), variable);
            flow.edge(variable, field(object, ANY_READ));
        }
        return variable;
    }

    int anyFieldWritten(HeapObject object) {
        return field(object, ANY_WRITTEN);
    }

    int anyFieldRead(HeapObject object) {
        return field(object, ANY_READ);
    }

    boolean isSubtype(int object, String type) {
        HeapObject held = objects.get(object);
        if (Types.isArray(type) && Types.isArray(held.type())) {
            return true; // what Arrays.copyOf and its like make has the type of a Class object that is not followed
        }
        return Types.isSubtype(world, held.type(), type)
                || held.lambda.isPresent()
                        && world.find(type).map(LoadedClass::isInterface).orElse(false);
    }

    /** Has a class's static initialiser run. */
    void initialise(LoadedClass type) {
        if (initialised.add(type)) {
            type.superclass().filter(LoadedClass::isKernel).ifPresent(this::initialise);
            if (costs.of(new biscotti.tools.bounds.code.MemberRef(type.name(), "<clinit>", "()V"))
                    .isEmpty()) {
                type.declared("<clinit>()V").ifPresent(this::enter);
            }
        }
    }

    /** Stands for whoever starts threads: what those run is reached, but called by nobody. */
    MethodClone starter() {
        return starter;
    }

    private MethodClone enter(Method method) {
        return clone(method, "", 0);
    }

    /** The clone of a method that a call from {@code caller} runs. */
    MethodClone target(MethodClone caller, Node node, Method method, Optional<HeapObject> receiver) {
        LoadedClass owner = method.owner();
        if (isCollection(owner)) {
            if (receiver.isPresent() && receiver.get().depth() < MAX_DEPTH) {
                return clone(method, receiver.get(), receiver.get().depth() + 1);
            }
            if (receiver.isEmpty() && !isCollection(caller.method().owner())) {
                return clone(method, new MethodClone.Place(caller, node), caller.depth() + 1);
            }
            return clone(method, caller.context(), caller.depth());
        }
        if (owner.isKernel()) {
            return clone(method, "", 0);
        }
        return caller.method().owner().isKernel()
                ? clone(method, new MethodClone.Place(caller, node), caller.depth())
                : clone(method, caller.context(), caller.depth());
    }

    /** Whether a class's methods are cloned for each of its objects. */
    static boolean isCollection(LoadedClass type) {
        return type.packageName().equals(COLLECTIONS) || type.isKernel() && type.isAnnotated(TOLD_APART);
    }

    private MethodClone clone(Method method, Object context, int depth) {
        return clones.computeIfAbsent(new CloneKey(method, context), key -> {
            int nodes = method.body().map(body -> body.nodeCount()).orElse(0);
            int first = flow.size();
            for (int i = 0; i <= nodes; i++) {
                flow.variable();
            }
            MethodClone clone = new MethodClone(method, context, depth, first, first + nodes);
            unread.add(clone);
            return clone;
        });
    }
}
