package biscotti.tools.bounds;

import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.range.Amount;
import java.io.PrintStream;
import java.util.List;

/** The bounds on a terminal. */
final class TextReport {
    private final Analysis analysis;
    private final PrintStream out;

    TextReport(Analysis analysis, PrintStream out) {
        this.analysis = analysis;
        this.out = out;
    }

    /** A line for each entry, the greatest bound first. */
    void table() {
        out.printf("%-24s %12s %12s %12s%n", "entry", "live", "kept", "allocated");
        for (Entry entry : analysis.byNeed()) {
            out.printf(
                    "%-24s %12s %12s %12s%n",
                    (entry.isSystemCall() ? "" : "unit ") + entry.name(),
                    Amount.text(analysis.live(entry)),
                    Amount.text(analysis.kept(entry)),
                    Amount.text(analysis.allocated(entry)));
        }
        out.println(analysis.entries().size() + " entries; bytes with "
                + analysis.machine().line() + "; " + analysis.effort());
    }

    /** Where one entry's bytes come from. */
    void tree(Entry entry) {
        entry.methods().forEach(method -> tree(CallTree.of(analysis.costs(), method), ""));
    }

    private void tree(CallTree tree, String indent) {
        out.println(indent + Amount.text(tree.live()) + "  " + tree.text()
                + (tree.isLeaf() ? "" : ", keeps " + Amount.text(tree.kept())));
        tree.parts().forEach(part -> tree(part, indent + "  "));
    }

    /** What forbids a bound: a line each. */
    void findings(List<Finding> findings) {
        findings.forEach(out::println);
    }
}
