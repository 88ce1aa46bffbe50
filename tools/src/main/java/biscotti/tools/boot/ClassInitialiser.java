package biscotti.tools.boot;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts code in front of what a class does when it is initialised. All classes of the kernel are, at boot. */
final class ClassInitialiser {
    private static final ClassFile FILES = ClassFile.of();

    private ClassInitialiser() {}

    /** The instructions of all methods of a class. */
    static Stream<Instruction> instructions(ClassModel model) {
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(element -> element instanceof Instruction)
                .map(element -> (Instruction) element);
    }

    /** The class with an initialiser that begins with some code, which leaves nothing on the stack. */
    static byte[] beginningWith(ClassModel model, Consumer<CodeBuilder> code) {
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
