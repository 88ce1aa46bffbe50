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
import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Loads the kernel's classes anew, those of some packages with calls of {@link Explorer} before what other threads may see. In
 * all packages threads that can run go to the explorer rather than to a CPU.
 */
public final class InterleavingLoader extends ClassLoader {
    private static final String KERNEL = "biscotti.";

    private static final ClassDesc EXPLORER = ClassDesc.of(Explorer.class.getName());
    private static final MethodTypeDesc POINT = MethodTypeDesc.of(CD_void, CD_Object, CD_boolean);
    private static final String SPIN_LOCK = "SpinLock";

    private final Set<String> packages;
    private final Map<String, Set<String>> volatileFields = new HashMap<>();

    /** A loader that has threads give way in the classes of some packages. The explorer, and what is not the kernel's, are {@code parent}'s. */
    public InterleavingLoader(ClassLoader parent, String... packages) {
        super(parent);
        this.packages = Set.of(packages);
    }

    /** Tries all orders of a scenario, which this loader loads: how many runs that took. */
    public int explore(Class<?> scenario, Object... arguments) throws ReflectiveOperationException {
        return Explorer.explore(maker(scenario, arguments));
    }

    /** Tries so many random orders of a scenario, which this loader loads. */
    public void sample(Random random, int runs, Class<?> scenario, Object... arguments)
            throws ReflectiveOperationException {
        Explorer.sample(random, runs, maker(scenario, arguments));
    }

    private Supplier<Scenario> maker(Class<?> scenario, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = loadClass(scenario.getName()).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return () -> {
            try {
                return (Scenario) constructor.newInstance(arguments);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        };
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(KERNEL) || packageOf(name).equals(Explorer.class.getPackageName())) {
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
        boolean gives = packages.contains(packageOf(name));
        boolean spinLock = gives && name.endsWith("." + SPIN_LOCK);
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                java.lang.classfile.ClassHierarchyResolver.ofResourceParsing(getParent())));
        return classFile.transformClass(
                parse(name),
                ClassTransform.transformingMethodBodies(InterleavingLoader::isOrdinary, (code, element) -> {
                    if (spinLock) {
                        spinning(code, element);
                    } else if (gives) {
                        meeting(code, element);
                    } else {
                        running(code, element);
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

    /** A thread that can run is the explorer's. */
    private static void running(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && call.name().equalsString("makeRunnable")) {
            code.invokestatic(EXPLORER, "runnable", MethodTypeDesc.of(CD_void, CD_Object, CD_Object));
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
            case InvokeInstruction call when touches(call) -> point(code, argumentsBehindFirst(call), !isRead(call));
            case InvokeInstruction call
            when isLockSupport(call, "park") ->
                code.invokestatic(
                                ClassDesc.of("java.lang.Thread"),
                                "currentThread",
                                MethodTypeDesc.ofDescriptor("()Ljava/lang/Thread;"))
                        .iconst_1()
                        .invokestatic(EXPLORER, "point", POINT);
            default -> {}
        }
        running(code, element);
    }

    /** Whether a call touches its first operand in a way that others see: a lock, a VarHandle's object, a thread to unpark. */
    private static boolean touches(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        return switch (owner.substring(owner.lastIndexOf('/') + 1)) {
            case SPIN_LOCK -> name.equals("acquire") || name.equals("release");
            case "Lock", "ReentrantLock" -> name.equals("lock") || name.equals("unlock");
            case "LockSupport" -> name.equals("unpark");
            case "VarHandle", "AtomicInteger" -> true;
            default -> false;
        };
    }

    /** Whether a call only reads: {@code get}, {@code getVolatile}, {@code getAcquire}. */
    private static boolean isRead(InvokeInstruction call) {
        String name = call.name().stringValue();
        return name.startsWith("get") && !name.startsWith("getAnd");
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
        return owner.startsWith(KERNEL)
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
