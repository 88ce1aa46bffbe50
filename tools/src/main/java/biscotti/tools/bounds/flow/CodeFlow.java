package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Block;
import biscotti.tools.bounds.code.Body;
import biscotti.tools.bounds.code.Call;
import biscotti.tools.bounds.code.DynamicCall;
import biscotti.tools.bounds.code.Literal;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.LoadedField;
import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Types;
import java.util.Optional;

/** Says of each instruction where objects go by it. */
final class CodeFlow {
    private final CallGraph graph;
    private final FlowGraph flow;
    private final Calls calls;
    private final DynamicCalls dynamicCalls;

    CodeFlow(CallGraph graph) {
        this.graph = graph;
        this.flow = graph.flow();
        this.calls = new Calls(graph);
        this.dynamicCalls = new DynamicCalls(graph, calls);
    }

    void read(MethodClone clone, Body body) {
        for (Block block : body.blocks()) {
            for (Node node : block.nodes()) {
                read(clone, node);
            }
        }
    }

    private void read(MethodClone clone, Node node) {
        switch (node.op()) {
            case LITERAL ->
                flow.add(clone.variable(node), literal((Literal) node.payload()).id());
            case CAUGHT -> filtered(graph.thrown(), clone.variable(node), (String) node.payload());
            case PHI, PI -> phi(clone, node);
            case NEW -> {
                String type = (String) node.payload();
                initialiseKernel(type);
                flow.add(clone.variable(node), graph.made(clone, node, type, "").id());
            }
            case NEW_ARRAY -> newArray(clone, node);
            case ARRAY_LOAD -> load(clone, node, CallGraph.ELEMENTS);
            case ARRAY_STORE -> store(clone, node.input(0), CallGraph.ELEMENTS, node.input(2));
            case GET_FIELD -> load(clone, node, ((MemberRef) node.payload()).name());
            case PUT_FIELD -> store(clone, node.input(0), ((MemberRef) node.payload()).name(), node.input(1));
            case GET_STATIC -> getStatic(clone, node);
            case PUT_STATIC -> putStatic(clone, node);
            case CAST -> filtered(clone.variable(node.input(0)), clone.variable(node), (String) node.payload());
            case THROW -> flow.edge(clone.variable(node.input(0)), graph.thrown());
            case RETURN -> {
                if (!node.inputs().isEmpty() && node.input(0).isReference()) {
                    flow.edge(clone.variable(node.input(0)), clone.result());
                }
            }
            case INVOKE -> {
                Call call = (Call) node.payload();
                if (call.kind() == Call.Kind.STATIC) {
                    initialiseKernel(call.target().owner());
                }
                calls.invoke(clone, node, call);
            }
            case INVOKE_DYNAMIC -> dynamicCalls.link(clone, node, (DynamicCall) node.payload());
            default -> {} // parameters are bound by calls; numbers hold no objects
        }
    }

    private HeapObject literal(Literal literal) {
        return literal.type().equals(Types.STRING)
                ? constantString(literal.text())
                : graph.present(literal.type(), literal.text());
    }

    private HeapObject constantString(String text) {
        HeapObject string = graph.present(Types.STRING, '"' + text + '"');
        if (string.text.isEmpty()) {
            string.text = Optional.of(text);
            HeapObject value = graph.present("[B", "of " + string.describe());
            boolean latin1 = text.chars().allMatch(c -> c < 256);
            value.length = Optional.of(new ArrayLength.Fixed(latin1 ? text.length() : 2L * text.length()));
            flow.add(graph.field(string, "value"), value.id());
        }
        return string;
    }

    private void phi(MethodClone clone, Node node) {
        if (node.isReference()) {
            for (Node input : node.op() == biscotti.tools.bounds.code.Op.PI
                    ? node.inputs().subList(0, 1)
                    : node.inputs()) {
                if (input.isReference()) {
                    flow.edge(clone.variable(input), clone.variable(node));
                }
            }
        }
    }

    private void filtered(int from, int to, String type) {
        if (type.equals(Types.OBJECT)) {
            flow.edge(from, to);
        } else {
            flow.edge(from, to, object -> graph.isSubtype(object, type));
        }
    }

    private void newArray(MethodClone clone, Node node) {
        String type = (String) node.payload();
        HeapObject outer = null;
        for (int dimension = 0; dimension < node.inputs().size(); dimension++) {
            HeapObject array = graph.made(clone, node, type, dimension == 0 ? "" : "dimension " + dimension);
            array.length = Optional.of(new ArrayLength.Of(clone, node.input(dimension)));
            if (outer == null) {
                flow.add(clone.variable(node), array.id());
            } else {
                flow.add(graph.field(outer, CallGraph.ELEMENTS), array.id());
            }
            outer = array;
            type = Types.element(type);
        }
    }

    private void load(MethodClone clone, Node node, String field) {
        if (node.isReference()) {
            flow.watch(
                    clone.variable(node.input(0)),
                    object -> flow.edge(graph.field(graph.object(object), field), clone.variable(node)));
        }
    }

    private void store(MethodClone clone, Node object, String field, Node value) {
        if (value.isReference()) {
            int from = clone.variable(value);
            flow.watch(clone.variable(object), id -> flow.edge(from, graph.field(graph.object(id), field)));
        }
    }

    private void initialiseKernel(String type) {
        graph.world().find(type).filter(LoadedClass::isKernel).ifPresent(graph::initialise);
    }

    private void getStatic(MethodClone clone, Node node) {
        MemberRef reference = (MemberRef) node.payload();
        Optional<LoadedField> field = graph.world().field(reference);
        if (field.isEmpty() || !node.isReference()) {
            field.map(LoadedField::owner).filter(LoadedClass::isKernel).ifPresent(graph::initialise);
            return;
        }
        Optional<Rule> rule = graph.costs().of(new MemberRef(field.get().owner().name(), reference.name(), ""));
        if (rule.isPresent() && rule.get().returned() instanceof Rule.Returned.Present present) {
            flow.add(
                    clone.variable(node),
                    graph.present(present.type(), field.get().key()).id());
            return;
        }
        graph.initialise(field.get().owner());
        flow.edge(graph.staticField(field.get().key()), clone.variable(node));
    }

    private void putStatic(MethodClone clone, Node node) {
        MemberRef reference = (MemberRef) node.payload();
        if (node.input(0).isReference()) {
            graph.world()
                    .field(reference)
                    .ifPresent(field -> flow.edge(clone.variable(node.input(0)), graph.staticField(field.key())));
        }
    }
}
