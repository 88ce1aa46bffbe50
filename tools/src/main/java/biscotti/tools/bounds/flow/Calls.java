package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Call;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Method;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Types;
import java.lang.classfile.TypeKind;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what calls run, and has arguments and results flow between caller and callee. */
final class Calls {
    private static final Set<String> MEMORY_ACCESS = Set.of("java/lang/invoke/VarHandle", "jdk/internal/misc/Unsafe");

    private static final String METHOD_HANDLE = "java/lang/invoke/MethodHandle";

    /** Who calls: a node of a clone, and where the result goes; -1 for nowhere. */
    record Site(MethodClone caller, Node node, int result) {}

    private final CallGraph graph;
    private final FlowGraph flow;
    private final DeclaredCalls declared;
    private final Set<String> unlisted = new HashSet<>();

    Calls(CallGraph graph) {
        this.graph = graph;
        this.flow = graph.flow();
        this.declared = new DeclaredCalls(graph, this);
    }

    /** A call instruction. */
    void invoke(MethodClone caller, Node node, Call call) {
        Site site = new Site(caller, node, node.isReference() ? caller.variable(node) : -1);
        List<Optional<MethodClone.Argument>> arguments = new ArrayList<>();
        node.inputs().forEach(input -> arguments.add(Optional.of(new MethodClone.Argument(caller, input))));
        MemberRef target = call.target();
        if (isHandle(target)) {
            invokeByHandle(site, target, arguments);
            return;
        }
        switch (call.kind()) {
            case STATIC, SPECIAL -> exactly(site, target, arguments, call.kind() == Call.Kind.STATIC);
            case VIRTUAL -> virtually(site, target, arguments);
        }
    }

    /** Whether a method is one of those that run what their receiver says, or access memory. */
    static boolean isHandle(MemberRef target) {
        return target.owner().equals(METHOD_HANDLE) || MEMORY_ACCESS.contains(target.owner());
    }

    private void invokeByHandle(Site site, MemberRef target, List<Optional<MethodClone.Argument>> arguments) {
        Optional<Rule> rule = graph.costs().of(target);
        if (MEMORY_ACCESS.contains(target.owner())) {
            accessMemory(site, arguments);
        } else if (rule.isPresent()) {
            declared.apply(site, rule.get(), arguments, Optional.empty());
        } else {
            report(
                    site,
                    Finding.Kind.UNLISTED,
                    target + target.descriptor() + " runs what no table says: list it in jdk-costs");
        }
    }

    /** A read or write of a field or element that is named by no instruction; it allocates nothing. */
    private void accessMemory(Site site, List<Optional<MethodClone.Argument>> arguments) {
        List<MethodClone.Argument> references = arguments.stream()
                .skip(1)
                .flatMap(Optional::stream)
                .filter(argument -> argument.value().isReference())
                .toList();
        if (references.isEmpty()) {
            return;
        }
        int base = variable(references.getFirst());
        graph.noteWrittenByHandle(base);
        if (site.result() >= 0) {
            flow.watch(base, object -> flow.edge(graph.anyFieldRead(graph.object(object)), site.result()));
        }
        for (MethodClone.Argument value : references.subList(1, references.size())) {
            flow.watch(base, object -> flow.edge(variable(value), graph.anyFieldWritten(graph.object(object))));
        }
    }

    /** Calls the very method that is named. */
    void exactly(Site site, MemberRef target, List<Optional<MethodClone.Argument>> arguments, boolean isStatic) {
        Optional<Method> method = graph.world().find(target.owner()).flatMap(owner -> owner.find(target.key()));
        if (method.isEmpty()) {
            report(site, Finding.Kind.UNRESOLVED, target + " is missing");
        } else if (isStatic) {
            run(site, method.get(), arguments, Optional.empty());
        } else if (CallGraph.isCollection(method.get().owner())) {
            flow.watch(
                    variable(arguments.getFirst().orElseThrow()),
                    object -> run(site, method.get(), arguments, Optional.of(graph.object(object))));
        } else {
            run(site, method.get(), arguments, Optional.empty());
        }
    }

    /** Calls what each receiver's class has. */
    void virtually(Site site, MemberRef target, List<Optional<MethodClone.Argument>> arguments) {
        flow.watch(
                variable(arguments.getFirst().orElseThrow()),
                object -> dispatch(site, target, arguments, graph.object(object)));
    }

    /** Calls what one receiver's class has. */
    void dispatch(Site site, MemberRef target, List<Optional<MethodClone.Argument>> arguments, HeapObject receiver) {
        if (receiver.lambda.isPresent() && receiver.lambda.get().name().equals(target.name())) {
            runLambda(site, receiver.lambda.get(), arguments);
            return;
        }
        if (Types.isArray(receiver.type()) && target.name().equals("clone")) {
            copyArray(site, receiver);
            return;
        }
        String type = Types.isArray(receiver.type()) ? Types.OBJECT : receiver.type();
        LoadedClass owner = graph.world().get(type);
        if (!owner.isSubtypeOf(Types.isArray(target.owner()) ? Types.OBJECT : target.owner())) {
            return; // filtered by a cast that the code does not have; cannot happen in verified code
        }
        Optional<Method> method = owner.find(target.key());
        if (method.isEmpty()) {
            report(site, Finding.Kind.UNRESOLVED, target + " is missing in " + owner);
        } else {
            run(site, method.get(), arguments, Optional.of(receiver));
        }
    }

    private void copyArray(Site site, HeapObject original) {
        HeapObject copy = graph.made(site.caller(), site.node(), original.type(), "clone");
        copy.length = Optional.of(
                new ArrayLength.SameAs(site.caller().variable(site.node().input(0))));
        flow.edge(graph.field(original, CallGraph.ELEMENTS), graph.field(copy, CallGraph.ELEMENTS));
        flow.add(site.result(), copy.id());
    }

    /** Runs a method; with {@code receiver}, for that object only. */
    private void run(
            Site site, Method method, List<Optional<MethodClone.Argument>> arguments, Optional<HeapObject> receiver) {
        Optional<Rule> rule = graph.costs().of(method);
        if (rule.isPresent()) {
            declared.apply(site, rule.get(), arguments, receiver);
            return;
        }
        if (method.isNative() || method.isAbstract()) {
            if (unlisted.add(method.owner() + method.key() + site.caller().method())) {
                report(
                        site,
                        Finding.Kind.UNLISTED,
                        (method.isNative() ? "native " : "abstract ")
                                + method.owner().name().replace('/', '.') + "." + method.key()
                                + " has no cost: list it in jdk-costs, or do not call it");
            }
            return;
        }
        MethodClone target = graph.target(site.caller(), site.node(), method, receiver);
        if (site.caller().addCall(site.node(), new MethodClone.Target(target, arguments))) {
            bind(site, target, arguments, receiver.isPresent());
        }
        receiver.ifPresent(object -> flow.add(
                target.variable(target.body().orElseThrow().parameters().getFirst()), object.id()));
    }

    private void bind(
            Site site, MethodClone target, List<Optional<MethodClone.Argument>> arguments, boolean withoutReceiver) {
        List<Node> parameters = target.body().orElseThrow().parameters();
        for (int i = withoutReceiver ? 1 : 0; i < parameters.size(); i++) {
            Node parameter = parameters.get(i);
            if (parameter.isReference()
                    && i < arguments.size()
                    && arguments.get(i).isPresent()) {
                pass(site, arguments.get(i).get(), target.variable(parameter));
            }
        }
        if (site.result() >= 0) {
            if (target.method().type().returnType().isPrimitive()) {
                box(site, TypeKind.from(target.method().type().returnType()), site.result());
            } else {
                flow.edge(target.result(), site.result());
            }
        }
    }

    private void pass(Site site, MethodClone.Argument argument, int parameter) {
        if (argument.value().isReference()) {
            flow.edge(variable(argument), parameter);
        } else {
            box(site, argument.value().kind(), parameter);
        }
    }

    /** A number becomes an object on its way into or out of a lambda. */
    private void box(Site site, TypeKind kind, int to) {
        String type = switch (kind) {
            case LONG -> "java/lang/Long";
            case DOUBLE -> "java/lang/Double";
            case FLOAT -> "java/lang/Float";
            case BOOLEAN -> "java/lang/Boolean";
            default -> "java/lang/Integer";
        };
        if (kind != TypeKind.VOID) {
            flow.add(to, graph.made(site.caller(), site.node(), type, "boxed").id());
        }
    }

    /** Runs a lambda: its captured arguments come before those of the call, whose first is the lambda itself. */
    private void runLambda(Site site, Lambda lambda, List<Optional<MethodClone.Argument>> arguments) {
        DirectMethodHandleDesc handle = lambda.implementation();
        MemberRef target = new MemberRef(
                Types.nameOf(handle.owner().descriptorString()), handle.methodName(), handle.lookupDescriptor());
        List<Optional<MethodClone.Argument>> all = new ArrayList<>();
        lambda.captured().forEach(argument -> all.add(Optional.of(argument)));
        all.addAll(arguments.subList(1, arguments.size()));
        switch (handle.kind()) {
            case STATIC, INTERFACE_STATIC -> exactly(site, target, all, true);
            case SPECIAL, INTERFACE_SPECIAL -> exactly(site, target, all, false);
            case VIRTUAL, INTERFACE_VIRTUAL -> virtually(site, target, all);
            case CONSTRUCTOR -> construct(site, handle, target, all);
            default -> report(site, Finding.Kind.UNRESOLVED, "a reference to " + target + " is not followed");
        }
    }

    private void construct(
            Site site, DirectMethodHandleDesc handle, MemberRef named, List<Optional<MethodClone.Argument>> arguments) {
        if (Types.isArray(named.owner())) {
            HeapObject array = graph.made(site.caller(), site.node(), named.owner(), "constructor reference");
            arguments
                    .getFirst()
                    .ifPresent(
                            length -> array.length = Optional.of(new ArrayLength.Of(length.where(), length.value())));
            flow.add(site.result(), array.id());
            return;
        }
        HeapObject object = graph.made(site.caller(), site.node(), named.owner(), "constructor reference");
        if (site.result() >= 0) {
            flow.add(site.result(), object.id());
        }
        List<Optional<MethodClone.Argument>> all = new ArrayList<>();
        all.add(Optional.empty());
        all.addAll(arguments);
        String descriptor = handle.invocationType()
                .changeReturnType(java.lang.constant.ConstantDescs.CD_void)
                .descriptorString();
        Method constructor =
                graph.world().get(named.owner()).declared("<init>" + descriptor).orElseThrow();
        run(new Site(site.caller(), site.node(), -1), constructor, all, Optional.of(object));
    }

    int variable(MethodClone.Argument argument) {
        return argument.where().variable(argument.value());
    }

    private void report(Site site, Finding.Kind kind, String what) {
        graph.report(site.caller(), site.node(), kind, what);
    }
}
