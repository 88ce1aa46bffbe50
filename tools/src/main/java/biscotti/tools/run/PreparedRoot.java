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
import java.util.Optional;

/**
 * A root file system as archives, in which the command is known to be there.
 *
 * @param archives the root's archive, unless it is on a disk, and one with what this run adds to it
 * @param commandOptions the kernel's options that name the root's disk and the command
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
        List<String> commandOptions = commandOptions(command, "/", files);
        List<Path> archives = new ArrayList<>(List.of(base));
        overlay(files.changesSince(before), directory).ifPresent(archives::add);
        return new PreparedRoot(List.copyOf(archives), commandOptions);
    }

    /**
     * The root on a disk, in which the kernel looks for the command. Then the archive's files are in /run.
     *
     * @param disk the file system's
     * @param command the command with its arguments; none for a shell
     * @param directory takes the archive of this run
     */
    static PreparedRoot of(DiskImage disk, List<String> command, Path directory) throws IOException {
        FileTree files = new FileTree();
        List<String> options =
                new ArrayList<>(List.of("root=/dev/" + disk.kind().first(), "rw"));
        options.addAll(commandOptions(command, "/run/", files));
        return new PreparedRoot(overlay(files, directory).stream().toList(), List.copyOf(options));
    }

    /**
     * The kernel's options for a command.
     *
     * @param place where the archive's files are to be seen
     * @param files takes the file that a long command needs
     */
    private static List<String> commandOptions(List<String> command, String place, FileTree files) {
        List<String> options = new ArrayList<>();
        if (String.join(" ", command).length() > LONG_COMMAND) {
            files.file(COMMAND_FILE, 0400, commandFile(command));
            options.add("command-file=" + place + COMMAND_FILE);
        } else if (!command.isEmpty()) {
            options.add("--");
            options.addAll(command);
        }
        return List.copyOf(options);
    }

    private static Optional<Path> overlay(FileTree files, Path directory) throws IOException {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Files.createDirectories(directory);
        Path overlay = directory.resolve("overlay");
        RootBuilder.write(files, overlay);
        return Optional.of(overlay);
    }

    /** Every argument with a NUL after it. */
    private static Content commandFile(List<String> command) {
        StringBuilder text = new StringBuilder();
        command.forEach(argument -> text.append(argument).append('\0'));
        return Content.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
