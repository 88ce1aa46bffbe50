package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Types;
import java.util.List;
import java.util.Optional;

/** Calls of methods of which the table of JDK costs says what they do. */
final class DeclaredCalls {
    private static final MemberRef RUN = new MemberRef("java/lang/Runnable", "run", "()V");

    private final CallGraph graph;
    private final FlowGraph flow;
    private final Calls calls;

    DeclaredCalls(CallGraph graph, Calls calls) {
        this.graph = graph;
        this.flow = graph.flow();
        this.calls = calls;
    }

    void apply(
            Calls.Site site, Rule rule, List<Optional<MethodClone.Argument>> arguments, Optional<HeapObject> receiver) {
        site.caller().addDeclared(site.node(), rule);
        result(site, rule, arguments, receiver);
        if (rule.starts().isPresent()) {
            forEachOf(arguments, receiver, rule.starts().getAsInt(), object -> start(object));
        }
        if (rule.saved().isPresent()) {
            int saved = graph.saved(rule.saved().get().name());
            forEachOf(arguments, receiver, rule.saved().get().argument(), object -> flow.add(saved, object.id()));
        }
        rule.contents().ifPresent(bytes -> {
            HeapObject value = array(site, "[B", rule.method(), bytes);
            forEachOf(arguments, receiver, 0, string -> flow.add(graph.field(string, "value"), value.id()));
        });
        rule.moved()
                .ifPresent(moved -> forEachOf(
                        arguments,
                        receiver,
                        moved.from(),
                        from -> forEachOf(arguments, receiver, moved.to(), to -> move(from, to))));
        rule.callback()
                .ifPresent(callback -> flow.watch(graph.saved(callback.receivers()), object -> {
                    calls.dispatch(
                            new Calls.Site(site.caller(), site.node(), -1),
                            callback.method(),
                            List.of(Optional.empty(), Optional.empty()),
                            graph.object(object));
                    passToCallback(site, graph.object(object), callback);
                }));
    }

    private void move(HeapObject from, HeapObject to) {
        if (Types.isArray(from.type()) && Types.isArray(to.type())) {
            flow.edge(graph.field(from, CallGraph.ELEMENTS), graph.field(to, CallGraph.ELEMENTS));
        }
    }

    private void passToCallback(Calls.Site site, HeapObject receiver, Rule.Callback callback) {
        for (MethodClone.Target target : site.caller().calls(site.node())) {
            if (target.target().method().key().equals(callback.method().key())
                    && Types.isSubtype(
                            graph.world(),
                            receiver.type(),
                            target.target().method().owner().name())) {
                flow.add(
                        target.target()
                                .variable(target.target()
                                        .body()
                                        .orElseThrow()
                                        .parameters()
                                        .get(1)),
                        graph.present(callback.argument(), "given to callbacks").id());
            }
        }
    }

    private void forEachOf(
            List<Optional<MethodClone.Argument>> arguments,
            Optional<HeapObject> receiver,
            int index,
            java.util.function.Consumer<HeapObject> action) {
        if (index == 0 && receiver.isPresent()) {
            action.accept(receiver.get());
        } else {
            arguments
                    .get(index)
                    .ifPresent(argument ->
                            flow.watch(calls.variable(argument), object -> action.accept(graph.object(object))));
        }
    }

    /** Another thread will call its {@code run()}: that is reached, but is no part of what the caller does. */
    private void start(HeapObject runnable) {
        MethodClone starter = graph.starter();
        calls.dispatch(new Calls.Site(starter, null, -1), RUN, List.of(Optional.empty()), runnable);
    }

    private void result(
            Calls.Site site, Rule rule, List<Optional<MethodClone.Argument>> arguments, Optional<HeapObject> receiver) {
        int to = site.result();
        if (to < 0) {
            return;
        }
        switch (rule.returned()) {
            case Rule.Returned.Nothing nothing -> {}
            case Rule.Returned.SameAs same ->
                forEachOf(arguments, receiver, same.argument(), object -> flow.add(to, object.id()));
            case Rule.Returned.Present present ->
                flow.add(to, graph.present(present.type(), rule.method()).id());
            case Rule.Returned.New made ->
                flow.add(
                        to,
                        graph.made(site.caller(), site.node(), made.type(), rule.method())
                                .id());
            case Rule.Returned.NewArray array -> {
                HeapObject object = array(site, array.type(), rule.method(), array.length());
                flow.add(to, object.id());
                if (Types.isReference(Types.element(array.type()))) {
                    HeapObject element =
                            graph.present(Types.nameOf(Types.element(array.type())), "in " + rule.method());
                    flow.add(graph.field(object, CallGraph.ELEMENTS), element.id());
                }
            }
            case Rule.Returned.NewString string -> {
                HeapObject object = graph.made(site.caller(), site.node(), Types.STRING, rule.method());
                HeapObject value = array(site, "[B", rule.method(), string.bytes());
                flow.add(graph.field(object, "value"), value.id());
                flow.add(to, object.id());
            }
            case Rule.Returned.Copy copy ->
                forEachOf(arguments, receiver, copy.argument(), original -> {
                    if (Types.isArray(original.type())) {
                        HeapObject array = array(site, original.type(), rule.method(), copy.length());
                        flow.edge(graph.field(original, CallGraph.ELEMENTS), graph.field(array, CallGraph.ELEMENTS));
                        flow.add(to, array.id());
                    }
                });
        }
    }

    private HeapObject array(Calls.Site site, String type, String label, SizeExpression length) {
        HeapObject array = graph.made(site.caller(), site.node(), type, label);
        array.length = Optional.of(new ArrayLength.Declared(site.caller(), site.node(), length));
        return array;
    }
}
