package biscotti.tools.boot;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.constant.ConstantDescs;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Has each class of the kernel make the strings of its constants when it is initialised, at boot.
 *
 * <p>HotSpot makes such a string when it is first used, and those of a whole class when the first of its methods is compiled by
 * C2 (CompileBroker::compile_method): in the middle of a system call that has reserved nothing for them.
 */
final class StringConstants {
    private static final ClassFile FILES = ClassFile.of();

    private StringConstants() {}

    /** The same class, whose initialiser begins with a use of each string that its methods use. */
    static byte[] madeAtStart(byte[] bytes) {
        ClassModel model = FILES.parse(bytes);
        Set<StringEntry> used = used(model);
        if (used.isEmpty()) {
            return bytes;
        }
        boolean hasInitialiser = model.methods().stream().anyMatch(StringConstants::isInitialiser);
        return FILES.transformClass(model, hasInitialiser ? extended(used) : added(used));
    }

    private static Set<StringEntry> used(ClassModel model) {
        Set<StringEntry> used = new LinkedHashSet<>();
        for (MethodModel method : model.methods()) {
            method.code()
                    .ifPresent(code -> code.forEach(element -> {
                        if (element instanceof LoadConstantInstruction load
                                && load.constantEntry() instanceof StringEntry string) {
                            used.add(string);
                        }
                    }));
        }
        return used;
    }

    private static boolean isInitialiser(MethodModel method) {
        return method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
    }

    private static ClassTransform extended(Set<StringEntry> used) {
        CodeTransform transform = new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                use(used, code);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
        return ClassTransform.transformingMethodBodies(StringConstants::isInitialiser, transform);
    }

    private static ClassTransform added(Set<StringEntry> used) {
        return ClassTransform.endHandler(type -> type.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
                    use(used, code);
                    code.return_();
                }));
    }

    private static void use(Set<StringEntry> used, CodeBuilder code) {
        used.forEach(string -> code.ldc(string).pop());
    }
}
