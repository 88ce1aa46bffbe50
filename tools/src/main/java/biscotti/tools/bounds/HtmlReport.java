package biscotti.tools.bounds;

import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.flow.MethodClone;
import biscotti.tools.bounds.range.Amount;
import java.util.List;

/** The bounds as one page for a browser: a bar for each entry, its tree of calls behind it. */
final class HtmlReport {
    private static final String STYLE = """
            body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; }
            summary { cursor: pointer; display: grid; grid-template-columns: 14em 8em 1fr; align-items: center; }
            summary .bytes { text-align: right; padding-right: 1em; font-variant-numeric: tabular-nums; }
            summary .bar { height: 0.9em; background: #4477aa; border-radius: 2px; }
            summary .bar.unbounded { background: #cc3311; }
            pre { overflow-x: auto; background: #f4f4f4; padding: 0.8em; }
            @media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } pre { background: #222; } }
            """;

    private final Analysis analysis;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(Analysis analysis) {
        this.analysis = analysis;
    }

    static String of(Analysis analysis, List<Finding> findings) {
        HtmlReport report = new HtmlReport(analysis);
        report.write(findings);
        return report.page.toString();
    }

    private void write(List<Finding> findings) {
        page.append("<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Heap bounds</title><style>")
                .append(STYLE)
                .append(
                        "</style><h1>Heap bounds of the kernel</h1><p>The most that each system call and unit of work has ")
                .append("reachable on the heap at once, in bytes; logarithmic bars. ")
                .append(escape(analysis.machine().line()))
                .append(".</p>\n");
        analysis.byNeed().forEach(this::entry);
        if (!findings.isEmpty()) {
            page.append("<h2>Findings</h2><ul>");
            findings.forEach(finding ->
                    page.append("<li>").append(escape(finding.toString())).append("</li>\n"));
            page.append("</ul>");
        }
    }

    private void entry(Entry entry) {
        long live = analysis.live(entry);
        boolean unbounded = live >= Amount.UNBOUNDED;
        double percent = unbounded ? 100 : Math.min(100, Math.log1p(live) / Math.log(1 << 24) * 100);
        page.append("<details><summary><span>")
                .append(escape((entry.isSystemCall() ? "" : "unit ") + entry.name()))
                .append("</span><span class=bytes>")
                .append(Amount.text(live))
                .append("</span><span class=\"bar")
                .append(unbounded ? " unbounded" : "")
                .append("\" style=\"width:%.1f%%\"></span></summary><pre>".formatted(percent));
        for (MethodClone method : entry.methods()) {
            tree(CallTree.of(analysis.costs(), method), "");
        }
        page.append("</pre></details>\n");
    }

    private void tree(CallTree tree, String indent) {
        page.append(escape(indent + Amount.text(tree.live()) + "  " + tree.text()))
                .append('\n');
        tree.parts().forEach(part -> tree(part, indent + "  "));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
