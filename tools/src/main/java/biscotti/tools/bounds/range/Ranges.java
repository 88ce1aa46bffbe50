package biscotti.tools.bounds.range;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.LoadedField;
import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Relation;
import biscotti.tools.bounds.code.Types;
import biscotti.tools.bounds.flow.ArrayLength;
import biscotti.tools.bounds.flow.CallGraph;
import biscotti.tools.bounds.flow.HeapObject;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.flow.SizeExpression;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Between which limits each number of the program is: every value of every method, every field of every kind of object, every
 * array's length. Found by letting intervals grow along the program's equations until they hold, those that grow and grow to
 * all of their type at once, and then taking back what the tests in the code do not allow.
 */
public final class Ranges {
    private final CallGraph graph;
    private final Equations equations = new Equations();
    private final Map<String, Integer> fields = new HashMap<>();
    private final Map<HeapObject, Integer> lengths = new HashMap<>();

    private Ranges(CallGraph graph) {
        this.graph = graph;
        equations.reserve(graph.variables());
    }

    /** Finds the ranges of all numbers in {@code graph}. */
    public static Ranges of(CallGraph graph) {
        Ranges ranges = new Ranges(graph);
        for (MethodClone clone : graph.clones()) {
            clone.body().ifPresent(body -> {
                for (Block block : body.blocks()) {
                    block.nodes().forEach(node -> ranges.read(clone, node));
                }
            });
        }
        graph.writtenByHandle().forEach(ranges::forgetFields);
        graph.objects().stream().filter(object -> Types.isArray(object.type())).forEach(ranges::lengthVariable);
        ranges.equations.solve();
        return ranges;
    }

    /** The range of a number in a method. */
    public Interval of(MethodClone clone, Node node) {
        return equations.value(clone.variable(node));
    }

    /** Whether two numbers of a method may stand in a relation. */
    public boolean mayHold(MethodClone clone, Node left, Relation relation, Node right) {
        Interval a = of(clone, left);
        Interval b = of(clone, right);
        return a.isEmpty() || b.isEmpty() || !a.where(relation, b).isEmpty();
    }

    /** The greatest length of an array. */
    public long length(HeapObject array) {
        Interval range = equations.value(lengths.get(array));
        return range.isEmpty() ? 0 : range.high() >= Integer.MAX_VALUE ? Amount.UNBOUNDED : range.high();
    }

    /** The greatest length in bytes of the strings, or length of the arrays, that a variable holds. */
    public long longest(int variable) {
        long longest = 0;
        for (HeapObject object : graph.holds(variable)) {
            for (HeapObject array : arraysOf(object)) {
                longest = Math.max(longest, length(array));
            }
        }
        return longest;
    }

    private List<HeapObject> arraysOf(HeapObject object) {
        if (object.length().isPresent()) {
            return List.of(object);
        }
        List<HeapObject> arrays = new ArrayList<>();
        Integer value = object.fields().get("value"); // of a string
        if (value != null) {
            graph.holds(value).stream()
                    .filter(array -> array.length().isPresent())
                    .forEach(arrays::add);
        }
        return arrays;
    }

    // The equations of the code.

    private void read(MethodClone clone, Node node) {
        switch (node.op()) {
            case PUT_FIELD -> putField(clone, node);
            case PUT_STATIC -> {
                MemberRef field = (MemberRef) node.payload();
                if (node.input(0).isInteger()) {
                    equations.copy(clone.variable(node.input(0)), staticField(field));
                }
            }
            case RETURN -> {
                if (!node.inputs().isEmpty() && node.input(0).isInteger()) {
                    equations.copy(clone.variable(node.input(0)), clone.result());
                }
            }
            default -> {
                if (node.isInteger()) {
                    value(clone, node);
                }
            }
        }
    }

    private void value(MethodClone clone, Node node) {
        int target = clone.variable(node);
        equations.declare(target, Interval.all(node.kind()));
        switch (node.op()) {
            case CONSTANT -> equations.constant(target, Interval.of((Long) node.payload()));
            case PARAMETER -> parameter(clone, node, target);
            case PHI -> node.inputs().forEach(input -> equations.copy(clone.variable(input), target));
            case PI -> {
                int value = clone.variable(node.input(0));
                int other = clone.variable(node.input(1));
                Relation relation = (Relation) node.payload();
                equations.add(
                        target, () -> equations.value(value).where(relation, equations.value(other)), value, other);
            }
            case ADD, SUB, MUL, DIV, REM, AND, OR, XOR, SHL, SHR, USHR, COMPARE -> {
                int a = clone.variable(node.input(0));
                int b = clone.variable(node.input(1));
                equations.add(
                        target,
                        () -> Interval.of(node.op(), node.kind(), equations.value(a), equations.value(b)),
                        a,
                        b);
            }
            case NEG -> {
                int a = clone.variable(node.input(0));
                equations.add(target, () -> equations.value(a).negated(node.kind()), a);
            }
            case CONVERT -> {
                TypeKind to = (TypeKind) node.payload();
                int a = clone.variable(node.input(0));
                if (node.input(0).isInteger()) {
                    equations.add(target, () -> equations.value(a).converted(to), a);
                } else {
                    equations.constant(target, Interval.all(to));
                }
            }
            case LENGTH ->
                graph.forEachHeld(
                        clone.variable(node.input(0)),
                        object -> equations.copy(lengthVariable(graph.objects().get(object)), target));
            case ARRAY_LOAD -> equations.constant(target, Interval.all((TypeKind) node.payload()));
            case GET_FIELD -> getField(clone, node, target);
            case GET_STATIC -> getStatic(node, target);
            case INVOKE -> result(clone, node, target);
            default -> equations.constant(target, Interval.all(node.kind()));
        }
    }

    private void parameter(MethodClone clone, Node node, int target) {
        int index = (Integer) node.payload();
        if (clone.callers().isEmpty()) {
            equations.constant(target, Interval.all(node.kind()));
        }
        for (MethodClone.Target call : clone.callers()) {
            Optional<MethodClone.Argument> argument =
                    index < call.arguments().size() ? call.arguments().get(index) : Optional.empty();
            if (argument.isPresent() && argument.get().value().isInteger()) {
                equations.copy(argument.get().where().variable(argument.get().value()), target);
            } else {
                equations.constant(target, Interval.all(node.kind()));
            }
        }
    }

    private void result(MethodClone clone, Node node, int target) {
        if (!clone.declared(node).isEmpty() || clone.calls(node).isEmpty()) {
            equations.constant(target, Interval.all(node.kind()));
        }
        for (MethodClone.Target call : clone.calls(node)) {
            TypeKind returned =
                    TypeKind.from(call.target().method().type().returnType()).asLoadable();
            if (returned == node.kind()) {
                equations.copy(call.target().result(), target);
            } else {
                equations.constant(target, Interval.all(node.kind()));
            }
        }
    }

    private void putField(MethodClone clone, Node node) {
        MemberRef field = (MemberRef) node.payload();
        if (node.input(1).isInteger()) {
            int from = clone.variable(node.input(1));
            graph.forEachHeld(
                    clone.variable(node.input(0)),
                    object -> equations.copy(from, field(graph.objects().get(object), field)));
        }
    }

    private void getField(MethodClone clone, Node node, int target) {
        MemberRef field = (MemberRef) node.payload();
        graph.forEachHeld(clone.variable(node.input(0)), object -> {
            HeapObject holder = graph.objects().get(object);
            if (holder.maker().isEmpty() && holder.text().isEmpty()) {
                equations.constant(target, all(field)); // made by code that is not followed
            } else {
                equations.copy(field(holder, field), target);
            }
        });
    }

    private void getStatic(Node node, int target) {
        MemberRef field = (MemberRef) node.payload();
        boolean followed = graph.world()
                .field(field)
                .map(LoadedField::owner)
                .map(LoadedClass::isKernel)
                .orElse(false);
        if (followed) {
            equations.copy(staticField(field), target);
        } else {
            equations.constant(target, Interval.all(node.kind()));
        }
    }

    private static Interval all(MemberRef field) {
        return Interval.all(TypeKind.fromDescriptor(field.descriptor()));
    }

    private int field(HeapObject object, MemberRef field) {
        return fields.computeIfAbsent(object.id() + "." + field.name(), key -> zeroed(field));
    }

    private int staticField(MemberRef field) {
        String key = graph.world().field(field).map(LoadedField::key).orElse(field.toString());
        return fields.computeIfAbsent(key, k -> zeroed(field));
    }

    private int zeroed(MemberRef field) {
        int variable = equations.variable(all(field));
        equations.constant(variable, Interval.of(0));
        return variable;
    }

    /** Something wrote to a field of these objects without saying which. */
    private void forgetFields(int variable) {
        for (HeapObject object : graph.holds(variable)) {
            graph.world().find(object.type()).ifPresent(type -> {
                for (Optional<LoadedClass> at = Optional.of(type);
                        at.isPresent();
                        at = at.get().superclass()) {
                    for (LoadedField field : at.get().fields()) {
                        TypeKind kind = TypeKind.fromDescriptor(field.descriptor());
                        if (kind != TypeKind.REFERENCE && !field.isFinal()) {
                            Integer known = fields.get(object.id() + "." + field.name());
                            if (known != null) {
                                equations.constant(known, Interval.all(kind));
                            }
                        }
                    }
                }
            });
        }
    }

    // Lengths.

    private int lengthVariable(HeapObject array) {
        Integer known = lengths.get(array);
        if (known != null) {
            return known;
        }
        int variable = equations.variable(Interval.INTS);
        lengths.put(array, variable);
        switch (array.length().orElse(new ArrayLength.Fixed(Integer.MAX_VALUE))) {
            case ArrayLength.Fixed fixed -> equations.constant(variable, Interval.of(fixed.value()));
            case ArrayLength.Of of -> {
                int from = of.where().variable(of.value());
                if (of.value().isInteger()) {
                    equations.add(variable, () -> equations.value(from).where(Relation.GE, Interval.of(0)), from);
                } else {
                    equations.constant(variable, Interval.INTS);
                }
            }
            case ArrayLength.SameAs same ->
                graph.holds(same.variable()).forEach(original -> equations.copy(lengthVariable(original), variable));
            case ArrayLength.Concatenation joined -> concatenation(joined, variable);
            case ArrayLength.Declared declared -> declared(declared, variable);
        }
        return variable;
    }

    private void concatenation(ArrayLength.Concatenation joined, int variable) {
        List<Integer> parts = new ArrayList<>();
        for (int strings : joined.strings()) {
            parts.add(longestOf(strings));
        }
        equations.add(
                variable,
                () -> {
                    long characters = joined.characters();
                    for (int part : parts) {
                        long length = Math.max(4, equations.value(part).high()); // "null"
                        characters = Math.min(Integer.MAX_VALUE, characters + length);
                    }
                    return new Interval(0, Math.min(Integer.MAX_VALUE, 2 * characters));
                },
                parts.stream().mapToInt(Integer::intValue).toArray());
    }

    /** A variable for the greatest length of what a variable of the graph holds. */
    private int longestOf(int held) {
        int longest = equations.variable(Interval.INTS);
        for (HeapObject object : graph.holds(held)) {
            List<HeapObject> arrays = arraysOf(object);
            arrays.forEach(array -> equations.copy(lengthVariable(array), longest));
            if (arrays.isEmpty() && object.maker().isEmpty()) {
                equations.constant(longest, Interval.of(Integer.MAX_VALUE)); // a string of unknown length
            }
        }
        return longest;
    }

    private void declared(ArrayLength.Declared declared, int variable) {
        Map<SizeExpression.Unit, Integer> inputs = new HashMap<>();
        for (SizeExpression.Unit unit : declared.expression().units()) {
            switch (unit) {
                case SizeExpression.LengthOf length ->
                    inputs.put(
                            length,
                            longestOf(declared.where().variable(declared.call().input(length.argument()))));
                case SizeExpression.ValueOf value ->
                    inputs.put(value, declared.where().variable(declared.call().input(value.argument())));
                default -> {}
            }
        }
        ToLongFunction<SizeExpression.Unit> units = unit -> inputs.containsKey(unit)
                ? Math.max(0, equations.value(inputs.get(unit)).high())
                : 1;
        equations.add(
                variable,
                () -> new Interval(
                        0, Math.min(Integer.MAX_VALUE, declared.expression().evaluate(units))),
                inputs.values().stream().mapToInt(Integer::intValue).toArray());
    }
}
