package biscotti.tools.boot;

import java.lang.classfile.Instruction;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.util.Optional;

/**
 * Has each class of the kernel make the strings of its constants when it is initialised, at boot.
 *
 * <p>HotSpot makes such a string when it is first used, and those of a whole class when the first of its methods is compiled by
 * C2 (CompileBroker::compile_method): in the middle of a system call that has reserved nothing for them. For the JDK's
 * classes, which nobody changes, see {@link JdkStrings}.
 */
final class StringConstants {
    private StringConstants() {}

    /** The same class, whose initialiser begins with a use of each string that its methods use. */
    static byte[] madeAtStart(byte[] type) {
        return ClassInitialiser.<StringEntry>beginningWithEach(
                type,
                StringConstants::string,
                (string, code) -> code.ldc(string).pop());
    }

    private static Optional<StringEntry> string(Instruction instruction) {
        return instruction instanceof LoadConstantInstruction load && load.constantEntry() instanceof StringEntry string
                ? Optional.of(string)
                : Optional.empty();
    }
}
