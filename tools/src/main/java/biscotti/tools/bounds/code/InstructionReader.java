package biscotti.tools.bounds.code;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Runs the instructions of one block over its {@link Frame}. */
final class InstructionReader {
    /** What the branch at the block's end asks. */
    record Test(Relation relation, Node left, Node right) {}

    /** The field by which javac asks whether assertions are off; in the kernel they are. */
    private static final String ASSERTIONS_OFF = "$assertionsDisabled";

    private final ClassWorld world;
    private final BodyReader body;
    private final Block block;
    private final Frame frame;
    private int line;
    private Test test;

    InstructionReader(ClassWorld world, BodyReader body, Block block, Frame frame) {
        this.world = world;
        this.body = body;
        this.block = block;
        this.frame = frame;
    }

    /** What the last branch that was read asks; null if it compares no numbers. */
    Test test() {
        return test;
    }

    void read(Instruction instruction, int atLine) {
        line = atLine;
        switch (instruction) {
            case LoadInstruction load -> frame.push(frame.local(load.slot()));
            case StoreInstruction store -> store(store.slot(), frame.pop());
            case IncrementInstruction add ->
                store(
                        add.slot(),
                        emit(
                                Op.ADD,
                                TypeKind.INT,
                                null,
                                frame.local(add.slot()),
                                constant(add.constant(), TypeKind.INT)));
            case ConstantInstruction constant -> frame.push(constant(constant));
            case StackInstruction stack -> stack(stack.opcode());
            case OperatorInstruction operator ->
                operator(operator.opcode(), operator.typeKind().asLoadable());
            case ConvertInstruction convert ->
                frame.push(emit(Op.CONVERT, convert.toType().asLoadable(), convert.toType(), frame.pop()));
            case FieldInstruction field -> field(field);
            case ArrayLoadInstruction load -> {
                List<Node> operands = frame.pop(2);
                frame.push(emit(Op.ARRAY_LOAD, load.typeKind().asLoadable(), load.typeKind(), operands));
            }
            case ArrayStoreInstruction store -> emit(Op.ARRAY_STORE, TypeKind.VOID, store.typeKind(), frame.pop(3));
            case NewObjectInstruction made ->
                frame.push(emit(Op.NEW, TypeKind.REFERENCE, made.className().asInternalName()));
            case NewPrimitiveArrayInstruction made ->
                frame.push(emit(Op.NEW_ARRAY, TypeKind.REFERENCE, "[" + primitive(made.typeKind()), frame.pop()));
            case NewReferenceArrayInstruction made ->
                frame.push(emit(
                        Op.NEW_ARRAY,
                        TypeKind.REFERENCE,
                        "[" + Types.descriptorOf(made.componentType().asInternalName()),
                        frame.pop()));
            case NewMultiArrayInstruction made ->
                frame.push(emit(
                        Op.NEW_ARRAY,
                        TypeKind.REFERENCE,
                        made.arrayType().asInternalName(),
                        frame.pop(made.dimensions())));
            case TypeCheckInstruction check -> typeCheck(check);
            case InvokeInstruction call -> call(call);
            case InvokeDynamicInstruction call -> dynamicCall(call);
            case BranchInstruction branch -> branch(branch.opcode());
            case TableSwitchInstruction table -> frame.pop();
            case LookupSwitchInstruction table -> frame.pop();
            case MonitorInstruction monitor -> {
                frame.pop();
                frame.forgetAll(this::isFinal);
            }
            case ThrowInstruction end -> emit(Op.THROW, TypeKind.VOID, null, frame.pop());
            case ReturnInstruction end -> {
                if (end.typeKind() == TypeKind.VOID) {
                    emit(Op.RETURN, TypeKind.VOID, null);
                } else {
                    emit(Op.RETURN, TypeKind.VOID, null, frame.pop());
                }
            }
            default -> {} // nop
        }
    }

    private Node emit(Op op, TypeKind kind, Object payload, Node... inputs) {
        return emit(op, kind, payload, List.of(inputs));
    }

    private Node emit(Op op, TypeKind kind, Object payload, List<Node> inputs) {
        Node node = body.node(op, kind, payload, block, line, inputs);
        block.nodes().add(node);
        return node;
    }

    private Node constant(long value, TypeKind kind) {
        return emit(Op.CONSTANT, kind, value);
    }

    private void store(int slot, Node value) {
        frame.setLocal(slot, value);
        body.stored(block, slot, value);
    }

    private Node constant(ConstantInstruction instruction) {
        ConstantDesc value = instruction.constantValue();
        TypeKind kind = instruction.typeKind().asLoadable();
        return switch (value) {
            case Integer number -> constant(number, TypeKind.INT);
            case Long number -> constant(number, TypeKind.LONG);
            case String text -> emit(Op.LITERAL, kind, new Literal(Types.STRING, text));
            case ClassDesc named -> emit(Op.LITERAL, kind, new Literal("java/lang/Class", named.descriptorString()));
            case MethodTypeDesc type ->
                emit(Op.LITERAL, kind, new Literal("java/lang/invoke/MethodType", type.descriptorString()));
            default -> emit(Op.UNKNOWN, kind, null); // null, or a floating-point number
        };
    }

    private void stack(Opcode opcode) {
        boolean wide = frame.stack().getLast().kind().slotSize() == 2;
        switch (opcode) {
            case POP -> frame.pop();
            case POP2 -> frame.pop(wide ? 1 : 2);
            case DUP -> frame.duplicate(1, 0);
            case DUP_X1 -> frame.duplicate(1, 1);
            case DUP_X2 -> frame.duplicate(1, isWide(1) ? 1 : 2);
            case DUP2 -> frame.duplicate(wide ? 1 : 2, 0);
            case DUP2_X1 -> frame.duplicate(wide ? 1 : 2, 1);
            case DUP2_X2 -> {
                int count = wide ? 1 : 2;
                frame.duplicate(count, isWide(count) ? 1 : 2);
            }
            case SWAP -> {
                Node top = frame.pop();
                Node below = frame.pop();
                frame.push(top);
                frame.push(below);
            }
            default -> throw new IllegalStateException("no stack instruction: " + opcode);
        }
    }

    private boolean isWide(int depth) {
        List<Node> stack = frame.stack();
        return stack.get(stack.size() - 1 - depth).kind().slotSize() == 2;
    }

    private void operator(Opcode opcode, TypeKind kind) {
        switch (opcode) {
            case ARRAYLENGTH -> length();
            case INEG, LNEG, FNEG, DNEG -> frame.push(emit(Op.NEG, kind, null, frame.pop()));
            case LCMP -> frame.push(emit(Op.COMPARE, TypeKind.INT, null, frame.pop(2)));
            case FCMPL, FCMPG, DCMPL, DCMPG -> {
                frame.pop(2);
                frame.push(emit(Op.UNKNOWN, TypeKind.INT, null));
            }
            default -> frame.push(emit(arithmetic(opcode), kind, null, frame.pop(2)));
        }
    }

    private static Op arithmetic(Opcode opcode) {
        String name = opcode.name().substring(1);
        return Op.valueOf(name);
    }

    private void length() {
        Node array = frame.pop();
        Node known = frame.knownLength(array);
        if (known == null) {
            known = emit(Op.LENGTH, TypeKind.INT, null, array);
            frame.knowLength(array, known);
        }
        frame.push(known);
    }

    private void field(FieldInstruction instruction) {
        MemberRef field = new MemberRef(
                instruction.owner().asInternalName(),
                instruction.name().stringValue(),
                instruction.type().stringValue());
        TypeKind kind = TypeKind.fromDescriptor(field.descriptor()).asLoadable();
        switch (instruction.opcode()) {
            case GETFIELD -> load(Op.GET_FIELD, kind, field, frame.pop());
            case GETSTATIC -> {
                if (field.name().equals(ASSERTIONS_OFF)) {
                    frame.push(constant(1, TypeKind.INT));
                } else {
                    load(Op.GET_STATIC, kind, field, null);
                }
            }
            case PUTFIELD -> {
                List<Node> operands = frame.pop(2);
                emit(Op.PUT_FIELD, TypeKind.VOID, field, operands);
                frame.forget(field);
                know(operands.get(0), field, operands.get(1));
            }
            default -> {
                Node value = frame.pop();
                emit(Op.PUT_STATIC, TypeKind.VOID, field, value);
                frame.forget(field);
                know(null, field, value);
            }
        }
    }

    private void load(Op op, TypeKind kind, MemberRef field, Node object) {
        Node known = frame.knownField(object, field);
        if (known == null) {
            known = object == null ? emit(op, kind, field) : emit(op, kind, field, object);
            know(object, field, known);
        }
        frame.push(known);
    }

    private void know(Node object, MemberRef field, Node value) {
        boolean narrow = "BSCZ".contains(field.descriptor());
        if (!narrow && !world.field(field).map(LoadedField::isVolatile).orElse(true)) {
            frame.know(object, field, value);
        }
    }

    private boolean isFinal(MemberRef field) {
        return world.field(field).map(LoadedField::isFinal).orElse(false);
    }

    private void typeCheck(TypeCheckInstruction check) {
        Node value = frame.pop();
        if (check.opcode() == Opcode.CHECKCAST) {
            frame.push(emit(Op.CAST, TypeKind.REFERENCE, check.type().asInternalName(), value));
        } else {
            frame.push(emit(Op.UNKNOWN, TypeKind.INT, null));
        }
    }

    private void call(InvokeInstruction instruction) {
        MemberRef target = new MemberRef(
                instruction.owner().asInternalName(),
                instruction.name().stringValue(),
                instruction.type().stringValue());
        Call.Kind kind = switch (instruction.opcode()) {
            case INVOKESTATIC -> Call.Kind.STATIC;
            case INVOKESPECIAL -> Call.Kind.SPECIAL;
            default -> Call.Kind.VIRTUAL;
        };
        MethodTypeDesc type = instruction.typeSymbol();
        List<Node> arguments = frame.pop(type.parameterCount() + (kind == Call.Kind.STATIC ? 0 : 1));
        result(emit(Op.INVOKE, kindOf(type.returnType()), new Call(target, kind), arguments));
    }

    private void dynamicCall(InvokeDynamicInstruction instruction) {
        MethodTypeDesc type = instruction.typeSymbol();
        DynamicCall call = new DynamicCall(
                instruction.bootstrapMethod(), instruction.name().stringValue(), type, instruction.bootstrapArgs());
        List<Node> arguments = frame.pop(type.parameterCount());
        result(emit(Op.INVOKE_DYNAMIC, kindOf(type.returnType()), call, arguments));
    }

    private void result(Node call) {
        frame.forgetAll(this::isFinal);
        if (call.kind() != TypeKind.VOID) {
            frame.push(call);
        }
    }

    private static TypeKind kindOf(ClassDesc type) {
        return TypeKind.from(type).asLoadable();
    }

    private void branch(Opcode opcode) {
        test = null;
        switch (opcode) {
            case IFEQ -> againstZero(Relation.EQ);
            case IFNE -> againstZero(Relation.NE);
            case IFLT -> againstZero(Relation.LT);
            case IFGE -> againstZero(Relation.GE);
            case IFGT -> againstZero(Relation.GT);
            case IFLE -> againstZero(Relation.LE);
            case IF_ICMPEQ -> against(Relation.EQ);
            case IF_ICMPNE -> against(Relation.NE);
            case IF_ICMPLT -> against(Relation.LT);
            case IF_ICMPGE -> against(Relation.GE);
            case IF_ICMPGT -> against(Relation.GT);
            case IF_ICMPLE -> against(Relation.LE);
            case IFNULL, IFNONNULL -> frame.pop();
            case IF_ACMPEQ, IF_ACMPNE -> frame.pop(2);
            default -> {} // goto
        }
    }

    private void against(Relation relation) {
        List<Node> operands = frame.pop(2);
        test = new Test(relation, operands.get(0), operands.get(1));
    }

    private void againstZero(Relation relation) {
        Node value = frame.pop();
        test = value.op() == Op.COMPARE
                ? new Test(relation, value.input(0), value.input(1))
                : new Test(relation, value, constant(0, TypeKind.INT));
    }

    private static String primitive(TypeKind kind) {
        return kind.upperBound().descriptorString();
    }
}
