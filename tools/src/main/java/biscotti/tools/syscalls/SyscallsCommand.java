package biscotti.tools.syscalls;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code biscotti syscalls}: the system calls that the kernel has, from the table that its build makes of their annotations. */
@Command(
        name = "syscalls",
        mixinStandardHelpOptions = true,
        description = "Lists Linux's system calls: number, name, support by the kernel, family, note.")
public final class SyscallsCommand implements Callable<Integer> {
    @Option(names = "--page", description = "Print the page docs/syscalls.md instead.")
    private boolean page;

    @Override
    public Integer call() throws IOException {
        SystemCallTable table = read(Repository.current().kernelJar());
        System.out.print(page ? table.page() : table.text());
        return 0;
    }

    private static SystemCallTable read(Path jar) throws IOException {
        try (ZipFile kernel = new ZipFile(jar.toFile())) {
            ZipEntry table = kernel.getEntry(SystemCallTable.RESOURCE);
            if (table == null) {
                throw new ToolFailure(jar + ": has no table of system calls");
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(kernel.getInputStream(table), StandardCharsets.UTF_8))) {
                return SystemCallTable.read(lines);
            }
        }
    }
}
