package biscotti.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Turns the methods annotated with {@code biscotti.syscall.SystemCall} into the dispatch switch and the table of
 * supported calls.
 *
 * <p>Every mistake in an annotation (a number used twice, a parameter that is no register, a partial call without a
 * note) is a compile error at the method that makes it.
 */
@SupportedAnnotationTypes(SystemCallProcessor.ANNOTATION)
public final class SystemCallProcessor extends AbstractProcessor {
    static final String ANNOTATION = "biscotti.syscall.SystemCall";

    /**
     * The resource that lists the calls: number, name, support (full, partial, ENOSYS), family and note, separated by tabs; in the
     * order of the numbers.
     */
    static final String TABLE = "META-INF/biscotti/system-calls.tsv";

    private static final String CALLER = "biscotti.process.UserThread";
    /** What a caller is to calls that are about files only; a UserThread is one. */
    private static final String FILE_CALLER = "biscotti.file.Caller";

    private static final int REGISTERS = 6;

    /** The calls found so far; several rounds may contribute when sources are generated. */
    private final Map<Integer, CallMethod> calls = new TreeMap<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (annotations.isEmpty()) {
            return false;
        }
        boolean sound = true;
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                sound &= collect((ExecutableElement) element);
            }
        }
        if (sound && !calls.isEmpty()) {
            generate();
        }
        return true;
    }

    private boolean collect(ExecutableElement method) {
        CallMethod call = CallMethod.of(method);
        CallMethod earlier = calls.putIfAbsent(call.number(), call);
        if (earlier != null) {
            return refuse(method, "system call " + call.number() + " is answered by " + earlier.method() + " already");
        }
        if (method.getModifiers().contains(Modifier.STATIC)
                || !method.getModifiers().contains(Modifier.PUBLIC)) {
            return refuse(method, "a system call is a public instance method");
        }
        if (method.getReturnType().getKind() != TypeKind.LONG) {
            return refuse(method, "a system call returns a long: its result or a negative errno");
        }
        if (call.partial() && call.note().isBlank()) {
            return refuse(method, "a partial system call says in its note what is missing");
        }
        return parametersAreRegisters(method);
    }

    private boolean parametersAreRegisters(ExecutableElement method) {
        List<? extends VariableElement> parameters = method.getParameters();
        String first =
                parameters.isEmpty() ? "" : parameters.getFirst().asType().toString();
        if (!first.equals(CALLER) && !first.equals(FILE_CALLER)) {
            return refuse(method, "the first parameter of a system call is the calling " + CALLER);
        }
        if (parameters.size() > REGISTERS + 1) {
            return refuse(method, "a system call has at most " + REGISTERS + " arguments");
        }
        for (VariableElement parameter : parameters.subList(1, parameters.size())) {
            TypeKind kind = parameter.asType().getKind();
            if (kind != TypeKind.INT && kind != TypeKind.LONG) {
                return refuse(method, "argument " + parameter + " is a register: int or long");
            }
        }
        return true;
    }

    private boolean refuse(Element where, String why) {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, why, where);
        return false;
    }

    /** The lines of the table by number: calls with a method, and those of Linux's without. */
    private Map<Integer, String> rows() {
        Map<Integer, String> rows = new TreeMap<>();
        LinuxCalls.names(processingEnv.getElementUtils())
                .forEach((number, name) -> rows.put(number, number + "\t" + name + "\tENOSYS\t\t\n"));
        calls.forEach((number, call) -> rows.put(number, call.row()));
        return rows;
    }

    private void generate() {
        Element[] origins = calls.values().stream().map(CallMethod::element).toArray(Element[]::new);
        try {
            try (Writer source = processingEnv
                    .getFiler()
                    .createSourceFile("biscotti.syscall.Dispatch", origins)
                    .openWriter()) {
                source.write(DispatchSource.of(calls.values()));
            }
            try (Writer table = processingEnv
                    .getFiler()
                    .createResource(StandardLocation.CLASS_OUTPUT, "", TABLE, origins)
                    .openWriter()) {
                for (String row : rows().values()) {
                    table.write(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the dispatch of system calls", e);
        }
    }
}
