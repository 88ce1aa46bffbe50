package biscotti.interleaving;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads the classes of one package anew, with calls of {@link Explorer} before what other threads may see. */
public final class InterleavingLoader extends ClassLoader {
    private static final ClassDesc EXPLORER = ClassDesc.of(Explorer.class.getName());
    private static final MethodTypeDesc POINT = MethodTypeDesc.of(CD_void, CD_Object, CD_boolean);
    private static final String SPIN_LOCK = "SpinLock";

    private final String prefix;
    private final Map<String, Set<String>> volatileFields = new HashMap<>();

    /** A loader for the classes of {@code packageName}; all others are those of its parent. */
    public InterleavingLoader(String packageName, ClassLoader parent) {
        super(parent);
        this.prefix = packageName + ".";
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(prefix) || name.indexOf('.', prefix.length()) >= 0) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] instrumented = instrument(name);
            return defineClass(name, instrumented, 0, instrumented.length);
        }
    }

    private ClassModel parse(String name) {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] instrument(String name) {
        boolean spinLock = name.equals(prefix + SPIN_LOCK);
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                java.lang.classfile.ClassHierarchyResolver.ofResourceParsing(getParent())));
        return classFile.transformClass(
                parse(name),
                ClassTransform.transformingMethodBodies(InterleavingLoader::isOrdinary, (code, element) -> {
                    if (spinLock) {
                        spinning(code, element);
                    } else {
                        meeting(code, element);
                    }
                }));
    }

    private static boolean isOrdinary(MethodModel method) {
        return !method.methodName().equalsString("<clinit>")
                && !method.methodName().equalsString("<init>");
    }

    /** In the spin lock itself only the wait for its holder gives way. */
    private static void spinning(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && call.name().equalsString("onSpinWait")) {
            code.aload(0).invokestatic(EXPLORER, "spin", MethodTypeDesc.of(CD_void, CD_Object));
        } else {
            code.with(element);
        }
    }

    private void meeting(CodeBuilder code, CodeElement element) {
        switch (element) {
            case FieldInstruction field
            when field.opcode() == Opcode.GETFIELD && isVolatile(field) -> point(code, List.of(), false);
            case FieldInstruction field
            when field.opcode() == Opcode.PUTFIELD && isVolatile(field) ->
                point(code, List.of(field.typeSymbol()), true);
            case InvokeInstruction call when touches(call) -> point(code, argumentsBehindFirst(call), true);
            case InvokeInstruction call
            when isLockSupport(call, "park") ->
                code.invokestatic(
                                ClassDesc.of("java.lang.Thread"),
                                "currentThread",
                                MethodTypeDesc.ofDescriptor("()Ljava/lang/Thread;"))
                        .iconst_1()
                        .invokestatic(EXPLORER, "point", POINT);
            case InvokeInstruction call
            when call.name().equalsString("makeRunnable") -> {
                code.invokestatic(EXPLORER, "runnable", MethodTypeDesc.of(CD_void, CD_Object, CD_Object));
                return;
            }
            default -> {}
        }
        code.with(element);
    }

    /** Whether a call touches its first operand in a way that others see: a lock, a VarHandle's object, a thread to unpark. */
    private static boolean touches(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        return switch (owner.substring(owner.lastIndexOf('/') + 1)) {
            case SPIN_LOCK -> name.equals("acquire") || name.equals("release");
            case "Lock", "ReentrantLock" -> name.equals("lock") || name.equals("unlock");
            case "LockSupport" -> name.equals("unpark");
            case "VarHandle" -> true;
            default -> false;
        };
    }

    private static boolean isLockSupport(InvokeInstruction call, String name) {
        return call.owner().asInternalName().endsWith("/LockSupport")
                && call.name().equalsString(name);
    }

    private static List<ClassDesc> argumentsBehindFirst(InvokeInstruction call) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        boolean firstIsReceiver = call.opcode() != Opcode.INVOKESTATIC
                && !call.owner().asInternalName().endsWith("/VarHandle");
        return firstIsReceiver ? parameters : parameters.subList(1, parameters.size());
    }

    /** Calls the explorer with the operand that lies below the {@code above}, which stay where they are. */
    private static void point(CodeBuilder code, List<ClassDesc> above, boolean writes) {
        int[] slots = new int[above.size()];
        for (int i = above.size() - 1; i >= 0; i--) {
            TypeKind kind = TypeKind.from(above.get(i));
            slots[i] = code.allocateLocal(kind);
            code.storeLocal(kind, slots[i]);
        }
        code.dup().loadConstant(writes ? 1 : 0).invokestatic(EXPLORER, "point", POINT);
        for (int i = 0; i < above.size(); i++) {
            code.loadLocal(TypeKind.from(above.get(i)), slots[i]);
        }
    }

    private boolean isVolatile(FieldInstruction field) {
        String owner = field.owner().asInternalName().replace('/', '.');
        return owner.startsWith(prefix)
                && volatileFields
                        .computeIfAbsent(owner, this::volatileFieldsOf)
                        .contains(field.name().stringValue());
    }

    private Set<String> volatileFieldsOf(String className) {
        Set<String> names = new HashSet<>();
        for (FieldModel field : parse(className).fields()) {
            if (field.flags().has(AccessFlag.VOLATILE)) {
                names.add(field.fieldName().stringValue());
            }
        }
        return names;
    }
}
