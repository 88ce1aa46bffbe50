package biscotti.tools.bounds;

import biscotti.tools.ToolFailure;
import biscotti.tools.bounds.range.Amount;

/** The table of bounds as the kernel reads it at its start. */
public final class BoundsTable {
    private BoundsTable() {}

    /** The lines of the table; an entry without a bound is an error: findings say why. */
    public static String of(Analysis analysis) {
        StringBuilder text = new StringBuilder(analysis.machine().line() + "\n");
        for (Entry entry : analysis.entries()) {
            long live = analysis.live(entry);
            if (live >= Amount.UNBOUNDED) {
                throw new ToolFailure("the kernel cannot reserve for " + entry.name()
                        + ": no bound was found, see ./biscotti bounds");
            }
            text.append(entry.isSystemCall() ? "system-call " + entry.number() + " " : "unit ")
                    .append(entry.name())
                    .append(' ')
                    .append(live)
                    .append(' ')
                    .append(Amount.text(analysis.allocated(entry)))
                    .append('\n');
        }
        return text.toString();
    }
}
