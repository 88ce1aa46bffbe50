package biscotti.tools.boot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The line that a boot loader hands to the shim: {@code SHIM-OPTIONS -- JVM-ARGUMENTS}.
 *
 * <p>The shim splits the JVM's arguments at blanks and decodes {@code %20}-style escapes in each, so an argument may hold
 * any byte but NUL; an escaped NUL ends an argument, so {@code %00} is the empty one.
 */
public final class KernelCommandLine {
    private static final String PLAIN = "-_./:=+,@~^#!*";

    private KernelCommandLine() {}

    /** The line for the given shim options and arguments of the JVM. */
    public static String of(List<String> shimOptions, List<String> arguments) {
        return String.join(" ", shimOptions)
                + " -- "
                + arguments.stream().map(KernelCommandLine::encode).collect(Collectors.joining(" "));
    }

    /** One argument, with all but a few plain characters of its UTF-8 form as percent escapes. */
    public static String encode(String argument) {
        if (argument.isEmpty()) {
            return "%00";
        }
        StringBuilder encoded = new StringBuilder();
        for (byte b : argument.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
