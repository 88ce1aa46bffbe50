package biscotti.tools.bounds;

import biscotti.tools.boot.Collector;
import biscotti.tools.bounds.code.ClassWorld;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.bounds.flow.JdkCosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A kernel of one class, {@code toy.Kernel}, whose body a test writes; {@code main} makes one and calls {@code call()}, its one
 * system call.
 */
final class ToyKernel {
    private static final Map<String, String> ANNOTATIONS = Map.of(
            "biscotti.syscall.SystemCall",
            "package biscotti.syscall; public @interface SystemCall { int number(); String name(); }",
            "biscotti.bounded.Unit",
            "package biscotti.bounded; public @interface Unit { String value(); }",
            "biscotti.bounded.Round",
            "package biscotti.bounded; public @interface Round {}",
            "biscotti.bounded.Bound",
            """
            package biscotti.bounded;
            @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE)
            public @interface Bound { long value(); }
            """);

    private static final String FRAME = """
            package toy;
            import biscotti.bounded.*;
            import biscotti.syscall.SystemCall;
            import java.util.*;
            import java.util.function.*;
            public class Kernel {
                static Object published;
                public static void main(String[] arguments) { new Kernel().call(); }
                %s
            }
            """;

    private final Path classes;

    private ToyKernel(Path classes) {
        this.classes = classes;
    }

    /** Compiles a kernel with this body. */
    static ToyKernel of(String body) {
        try {
            Path classes = Files.createTempDirectory("toy-kernel");
            DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            List<JavaFileObject> sources = new java.util.ArrayList<>();
            ANNOTATIONS.forEach((name, text) -> sources.add(new Source(name, text)));
            sources.add(new Source("toy.Kernel", FRAME.formatted(body)));
            boolean compiled = compiler.getTask(
                            null,
                            null,
                            told,
                            List.of("-g", "-d", classes.toString(), "-proc:none", "--release", "25"),
                            null,
                            sources)
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException(told.getDiagnostics().stream()
                        .map(Diagnostic::toString)
                        .toList()
                        .toString());
            }
            return new ToyKernel(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its bounds as with G1 and ordinary headers: references of 4 bytes, headers of 12. */
    Analysis analyse() {
        try {
            return Analysis.of(
                    ClassWorld.of(classes), JdkCosts.standard(), MachineLayout.of(Collector.G1), "toy/Kernel");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its class, to run it. */
    Class<?> load() throws ClassNotFoundException {
        try {
            return new URLClassLoader(new URL[] {classes.toUri().toURL()}).loadClass("toy.Kernel");
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
