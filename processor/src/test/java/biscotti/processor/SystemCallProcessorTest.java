package biscotti.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles small families with the processor and looks at what it makes or refuses. */
class SystemCallProcessorTest {
    private static final List<JavaFileObject> KERNEL = List.of(
            source("biscotti.syscall.Support", "public enum Support { FULL, PARTIAL }"),
            source("biscotti.syscall.SystemCall", """
                    public @interface SystemCall {
                        int number(); String name(); Support support() default Support.FULL; String note() default "";
                    }"""),
            source("biscotti.syscall.UnsupportedCalls", """
                    public class UnsupportedCalls {
                        long call(biscotti.process.UserThread caller, int number) { return -38; }
                    }"""),
            source("biscotti.machine.UserContext", """
                    public interface UserContext { long argument(int i); }"""),
            source("biscotti.process.UserThread", """
                    public interface UserThread { biscotti.machine.UserContext context(); }"""),
            source("biscotti.process.SystemCallHandler", """
                    public interface SystemCallHandler { long call(UserThread caller, int number); }"""));

    @TempDir
    Path output;

    @Test
    void annotatedMethodsBecomeACompilingSwitchAndATable() throws IOException {
        List<String> errors = compile("""
                public class ToyCalls {
                    @SystemCall(number = 39, name = "getpid")
                    public long getpid(biscotti.process.UserThread caller) { return 1; }

                    @SystemCall(number = 0, name = "read", support = Support.PARTIAL, note = "files only")
                    public long read(biscotti.process.UserThread caller, int fd, long to, long count) { return 0; }
                }""");

        assertEquals(List.of(), errors);
        assertTrue(Files.exists(output.resolve("biscotti/syscall/Dispatch.class")));
        assertEquals(
                "0\tread\tpartial\tToyCalls\tfiles only\n39\tgetpid\tfull\tToyCalls\t\n",
                Files.readString(output.resolve(SystemCallProcessor.TABLE)));
    }

    @Test
    void aNumberAnsweredTwiceIsAnError() throws IOException {
        assertRefused("system call 39 is answered by getpid already", """
                public class ToyCalls {
                    @SystemCall(number = 39, name = "getpid")
                    public long getpid(biscotti.process.UserThread caller) { return 1; }

                    @SystemCall(number = 39, name = "gettid")
                    public long gettid(biscotti.process.UserThread caller) { return 1; }
                }""");
    }

    @Test
    void aPartialCallWithoutANoteIsAnError() throws IOException {
        assertRefused("a partial system call says in its note what is missing", """
                public class ToyCalls {
                    @SystemCall(number = 39, name = "getpid", support = Support.PARTIAL)
                    public long getpid(biscotti.process.UserThread caller) { return 1; }
                }""");
    }

    @Test
    void aParameterThatIsNoRegisterIsAnError() throws IOException {
        assertRefused("argument name is a register: int or long", """
                public class ToyCalls {
                    @SystemCall(number = 2, name = "open")
                    public long open(biscotti.process.UserThread caller, String name) { return 1; }
                }""");
    }

    @Test
    void aCallWithoutItsCallerIsAnError() throws IOException {
        assertRefused("the first parameter of a system call is the calling", """
                public class ToyCalls {
                    @SystemCall(number = 39, name = "getpid")
                    public long getpid() { return 1; }
                }""");
    }

    private void assertRefused(String why, String family) throws IOException {
        List<String> errors = compile(family);
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.getFirst().startsWith(why), errors::getFirst);
    }

    private List<String> compile(String family) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
        List<JavaFileObject> sources = new ArrayList<>(KERNEL);
        sources.add(source("biscotti.syscall.ToyCalls", family));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(messages, Locale.ROOT, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            JavaCompiler.CompilationTask task = compiler.getTask(null, files, messages, List.of(), null, sources);
            task.setProcessors(List.of(new SystemCallProcessor()));
            task.call();
        }
        return messages.getDiagnostics().stream()
                .filter(message -> message.getKind() == Diagnostic.Kind.ERROR)
                .map(message -> message.getMessage(Locale.ROOT))
                .toList();
    }

    private static JavaFileObject source(String type, String text) {
        String packageName = type.substring(0, type.lastIndexOf('.'));
        URI name = URI.create("string:///" + type.replace('.', '/') + ".java");
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return "package " + packageName + ";\n" + text;
            }
        };
    }
}
