package biscotti.boot;

import biscotti.heap.KernelHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own command line: {@code key=value ... -- COMMAND ARG...}.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>console=tty|raw</td><td>a terminal with echo and line editing, or bytes as they are (a pipe on the host's side)</td></tr>
 * <tr><td>size=COLSxROWS</td><td>the terminal's size at first</td></tr>
 * <tr><td>env=NAME=VALUE</td><td>a variable for the command's environment; may be repeated</td></tr>
 * <tr><td>command-file=PATH</td><td>a file in the root with the command and its arguments, each ended by a zero byte</td></tr>
 * <tr><td>root=DEVICE, rootfstype=, rootflags=, ro, rw, rootwait</td><td>the disk with the root, see {@link RootDisk}</td></tr>
 * <tr><td>heap=on|off|checked</td><td>whether work reserves what it needs of the kernel's heap, and whether that is compared
 * with what it allocates</td></tr>
 * <tr><td>heap-bounds=PATH</td><td>the table of what it needs, in the Java machine's file system</td></tr>
 * <tr><td>log=error|warning|information|debug</td><td>the least level that the kernel log keeps</td></tr>
 * </table>
 *
 * @param rawConsole whether the console passes bytes as they are
 * @param columns columns of the terminal, 0 if unknown
 * @param rows rows of the terminal, 0 if unknown
 * @param environment entries NAME=VALUE
 * @param commandFile where the command is read from; empty for nowhere
 * @param root the disk with the root file system
 * @param logLevel name of the log level; empty if not given
 * @param heapMode how much care is taken of the heap
 * @param heapBounds path of the table of bounds; where there is none, nothing is reserved
 * @param command the command and its arguments; empty for a shell
 * @param unknown options that were not understood
 */
record KernelOptions(
        boolean rawConsole,
        int columns,
        int rows,
        List<String> environment,
        String commandFile,
        RootDisk root,
        String logLevel,
        KernelHeap.Mode heapMode,
        String heapBounds,
        List<String> command,
        List<String> unknown) {

    private static final String DEFAULT_BOUNDS = "/heap.bounds";

    /** Reads the arguments of main. */
    static KernelOptions parse(String... arguments) {
        boolean raw = false;
        int columns = 0;
        int rows = 0;
        String file = "";
        RootDisk root = RootDisk.NONE;
        String level = "";
        KernelHeap.Mode mode = KernelHeap.Mode.ON;
        String bounds = DEFAULT_BOUNDS;
        List<String> environment = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        int index = 0;
        for (; index < arguments.length && !arguments[index].equals("--"); index++) {
            String argument = arguments[index];
            int equals = argument.indexOf('=');
            String key = equals < 0 ? argument : argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            switch (key) {
                case "console" -> raw = value.equals("raw");
                case "size" -> {
                    int cross = value.indexOf('x');
                    columns = size(value, 0, cross);
                    rows = size(value, cross + 1, value.length());
                }
                case "env" -> environment.add(value);
                case "command-file" -> file = value;
                case "log" -> level = value;
                case "heap" -> mode = heapMode(value);
                case "heap-bounds" -> bounds = value;
                default -> {
                    Optional<RootDisk> more = root.with(key, value);
                    root = more.orElse(root);
                    if (more.isEmpty()) {
                        unknown.add(argument);
                    }
                }
            }
        }
        List<String> all = List.of(arguments);
        List<String> command = index < all.size() ? all.subList(index + 1, all.size()) : List.of();
        return new KernelOptions(
                raw, columns, rows, List.copyOf(environment), file, root, level, mode, bounds, command, unknown);
    }

    private static KernelHeap.Mode heapMode(String name) {
        return switch (name) {
            case "off" -> KernelHeap.Mode.OFF;
            case "checked" -> KernelHeap.Mode.CHECKED;
            default -> KernelHeap.Mode.ON;
        };
    }

    private static int size(String text, int from, int to) {
        return (int) Math.max(0, Numbers.parse(text, from, to, Short.MAX_VALUE));
    }
}
