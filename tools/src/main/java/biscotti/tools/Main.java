package biscotti.tools;

import biscotti.tools.bench.BenchCommand;
import biscotti.tools.bounds.BoundsCommand;
import biscotti.tools.image.ImageCommand;
import biscotti.tools.run.RunCommand;
import biscotti.tools.syscalls.SyscallsCommand;
import biscotti.tools.test.TestCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./biscotti}: what the script of that name starts when all is built. */
@Command(
        name = "biscotti",
        mixinStandardHelpOptions = true,
        version = "biscotti 1-SNAPSHOT",
        description = "Runs, tests and packs Biscotti, a POSIX kernel in Java.",
        subcommands = {
            RunCommand.class,
            TestCommand.class,
            ImageCommand.class,
            SyscallsCommand.class,
            BoundsCommand.class,
            BenchCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        int status = execute(arguments);
        System.out.flush();
        System.exit(status);
    }

    /** Runs the command; failures become one line on standard error and a status. */
    static int execute(String... arguments) {
        CommandLine command = new CommandLine(new Main());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        // What follows COMMAND is COMMAND's.
        command.getSubcommands().get("run").setStopAtPositional(true);
        command.setParameterExceptionHandler((e, given) -> usageError(e));
        command.setExecutionExceptionHandler((e, line, result) -> failed(e));
        return command.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? " + String.join(", ", spec.subcommands().keySet()));
    }

    private static int usageError(ParameterException e) {
        CommandLine line = e.getCommandLine();
        report(oneLine(e.getMessage()) + " (" + line.getCommandSpec().qualifiedName(" ") + " --help tells more)");
        return ToolFailure.TOOL;
    }

    private static int failed(Exception e) {
        if (e instanceof ToolFailure failure) {
            report(failure.getMessage());
            return failure.status();
        }
        if (e instanceof IOException io) {
            report(describe(io));
        } else {
            report("internal error: " + oneLine(e.toString()) + " (where: " + trace(e) + ")");
        }
        return ToolFailure.TOOL;
    }

    /** What an I/O exception of the JDK means: its message is often only the name of the file. */
    static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException file -> file.getFile() + ": no such file or directory";
            case AccessDeniedException file -> file.getFile() + ": permission denied";
            case FileSystemException file ->
                file.getFile() + ": " + (file.getReason() == null ? "input/output error" : oneLine(file.getReason()));
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : oneLine(e.getMessage());
        };
    }

    private static void report(String line) {
        System.err.println("biscotti: " + line);
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Keeps the stack trace for whoever mends the tool and returns the file's name. */
    private static String trace(Exception e) {
        Path file = Repository.current().made("log").resolve("internal-error");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            e.printStackTrace(out);
        } catch (IOException unwritable) {
            return e.getStackTrace().length == 0 ? "unknown" : e.getStackTrace()[0].toString();
        }
        return file.toString();
    }
}
