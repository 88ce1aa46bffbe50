package biscotti.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes whose lambdas and concatenations have classes of their own do what they did. */
class CallSiteClassesTest {
    private static final String SOURCE = """
            import java.util.*;
            import java.util.function.*;

            public class Sample {
                private final int base = 7;
                private static int twice(int n) { return 2 * n; }
                private int plusBase(int n) { return n + base; }
                interface Wide { long apply(int a, long b, Object c); }
                interface Shape { private int hidden() { return 3; } default IntSupplier sides() { return this::hidden; } }
                class Inner { private String text = "inner"; Supplier<String> supplier() { return () -> text + base; } }
                static <T> T same(T value) { return value; }

                public String run() {
                    List<String> said = new ArrayList<>();
                    Consumer<String> say = said::add;
                    say.accept("bound");
                    IntUnaryOperator first = Sample::twice;
                    IntUnaryOperator second = this::plusBase;
                    say.accept("ints " + first.applyAsInt(4) + ' ' + second.applyAsInt(5));
                    Function<Integer, Integer> boxed = Sample::twice;
                    ToLongFunction<Integer> widened = Integer::intValue;
                    Supplier<Long> box = () -> 5L;
                    say.accept("boxes " + boxed.apply(8) + " " + widened.applyAsLong(9) + box.get());
                    Supplier<List<String>> made = ArrayList::new;
                    IntFunction<int[]> array = int[]::new;
                    say.accept("made " + made.get().size() + array.apply(3).length);
                    long captured = 1L << 40;
                    double fraction = 0.5;
                    Wide wide = (a, b, c) -> a + b + captured + (long) (fraction * 4) + c.hashCode();
                    say.accept("wide " + wide.apply(1, 2, "x"));
                    say.accept(new Inner().supplier().get());
                    say.accept("shape " + new Shape() {}.sides().getAsInt());
                    Function<String, String> generic = Sample::same;
                    Comparator<String> order = Comparator.comparing(String::length);
                    say.accept(generic.apply("generic") + order.compare("a", "bb"));
                    Runnable nothing = () -> {};
                    nothing.run();
                    Object none = null;
                    char letter = 'c'; byte small = 3; boolean yes = true; float real = 1.5f;
                    say.accept("all " + none + letter + small + yes + real + fraction + (short) 4 + captured + "\\1\\2" + 5);
                    try {
                        for (int i = 0; ; i++) {
                            int round = i;
                            Supplier<String> late = () -> "round " + round;
                            if (i == 2) { throw new IllegalStateException(late.get()); }
                        }
                    } catch (IllegalStateException e) {
                        say.accept("caught " + e.getMessage());
                    }
                    return String.join("|", said);
                }
            }
            """;

    @TempDir
    private Path directory;

    private Map<String, byte[]> compiled() throws IOException {
        Path source = Files.writeString(directory.resolve("Sample.java"), SOURCE);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", source.toString()));
        Map<String, byte[]> classes = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString();
                classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private static Object run(Map<String, byte[]> classes) throws ReflectiveOperationException {
        ClassLoader loader = new ClassLoader() {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = classes.get(name);
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        Class<?> sample = loader.loadClass("Sample");
        return sample.getMethod("run").invoke(sample.getConstructor().newInstance());
    }

    private static long linkedSites(Map<String, byte[]> classes) {
        return classes.values().stream()
                .flatMap(bytes -> ClassFile.of().parse(bytes).methods().stream())
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(element -> element instanceof InvokeDynamicInstruction)
                .count();
    }

    @Test
    void theyDoWhatTheyDidAndLinkNothing() throws Exception {
        Map<String, byte[]> before = compiled();
        Map<String, byte[]> after = CallSiteClasses.of(before);
        assertTrue(linkedSites(before) > 20);
        assertEquals(0, linkedSites(after));
        assertEquals(run(before), run(after));
        assertNotEquals("", run(after));
    }

    @Test
    void theSameClassesGiveTheSame() throws Exception {
        Map<String, byte[]> classes = compiled();
        Map<String, byte[]> once = CallSiteClasses.of(classes);
        Map<String, byte[]> again = CallSiteClasses.of(classes);
        assertEquals(once.keySet(), again.keySet());
        once.forEach((name, bytes) -> assertTrue(Arrays.equals(bytes, again.get(name)), name));
    }
}
