package biscotti.tools.bounds;

import biscotti.tools.bounds.range.Amount;

/** The table of bounds as the kernel reads it at its start. */
public final class BoundsTable {
    /** What is reserved for an entry without a bound, because one of the known findings is in its way: more than it takes in practice. */
    private static final long STOPGAP = 16 << 10;

    /** The class whose {@code main} starts the kernel. */
    public static final String MAIN = "biscotti/boot/Main";

    private BoundsTable() {}

    /** The lines of the table. */
    public static String of(Analysis analysis) {
        StringBuilder text = new StringBuilder(analysis.machine().line() + "\n");
        for (Entry entry : analysis.entries()) {
            text.append(entry.isSystemCall() ? "system-call " + entry.number() + " " : "unit ")
                    .append(entry.name())
                    .append(' ')
                    .append(analysis.live(entry) >= Amount.UNBOUNDED ? STOPGAP : analysis.live(entry))
                    .append(' ')
                    .append(Amount.text(analysis.allocated(entry)))
                    .append('\n');
        }
        long stack = analysis.machine().park();
        text.append("unit stack ").append(stack).append(' ').append(stack).append('\n');
        return text.append("unit bug ")
                .append(analysis.bug())
                .append(' ')
                .append(analysis.bug())
                .append('\n')
                .toString();
    }
}
