package biscotti.tools.bounds.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns a method's code into nodes in static single assignment form, by running it over {@link Frame}s of nodes instead of
 * values, each block once: where ways meet, each variable becomes a phi. After a test of two numbers each way has its own
 * names ({@link Op#PI}) for them, so that what the test says of them holds for the name.
 */
final class BodyReader {
    private static final String BOUND = "Lbiscotti/bounded/Bound;";

    private final ClassWorld world;
    private final Method method;
    private final CodeModel code;
    private final Outline outline;
    private final TreeMap<Integer, Block> blocks;
    private final Map<Block, Integer> leaders = new IdentityHashMap<>();
    private final Map<Block, Integer> entries = new HashMap<>();
    private final Map<Block, Frame> frames = new HashMap<>();
    private final Map<Block, Map<Integer, Node>> phis = new HashMap<>();
    private final List<Node> parameters = new ArrayList<>();
    private int nodes;

    BodyReader(ClassWorld world, Method method, CodeModel code) {
        this.world = world;
        this.method = method;
        this.code = code;
        this.outline = new Outline(code);
        this.blocks = outline.blocks();
        blocks.forEach((leader, block) -> leaders.put(block, leader));
    }

    Body read() {
        link();
        List<Block> order = reachable();
        for (Block block : order) {
            block.successors().forEach(next -> entries.merge(next, 1, Integer::sum));
            block.handlers().forEach(next -> entries.merge(next, 2, Integer::sum));
        }
        Block entry = enterMethod(order.getFirst());
        for (Block block : order) {
            readBlock(block);
        }
        order.removeIf(block -> !frames.containsKey(block));
        if (entry != order.getFirst()) {
            order.addFirst(entry);
        }
        new PhiCleaner(order).clean();
        return new Body(method, order, nodes, parameters, statedBounds());
    }

    // Blocks.

    private void link() {
        for (Map.Entry<Integer, Block> entry : blocks.entrySet()) {
            Block block = entry.getValue();
            int last = outline.end(entry.getKey()) - 1;
            Set<Block> next = new LinkedHashSet<>();
            outline.successors(last).forEach(i -> next.add(blocks.get(i)));
            block.successors().addAll(next);
            Set<Block> handlers = new LinkedHashSet<>();
            for (Outline.Guard guard : outline.guards()) {
                if (guard.from() <= entry.getKey() && entry.getKey() < guard.to()) {
                    handlers.add(blocks.get(guard.handler()));
                }
            }
            block.handlers().addAll(handlers);
        }
    }

    /** The blocks that can be reached, each after at least one that leads to it. */
    private List<Block> reachable() {
        List<Block> finished = new ArrayList<>();
        Set<Block> seen = new HashSet<>();
        Deque<Block> path = new ArrayDeque<>();
        Map<Block, Integer> next = new HashMap<>();
        path.push(blocks.get(0));
        seen.add(blocks.get(0));
        while (!path.isEmpty()) {
            Block block = path.peek();
            int at = next.merge(block, 1, Integer::sum) - 1;
            int normal = block.successors().size();
            if (at < normal + block.handlers().size()) {
                Block to = at < normal
                        ? block.successors().get(at)
                        : block.handlers().get(at - normal);
                if (seen.add(to)) {
                    path.push(to);
                }
            } else {
                finished.addFirst(path.pop());
            }
        }
        return finished;
    }

    /** The block of the parameters: an empty one of its own if the first instruction begins a loop. */
    private Block enterMethod(Block first) {
        boolean loops = entries.getOrDefault(first, 0) > 0;
        Block entry = loops ? new Block(blocks.size(), first.start()) : first;
        Frame frame = new Frame(((CodeAttribute) code).maxLocals());
        int slot = 0;
        for (TypeKind kind : method.parameterKinds()) {
            Node parameter = node(Op.PARAMETER, kind, parameters.size(), entry, 0, List.of());
            parameters.add(parameter);
            frame.setLocal(slot, parameter);
            slot += kind.slotSize();
        }
        entry.nodes().addAll(parameters);
        if (loops) {
            entry.successors().add(first);
            entries.merge(first, 1, Integer::sum);
            flow(frame, first);
        } else {
            frames.put(first, frame);
        }
        return entry;
    }

    /** Reads a block; a block that no way leads to, because a constant decides otherwise, is not read. */
    private void readBlock(Block block) {
        if (!frames.containsKey(block)) {
            return;
        }
        int leader = leaders.get(block);
        int end = outline.end(leader);
        Frame frame = frames.get(block).copy();
        block.handlers().forEach(handler -> flowToHandler(frame, handler));
        InstructionReader reader = new InstructionReader(world, this, block, frame);
        Instruction last = null;
        for (int i = leader; i < end; i++) {
            Outline.Placed placed = outline.instructions().get(i);
            last = placed.instruction();
            reader.read(last, placed.line());
        }
        if (last instanceof BranchInstruction && block.successors().size() == 2) {
            readBranch(block, frame, reader, end);
        } else if (!(last instanceof ThrowInstruction)) {
            block.successors().forEach(next -> flow(frame, next));
        }
    }

    private void readBranch(Block block, Frame frame, InstructionReader reader, int end) {
        InstructionReader.Test test = reader.test();
        Block taken = blocks.get(outline.successors(end - 1).get(0));
        Block otherwise = blocks.get(outline.successors(end - 1).get(1));
        if (test == null) {
            flow(frame, taken);
            flow(frame, otherwise);
            return;
        }
        if (test.left().op() == Op.CONSTANT && test.right().op() == Op.CONSTANT) {
            boolean holds = test.relation()
                    .holds((Long) test.left().payload(), (Long) test.right().payload());
            block.successors().remove(holds ? otherwise : taken);
            flow(frame, holds ? taken : otherwise);
            return;
        }
        block.branch = new Block.Branch(test.relation(), test.left(), test.right(), taken, otherwise);
        flow(knowing(frame, block, taken, test), taken);
        flow(
                knowing(
                        frame,
                        block,
                        otherwise,
                        new InstructionReader.Test(test.relation().negated(), test.left(), test.right())),
                otherwise);
    }

    /** The frame on a way that is gone only if {@code test} holds. */
    private Frame knowing(Frame frame, Block from, Block to, InstructionReader.Test test) {
        Frame after = frame.copy();
        Block home = entries.get(to) == 1 ? to : from;
        rename(after, home, test.left(), test.relation(), test.right());
        rename(after, home, test.right(), test.relation().mirrored(), test.left());
        return after;
    }

    private void rename(Frame frame, Block home, Node value, Relation relation, Node other) {
        if (value.op() != Op.CONSTANT) {
            Node pi = node(Op.PI, value.kind(), relation, home, value.line(), List.of(value, other));
            home.nodes().add(pi);
            frame.rename(value, pi);
        }
    }

    // Where ways meet.

    private void flow(Frame frame, Block to) {
        if (entries.get(to) == 1) {
            frames.put(to, frame.copy());
            return;
        }
        Map<Integer, Node> merged = phis.computeIfAbsent(to, b -> new LinkedHashMap<>());
        Frame target = frames.get(to);
        if (target == null) {
            target = new Frame(frame.localCount());
            for (int slot = 0; slot < frame.localCount(); slot++) {
                target.setLocal(slot, phi(to, merged, slot, frame.local(slot)));
            }
            for (int depth = 0; depth < frame.stack().size(); depth++) {
                target.push(phi(to, merged, -1 - depth, frame.stack().get(depth)));
            }
            frames.put(to, target);
        }
        for (int slot = 0; slot < frame.localCount(); slot++) {
            join(merged.get(slot), frame.local(slot));
        }
        for (int depth = 0; depth < frame.stack().size(); depth++) {
            join(merged.get(-1 - depth), frame.stack().get(depth));
        }
    }

    private void flowToHandler(Frame frame, Block handler) {
        Map<Integer, Node> merged = phis.computeIfAbsent(handler, b -> new LinkedHashMap<>());
        if (!frames.containsKey(handler)) {
            Frame target = new Frame(frame.localCount());
            for (int slot = 0; slot < frame.localCount(); slot++) {
                target.setLocal(slot, phi(handler, merged, slot, frame.local(slot)));
            }
            String type = outline.guards().stream()
                    .filter(guard -> blocks.get(guard.handler()) == handler)
                    .map(Outline.Guard::type)
                    .reduce((a, b) -> a.equals(b) ? a : "java/lang/Throwable")
                    .orElseThrow();
            Node caught = node(Op.CAUGHT, TypeKind.REFERENCE, type, handler, 0, List.of());
            handler.nodes().add(caught);
            target.push(caught);
            frames.put(handler, target);
        }
        for (int slot = 0; slot < frame.localCount(); slot++) {
            join(merged.get(slot), frame.local(slot));
        }
    }

    /** A local variable got a value inside a block whose exceptions are handled. */
    void stored(Block block, int slot, Node value) {
        block.handlers().forEach(handler -> join(phis.get(handler).get(slot), value));
    }

    private Node phi(Block block, Map<Integer, Node> merged, int slot, Node first) {
        TypeKind kind = first == null ? TypeKind.VOID : first.kind();
        Node phi = node(Op.PHI, kind, null, block, 0, List.of());
        phi.slot = Math.max(slot, -1);
        merged.put(slot, phi);
        block.nodes().add(phi);
        return phi;
    }

    private static void join(Node phi, Node value) {
        if (value != null && value != phi && !phi.inputs().contains(value)) {
            phi.inputs().add(value);
            if (phi.kind == TypeKind.VOID) {
                phi.kind = value.kind();
            }
        }
    }

    Node node(Op op, TypeKind kind, Object payload, Block block, int line, List<Node> inputs) {
        return new Node(nodes++, op, kind, payload, block, line, inputs);
    }

    // What the code says about its loops.

    private List<Body.StatedBound> statedBounds() {
        CodeAttribute attribute = (CodeAttribute) code;
        List<Body.StatedBound> bounds = new ArrayList<>();
        List<TypeAnnotation> annotations = attribute
                .findAttribute(Attributes.runtimeInvisibleTypeAnnotations())
                .map(a -> a.annotations())
                .orElse(List.of());
        for (TypeAnnotation annotation : annotations) {
            if (annotation.annotation().className().equalsString(BOUND)
                    && annotation.targetInfo() instanceof TypeAnnotation.LocalVarTarget target) {
                long rounds = Annotations.number(annotation.annotation(), "value");
                for (TypeAnnotation.LocalVarTargetInfo range : target.table()) {
                    bounds.add(new Body.StatedBound(
                            range.index(),
                            attribute.labelToBci(range.startLabel()),
                            attribute.labelToBci(range.endLabel()),
                            rounds));
                }
            }
        }
        return bounds;
    }
}
