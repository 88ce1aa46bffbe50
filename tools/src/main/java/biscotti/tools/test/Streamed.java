package biscotti.tools.test;

import biscotti.tools.HostProgram;
import biscotti.tools.ToolFailure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Runs a program of the host and shows its output as it comes. */
final class Streamed {
    private Streamed() {}

    /**
     * Runs {@code command} and returns its status.
     *
     * @param out takes the lines that {@code shown} picks
     * @param log the file that takes all lines
     */
    static int run(PrintStream out, Predicate<String> shown, Path log, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new ToolFailure("cannot run " + command[0] + ": is it installed?");
        }
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter file = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                if (shown.test(line)) {
                    out.println(line);
                }
            }
        }
        return HostProgram.waitFor(process);
    }
}
