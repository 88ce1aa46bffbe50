package biscotti.tools.run;

import biscotti.tools.Repository;
import biscotti.tools.archive.Content;
import biscotti.tools.archive.CpioReader;
import biscotti.tools.archive.FileTree;
import biscotti.tools.root.CommandCheck;
import biscotti.tools.root.RootBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root file system as archives, in which the command is known to be there.
 *
 * @param archives the root's archive and one with what this run adds to it
 * @param commandOptions the kernel's options that name the command; none for a shell
 */
public record PreparedRoot(List<Path> archives, List<String> commandOptions) {
    /** A longer command goes into a file of the root instead of the kernel's command line. */
    private static final int LONG_COMMAND = 1500;

    private static final String COMMAND_FILE = ".command";

    /**
     * Makes the root that {@code options} ask for and checks that {@code command} can start from it.
     *
     * @param command the command with its arguments; none for a shell
     * @param directory takes the archive of this run
     */
    public static PreparedRoot of(Repository repository, RootOptions options, List<String> command, Path directory)
            throws IOException {
        Path base = options.build(repository);
        FileTree files = CpioReader.read(base);
        FileTree before = files.copy();
        options.copyInto(files);
        CommandCheck.check(files, command.isEmpty() ? "/bin/sh" : command.getFirst());
        List<String> commandOptions = new ArrayList<>();
        if (String.join(" ", command).length() > LONG_COMMAND) {
            files.file(COMMAND_FILE, 0400, commandFile(command));
            commandOptions.add("command-file=/" + COMMAND_FILE);
        } else if (!command.isEmpty()) {
            commandOptions.add("--");
            commandOptions.addAll(command);
        }
        List<Path> archives = new ArrayList<>(List.of(base));
        FileTree changes = files.changesSince(before);
        if (!changes.isEmpty()) {
            Files.createDirectories(directory);
            Path overlay = directory.resolve("overlay");
            RootBuilder.write(changes, overlay);
            archives.add(overlay);
        }
        return new PreparedRoot(List.copyOf(archives), List.copyOf(commandOptions));
    }

    /** Every argument with a NUL after it. */
    private static Content commandFile(List<String> command) {
        StringBuilder text = new StringBuilder();
        command.forEach(argument -> text.append(argument).append('\0'));
        return Content.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
