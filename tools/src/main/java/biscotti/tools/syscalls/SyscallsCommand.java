package biscotti.tools.syscalls;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import picocli.CommandLine.Command;

/** {@code biscotti syscalls}: the system calls that the kernel has, from the table that its build makes of their annotations. */
@Command(
        name = "syscalls",
        mixinStandardHelpOptions = true,
        description = "Lists the kernel's system calls: number, name, support, family, note.")
public final class SyscallsCommand implements Callable<Integer> {
    /** Lines of number, name, support, family and note, separated by tabs; in the order of the numbers. */
    private static final String TABLE = "META-INF/biscotti/system-calls.tsv";

    @Override
    public Integer call() throws IOException {
        print(rows(Repository.current().kernelJar()), System.out);
        return 0;
    }

    private static List<String[]> rows(Path jar) throws IOException {
        try (ZipFile kernel = new ZipFile(jar.toFile())) {
            ZipEntry table = kernel.getEntry(TABLE);
            if (table == null) {
                throw new ToolFailure(jar + ": has no table of system calls");
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(kernel.getInputStream(table), StandardCharsets.UTF_8))) {
                return lines.lines().map(line -> line.split("\t", 5)).toList();
            }
        }
    }

    private static void print(List<String[]> rows, PrintStream out) {
        int full = 0;
        for (String[] row : rows) {
            full += row[2].equals("full") ? 1 : 0;
            out.println(String.format("%4s  %-24s %-8s %-18s %s", row[0], row[1], row[2], row[3], row[4])
                    .stripTrailing());
        }
        out.println(rows.size() + " system calls, " + full + " of them in full");
    }
}
