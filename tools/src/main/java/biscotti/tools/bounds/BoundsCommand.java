package biscotti.tools.bounds;

import biscotti.tools.Repository;
import biscotti.tools.ToolFailure;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.run.CollectorOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code biscotti bounds}: how much of the kernel's heap each system call and unit of work may need. */
@Command(
        name = "bounds",
        mixinStandardHelpOptions = true,
        description = "Finds how much of the kernel's heap each system call may need; fails if there is no bound.")
public final class BoundsCommand implements Callable<Integer> {
    /** It says how large objects are. */
    @Mixin
    private CollectorOption gc;

    @Option(
            names = "--tree",
            paramLabel = "NAME",
            description = "Show where the bytes of one system call or unit come from.")
    private String tree;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with a bar chart.")
    private Path html;

    @Option(names = "--table", paramLabel = "FILE", description = "Write the table that the kernel reads.")
    private Path table;

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "Write the classes that the kernel's start must initialise.")
    private Path classes;

    @Option(
            names = "--kernel",
            paramLabel = "PATH",
            hidden = true,
            description = "Classes to analyse: a jar or a directory.")
    private Path kernel;

    @Override
    public Integer call() throws IOException {
        Analysis analysis = Analysis.ofKernel(
                kernel == null ? Repository.current().kernelJar() : kernel, MachineLayout.of(gc.collector()));
        TextReport report = new TextReport(analysis, System.out);
        if (tree == null) {
            report.table();
        } else {
            report.tree(entry(analysis));
        }
        List<Finding> findings = analysis.findings();
        write(html, HtmlReport.of(analysis, findings));
        write(classes, String.join("\n", analysis.initialised()) + "\n");
        report.findings(findings);
        if (table != null) {
            write(table, BoundsTable.of(analysis));
        }
        analysis.linkedLate().forEach(System.out::println);
        analysis.uncalled().forEach(method -> System.out.println(method + ": is annotated, but nothing calls it"));
        System.out.println(findings.size() + " findings");
        boolean sound = findings.isEmpty()
                && analysis.linkedLate().isEmpty()
                && analysis.uncalled().isEmpty();
        return sound ? 0 : 1;
    }

    private Entry entry(Analysis analysis) {
        return analysis.entries().stream()
                .filter(entry -> entry.name().equals(tree))
                .findFirst()
                .orElseThrow(() -> new ToolFailure(tree + ": no such system call or unit"));
    }

    private static void write(Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
        }
    }
}
