package biscotti.tools.boot;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Has each class of the kernel make the strings of its constants when it is initialised, at boot.
 *
 * <p>HotSpot makes such a string when it is first used, and those of a whole class when the first of its methods is compiled by
 * C2 (CompileBroker::compile_method): in the middle of a system call that has reserved nothing for them. For the JDK's
 * classes, which nobody changes, see {@link JdkStrings}.
 */
final class StringConstants {
    private StringConstants() {}

    /** The same class, whose initialiser begins with a use of each string among its constants. */
    static byte[] madeAtStart(byte[] type) {
        ClassModel model = ClassFile.of().parse(type);
        return ClassInitialiser.beginningWith(
                model, type, in(model), (string, code) -> code.ldc(string).pop());
    }

    /** All strings among a class's constants: also those that no method uses, such as the names of a record's components. */
    static Set<StringEntry> in(ClassModel model) {
        Set<StringEntry> strings = new LinkedHashSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof StringEntry string) {
                strings.add(string);
            }
        }
        return strings;
    }
}
