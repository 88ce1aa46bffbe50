package biscotti.tools.boot;

import static biscotti.tools.boot.ChangedClass.bytesOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Classes whose initialisers make all their string constants do what they did. */
class StringConstantsTest {
    /** Has an initialiser. */
    static final class WithInitialiser implements Supplier<String> {
        private static final StringBuilder TEXT = new StringBuilder("initialised");

        @Override
        public String get() {
            return TEXT.append(" and").append(" used").toString();
        }
    }

    /** Has none. */
    static final class Without implements Supplier<String> {
        @Override
        public String get() {
            return Boolean.getBoolean("none such") ? "one" : "other";
        }
    }

    /** Is an interface with a body. */
    interface Talking extends Supplier<String> {
        @Override
        default String get() {
            return "default";
        }
    }

    /** Has strings that no method uses: the names of its components. */
    record Pair(int first, int second) {}

    /** Has no strings. */
    static final class Silent implements Supplier<String> {
        @Override
        public String get() {
            return null;
        }
    }

    private static Set<String> madeAtStart(byte[] bytes) {
        Optional<CodeModel> initialiser = ClassFile.of().parse(bytes).methods().stream()
                .filter(method -> method.methodName().equalsString("<clinit>"))
                .findFirst()
                .flatMap(MethodModel::code);
        return initialiser.stream()
                .flatMap(CodeModel::elementStream)
                .filter(element -> element instanceof ConstantInstruction)
                .map(element -> ((ConstantInstruction) element).constantValue())
                .filter(value -> value instanceof String)
                .map(Object::toString)
                .collect(Collectors.toSet());
    }

    private static String said(Class<?> type) throws Exception {
        Object made = ChangedClass.newInstance(StringConstants.madeAtStart(bytesOf(type)));
        return ((Supplier<?>) made).get().toString();
    }

    @Test
    void theInitialiserUsesEachStringOfAllMethods() throws IOException {
        assertEquals(
                Set.of("initialised", " and", " used"),
                madeAtStart(StringConstants.madeAtStart(bytesOf(WithInitialiser.class))));
        assertEquals(
                Set.of("none such", "one", "other"), madeAtStart(StringConstants.madeAtStart(bytesOf(Without.class))));
        assertEquals(Set.of("default"), madeAtStart(StringConstants.madeAtStart(bytesOf(Talking.class))));
    }

    /** HotSpot makes these, too, when it compiles a method of the class. */
    @Test
    void theNamesOfComponentsAreAmongThem() throws IOException {
        assertEquals(Set.of("first;second"), madeAtStart(StringConstants.madeAtStart(bytesOf(Pair.class))));
    }

    @Test
    void theClassDoesWhatItDid() throws Exception {
        assertEquals("initialised and used", said(WithInitialiser.class));
        assertEquals("other", said(Without.class));
        for (Class<?> type : List.of(WithInitialiser.class, Without.class, Talking.class)) {
            assertEquals(
                    List.of(), ClassFile.of().verify(StringConstants.madeAtStart(bytesOf(type))), type.getSimpleName());
        }
    }

    @Test
    void aClassWithoutStringsStaysAsItIs() throws IOException {
        byte[] bytes = bytesOf(Silent.class);
        assertArrayEquals(bytes, StringConstants.madeAtStart(bytes));
    }
}
