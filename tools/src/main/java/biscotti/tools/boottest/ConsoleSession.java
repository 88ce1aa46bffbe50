package biscotti.tools.boottest;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.archive.FileTree;
import biscotti.tools.guest.Guest;
import biscotti.tools.guest.GuestMachine;
import biscotti.tools.guest.TestPrograms;
import biscotti.tools.machine.MachineOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A dialogue with a program on the console, written in a file of tests/console. Lines are
 *
 * <pre>
 * # a comment
 * run WORD...        the program, on the first line
 * type TEXT          types; Java's escapes: \r \n \t \b \\ and \xHH
 * wait TEXT          waits until the console shows TEXT after what was waited for before
 * size COLUMNS ROWS  changes the size of the terminal's window (on Biscotti only)
 * </pre>
 *
 * <p>Its transcript is everything the console shows. It is the same in every run if the file waits for a program's answer before it types on.
 */
final class ConsoleSession {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Step(String verb, String text) {}

    private final String name;
    private final List<String> command;
    private final List<Step> steps;

    private ConsoleSession(String name, List<String> command, List<Step> steps) {
        this.name = name;
        this.command = command;
        this.steps = steps;
    }

    /** Reads a session. */
    static ConsoleSession read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int space = line.indexOf(' ');
                String verb = space < 0 ? line : line.substring(0, space);
                steps.add(new Step(verb, space < 0 ? "" : unescaped(line.substring(space + 1))));
            }
        }
        if (steps.isEmpty() || !steps.getFirst().verb().equals("run")) {
            throw new ToolFailure(file + ": a session begins with a line \"run COMMAND\"");
        }
        String command = steps.removeFirst().text();
        return new ConsoleSession(
                file.getFileName().toString().replace(".session", ""), List.of(command.split(" ", -1)), steps);
    }

    /** The session's name: its file's without the suffix. */
    String name() {
        return name;
    }

    /** Holds the session on {@code guest} and returns its transcript with the exit status at the end. */
    String hold(Repository repository, Guest guest, MachineOptions machine, Path log) throws IOException {
        FileTree root = new FileTree();
        TestPrograms.of(repository).addTo(root);
        GuestMachine.Start start = new GuestMachine.Start(guest, machine, root, true, command);
        try (GuestMachine running = GuestMachine.start(repository, start, log)) {
            for (Step step : steps) {
                switch (step.verb()) {
                    case "type" -> running.type(step.text());
                    case "wait" -> running.awaitText(step.text(), PATIENCE);
                    case "size" -> running.sendControl("size " + step.text());
                    default -> throw new ToolFailure(name + ": no step is called " + step.verb());
                }
            }
            int status = running.awaitExit(PATIENCE);
            return running.output() + "[exit " + status + "]\n";
        }
    }

    private static String unescaped(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            char kind = text.charAt(++i);
            switch (kind) {
                case 'x' -> {
                    result.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                case 'r' -> result.append('\r');
                case 'n' -> result.append('\n');
                case 't' -> result.append('\t');
                case 'b' -> result.append('\b');
                case 's' -> result.append(' ');
                default -> result.append(kind);
            }
        }
        return result.toString();
    }
}
