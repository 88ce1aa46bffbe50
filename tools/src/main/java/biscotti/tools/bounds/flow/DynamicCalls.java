package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.DynamicCall;
import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Types;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The call sites that javac links through bootstrap methods: lambdas, concatenations, switches, records' methods. */
final class DynamicCalls {
    private static final MemberRef TO_STRING = new MemberRef(Types.OBJECT, "toString", "()Ljava/lang/String;");

    private final CallGraph graph;
    private final FlowGraph flow;
    private final Calls calls;

    DynamicCalls(CallGraph graph, Calls calls) {
        this.graph = graph;
        this.flow = graph.flow();
        this.calls = calls;
    }

    void link(MethodClone clone, Node node, DynamicCall call) {
        switch (call.linker()) {
            case "LambdaMetafactory.metafactory", "LambdaMetafactory.altMetafactory" -> lambda(clone, node, call);
            case "StringConcatFactory.makeConcatWithConstants" -> concatenation(clone, node, call);
            // The index of the first case that matches; what compares lives in the call site since it was linked.
            case "SwitchBootstraps.typeSwitch", "SwitchBootstraps.enumSwitch" -> {}
            case "ObjectMethods.bootstrap" -> objectMethod(clone, node, call);
            default ->
                graph.report(
                        clone,
                        node,
                        Finding.Kind.UNRESOLVED,
                        "a call site linked by " + call.linker() + " is not followed");
        }
    }

    private void lambda(MethodClone clone, Node node, DynamicCall call) {
        String type = Types.nameOf(call.type().returnType().descriptorString());
        List<MethodClone.Argument> captured = new ArrayList<>();
        node.inputs().forEach(input -> captured.add(new MethodClone.Argument(clone, input)));
        // Without captured arguments, one object is made when the call site is linked.
        HeapObject object = captured.isEmpty()
                ? graph.present(
                        type,
                        "lambda " + clone.method().owner() + "."
                                + clone.method().key() + node.id())
                : graph.made(clone, node, type, "lambda");
        object.lambda = Optional.of(new Lambda(
                call.name(), (DirectMethodHandleDesc) call.arguments().get(1), captured, (MethodTypeDesc)
                        call.arguments().get(2)));
        flow.add(clone.variable(node), object.id());
    }

    private void concatenation(MethodClone clone, Node node, DynamicCall call) {
        String recipe = (String) call.arguments().getFirst();
        long characters = recipe.chars().filter(c -> c > 2).count();
        List<Integer> strings = new ArrayList<>();
        for (ConstantDesc constant :
                call.arguments().subList(1, call.arguments().size())) {
            characters += constant.toString().length();
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            ClassDesc type = call.type().parameterType(i);
            if (type.isPrimitive()) {
                characters += printed(type);
            } else {
                strings.add(asString(clone, node, node.input(i)));
            }
        }
        HeapObject string = graph.made(clone, node, Types.STRING, "concatenation");
        HeapObject value = graph.made(clone, node, "[B", "concatenation");
        value.length = Optional.of(new ArrayLength.Concatenation(characters, strings));
        flow.add(graph.field(string, "value"), value.id());
        flow.add(clone.variable(node), string.id());
    }

    /** The greatest number of characters that a number is printed with. */
    private static long printed(ClassDesc type) {
        return switch (type.descriptorString()) {
            case "Z" -> 5;
            case "C" -> 1;
            case "J" -> 20;
            case "F", "D" -> 26;
            default -> 11;
        };
    }

    /** The variable of the strings that an argument is turned into. */
    private int asString(MethodClone clone, Node node, Node argument) {
        int strings = flow.variable();
        flow.watch(clone.variable(argument), id -> {
            HeapObject object = graph.object(id);
            if (object.type().equals(Types.STRING)) {
                flow.add(strings, id);
            } else {
                Calls.Site site = new Calls.Site(clone, node, strings);
                calls.dispatch(
                        site, TO_STRING, List.of(Optional.of(new MethodClone.Argument(clone, argument))), object);
            }
        });
        return strings;
    }

    /** A record's equals, hashCode or toString: calls the same of its components. */
    private void objectMethod(MethodClone clone, Node node, DynamicCall call) {
        String names = (String) call.arguments().get(1);
        long characters = 2 + names.length();
        List<Integer> strings = new ArrayList<>();
        for (ConstantDesc getter : call.arguments().subList(2, call.arguments().size())) {
            DirectMethodHandleDesc field = (DirectMethodHandleDesc) getter;
            ClassDesc type = MethodTypeDesc.ofDescriptor(field.invocationType().descriptorString())
                    .returnType();
            if (type.isPrimitive()) {
                characters += 1 + printed(type);
            } else {
                characters++;
                strings.add(component(clone, node, field.methodName(), call.name()));
            }
        }
        if (call.name().equals("toString")) {
            HeapObject string = graph.made(clone, node, Types.STRING, "of a record");
            HeapObject value = graph.made(clone, node, "[B", "of a record");
            value.length = Optional.of(new ArrayLength.Concatenation(characters, strings));
            flow.add(graph.field(string, "value"), value.id());
            flow.add(clone.variable(node), string.id());
        }
    }

    private int component(MethodClone clone, Node node, String field, String method) {
        int strings = flow.variable();
        MethodClone.Argument self = new MethodClone.Argument(clone, node.input(0));
        MemberRef called = switch (method) {
            case "toString" -> TO_STRING;
            case "hashCode" -> new MemberRef(Types.OBJECT, "hashCode", "()I");
            default -> new MemberRef(Types.OBJECT, "equals", "(Ljava/lang/Object;)Z");
        };
        flow.watch(
                calls.variable(self),
                id -> flow.watch(graph.field(graph.object(id), field), part -> {
                    HeapObject object = graph.object(part);
                    if (object.type().equals(Types.STRING)) {
                        flow.add(strings, part);
                    } else {
                        Calls.Site site = new Calls.Site(clone, node, method.equals("toString") ? strings : -1);
                        calls.dispatch(site, called, List.of(Optional.empty(), Optional.empty()), object);
                    }
                }));
        return strings;
    }
}
