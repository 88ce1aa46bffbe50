package biscotti.processor;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.type.TypeKind;

/** The text of the dispatch class. */
final class DispatchSource {
    private DispatchSource() {}

    static String of(Collection<CallMethod> calls) {
        List<CallMethod> families = families(calls);
        StringBuilder text = new StringBuilder(1 << 16);
        text.append("package biscotti.syscall;\n\n");
        text.append("import biscotti.machine.UserContext;\nimport biscotti.process.SystemCallHandler;\n");
        text.append("import biscotti.process.UserThread;\nimport javax.annotation.processing.Generated;\n\n");
        text.append("/** The switch over all system calls, generated from the methods annotated with SystemCall. */\n");
        text.append("@Generated(\"biscotti.processor.SystemCallProcessor\")\n");
        text.append("@SuppressWarnings(\"UnusedVariable\") // a call without arguments needs no registers\n");
        text.append("public final class Dispatch implements SystemCallHandler {\n");
        for (CallMethod family : families) {
            text.append("    private final %s %s;\n".formatted(family.familyType(), family.field()));
        }
        text.append("    private final UnsupportedCalls unsupported;\n\n");
        constructor(text, families);
        dispatchSwitch(text, calls);
        for (CallMethod call : calls) {
            oneCall(text, call);
        }
        return text.append("}\n").toString();
    }

    /** One call of each family, in the order of the families' names. */
    private static List<CallMethod> families(Collection<CallMethod> calls) {
        Set<String> seen = new HashSet<>();
        return calls.stream()
                .filter(call -> seen.add(call.familyType()))
                .sorted(Comparator.comparing(CallMethod::familyName))
                .toList();
    }

    private static void constructor(StringBuilder text, List<CallMethod> families) {
        String parameters = families.stream()
                .map(family -> family.familyType() + " " + family.field())
                .collect(Collectors.joining(", "));
        text.append(
                "    /** Takes the families in the order of their names, then what answers all other numbers. */\n");
        text.append("    public Dispatch(%s, UnsupportedCalls unsupported) {\n".formatted(parameters));
        for (CallMethod family : families) {
            text.append("        this.%1$s = %1$s;\n".formatted(family.field()));
        }
        text.append("        this.unsupported = unsupported;\n    }\n\n");
    }

    /** Each case is a call of its own method, so that the switch stays below HotSpot's limit of 8000 bytes. */
    private static void dispatchSwitch(StringBuilder text, Collection<CallMethod> calls) {
        text.append("    @Override\n    public long call(UserThread caller, int number) {\n");
        text.append("        UserContext registers = caller.context();\n");
        text.append("        return switch (number) {\n");
        for (CallMethod call : calls) {
            text.append("            case %d -> call%1$d(caller, registers);\n".formatted(call.number()));
        }
        text.append("            default -> unsupported.call(caller, number);\n");
        text.append("        };\n    }\n");
    }

    private static void oneCall(StringBuilder text, CallMethod call) {
        StringBuilder arguments = new StringBuilder("caller");
        for (int i = 0; i < call.arguments().size(); i++) {
            String cast = call.arguments().get(i) == TypeKind.INT ? "(int) " : "";
            arguments
                    .append(", ")
                    .append(cast)
                    .append("registers.argument(")
                    .append(i)
                    .append(')');
        }
        text.append("\n    /** %s */\n".formatted(call.name()));
        text.append("    private long call%d(UserThread caller, UserContext registers) {\n".formatted(call.number()));
        text.append("        return %s.%s(%s);\n    }\n".formatted(call.field(), call.method(), arguments));
    }
}
