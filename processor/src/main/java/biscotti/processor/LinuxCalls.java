package biscotti.processor;

import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Elements;

/** The names of all of Linux's system calls, from the constant text in the kernel's sources that has them. */
final class LinuxCalls {
    private static final String CLASS = "biscotti.abi.SystemCallNames";

    /** The field whose value is runs of names, each behind the number of its first one and a colon. */
    private static final String FIELD = "RUNS";

    private LinuxCalls() {}

    /** The names by number; none where the kernel's sources are not there, as in tests of the processor. */
    static Map<Integer, String> names(Elements elements) {
        TypeElement type = elements.getTypeElement(CLASS);
        Map<Integer, String> names = new TreeMap<>();
        if (type != null) {
            for (Element member : type.getEnclosedElements()) {
                if (member instanceof VariableElement field
                        && field.getSimpleName().contentEquals(FIELD)
                        && field.getConstantValue() instanceof String runs) {
                    parse(runs, names);
                }
            }
        }
        return names;
    }

    private static void parse(String runs, Map<Integer, String> to) {
        int number = 0;
        for (String word : runs.strip().split("\\s+")) {
            if (word.endsWith(":")) {
                number = Integer.parseInt(word.substring(0, word.length() - 1));
            } else {
                to.put(number++, word);
            }
        }
    }
}
