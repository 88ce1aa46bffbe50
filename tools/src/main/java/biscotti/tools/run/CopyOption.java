package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One {@code --copy HOST:GUEST}.
 *
 * @param host a file or directory of the host
 * @param guest the absolute path that it gets in the root
 */
record CopyOption(Path host, String guest) {
    /** Reads the option's value; the last colon divides, so the host's path may have others. */
    static CopyOption parse(String value) {
        int colon = value.lastIndexOf(':');
        if (colon <= 0 || !value.startsWith("/", colon + 1)) {
            throw new ToolFailure("--copy " + value + ": not of the form HOST:GUEST with an absolute GUEST");
        }
        Path host = Path.of(value.substring(0, colon));
        if (Files.notExists(host)) {
            throw new ToolFailure("--copy " + host + ": no such file or directory");
        }
        String guest = Path.of(value.substring(colon + 1)).normalize().toString();
        if (guest.equals("/")) {
            throw new ToolFailure("--copy " + value + ": GUEST must name a file in the root, not the root itself");
        }
        return new CopyOption(host, guest);
    }
}
