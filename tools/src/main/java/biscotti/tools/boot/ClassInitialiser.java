package biscotti.tools.boot;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts code in front of what a class does when it is initialised. All classes of the kernel are, at boot. */
final class ClassInitialiser {
    private static final ClassFile FILES = ClassFile.of();

    private ClassInitialiser() {}

    /**
     * The class with an initialiser that begins with code for each of the things that its methods' instructions use; the same if they
     * use none.
     *
     * @param used what an instruction uses of those
     * @param code writes the code for one, which leaves nothing on the stack
     */
    static <T> byte[] beginningWithEach(
            byte[] type, Function<Instruction, Optional<T>> used, BiConsumer<T, CodeBuilder> code) {
        ClassModel model = FILES.parse(type);
        Set<T> all = model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(CodeModel::elementStream)
                .filter(element -> element instanceof Instruction)
                .flatMap(element -> used.apply((Instruction) element).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return beginningWith(model, type, all, code);
    }

    /**
     * The class with an initialiser that begins with code for each of some things; the same if there are none.
     *
     * @param model of the class
     */
    static <T> byte[] beginningWith(ClassModel model, byte[] type, Set<T> all, BiConsumer<T, CodeBuilder> code) {
        return all.isEmpty() ? type : beginningWith(model, start -> all.forEach(one -> code.accept(one, start)));
    }

    private static byte[] beginningWith(ClassModel model, Consumer<CodeBuilder> code) {
        boolean present = model.methods().stream().anyMatch(ClassInitialiser::isInitialiser);
        return FILES.transformClass(model, present ? extended(code) : added(code));
    }

    private static boolean isInitialiser(MethodModel method) {
        return method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
    }

    private static ClassTransform extended(Consumer<CodeBuilder> start) {
        CodeTransform transform = new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                start.accept(code);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
        return ClassTransform.transformingMethodBodies(ClassInitialiser::isInitialiser, transform);
    }

    private static ClassTransform added(Consumer<CodeBuilder> start) {
        return ClassTransform.endHandler(type -> type.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
                    start.accept(code);
                    code.return_();
                }));
    }
}
