package biscotti.tools.boot;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Has each class of the kernel link its calls of {@link java.lang.invoke.VarHandle} and {@link java.lang.invoke.MethodHandle} when
 * it is initialised, at boot.
 *
 * <p>HotSpot links such a call (JVMS 5.4.3.3, a signature polymorphic method) when it is first executed, which allocates, and may
 * make classes: in the middle of a system call that has reserved nothing for it. All calls of a class by one constant are
 * linked at once; so the initialiser calls each once, by no handle at all: it is linked before that is found out.
 */
final class HandleCalls {
    private static final ClassDesc NO_HANDLE =
            NullPointerException.class.describeConstable().orElseThrow();

    private HandleCalls() {}

    /** The same class, whose initialiser begins with links for all its calls of handles. */
    static byte[] linkedAtStart(byte[] type) {
        return ClassInitialiser.beginningWithEach(type, HandleCalls::handle, HandleCalls::link);
    }

    private static Optional<MethodRefEntry> handle(Instruction instruction) {
        return instruction instanceof InvokeInstruction call
                        && call.method() instanceof MethodRefEntry method
                        && isPolymorphic(method)
                ? Optional.of(method)
                : Optional.empty();
    }

    /** All native methods of these two classes are (JVMS 2.9.3). */
    private static boolean isPolymorphic(MethodRefEntry method) {
        return switch (method.owner().asInternalName()) {
            case "java/lang/invoke/MethodHandle" ->
                method.name().equalsString("invokeExact") || method.name().equalsString("invoke");
            case "java/lang/invoke/VarHandle" ->
                Stream.of("get", "set", "compareAnd", "weakCompareAnd")
                        .anyMatch(method.name().stringValue()::startsWith);
            default -> false;
        };
    }

    private static void link(MethodRefEntry method, CodeBuilder code) {
        MethodTypeDesc type = method.typeSymbol();
        code.trying(
                body -> {
                    body.aconst_null().checkcast(method.owner());
                    type.parameterList().forEach(parameter -> nothing(parameter, body));
                    body.invokevirtual(method);
                    drop(TypeKind.from(type.returnType()), body);
                },
                handlers -> handlers.catching(NO_HANDLE, CodeBuilder::pop));
    }

    private static void nothing(ClassDesc type, CodeBuilder code) {
        switch (TypeKind.from(type).asLoadable()) {
            case INT -> code.iconst_0();
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            default -> code.aconst_null();
        }
    }

    private static void drop(TypeKind result, CodeBuilder code) {
        switch (result.slotSize()) {
            case 0 -> {}
            case 1 -> code.pop();
            default -> code.pop2();
        }
    }
}
