package biscotti.tools.syscalls;

import java.io.BufferedReader;
import java.util.List;

/** Linux's system calls and what the kernel has of each, as the annotations of its methods say. */
final class SystemCallTable {
    /** Where the kernel's build leaves lines of number, name, support, family and note, separated by tabs; in order. */
    static final String RESOURCE = "META-INF/biscotti/system-calls.tsv";

    private final List<Row> rows;

    /**
     * One system call.
     *
     * @param support done, partial, or ENOSYS
     * @param family the class that has it; empty if none has
     * @param note what is missing
     */
    record Row(int number, String name, String support, String family, String note) {}

    private SystemCallTable(List<Row> rows) {
        this.rows = rows;
    }

    static SystemCallTable read(BufferedReader lines) {
        return new SystemCallTable(lines.lines().map(SystemCallTable::parse).toList());
    }

    private static Row parse(String line) {
        String[] columns = line.split("\t", 5);
        String support = columns[2].equals("full") ? "done" : columns[2];
        return new Row(Integer.parseInt(columns[0]), columns[1], support, columns[3], columns[4]);
    }

    private long count(String support) {
        return rows.stream().filter(row -> row.support().equals(support)).count();
    }

    /** How many there are of each kind. */
    private String summary() {
        return "%d done, %d partial, %d ENOSYS".formatted(count("done"), count("partial"), count("ENOSYS"));
    }

    /** As lines for a terminal. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append("%4d  %-24s %-8s %-20s %s"
                            .formatted(row.number(), row.name(), row.support(), row.family(), row.note())
                            .stripTrailing())
                    .append('\n');
        }
        return text.append(summary()).append('\n').toString();
    }

    /** As the page docs/syscalls.md. */
    String page() {
        StringBuilder page = new StringBuilder("""
                # System calls

                Linux's system calls for x86-64, and what the kernel has of each: all that the manual page says (done), not all of it (partial, with
                what is missing), or nothing (ENOSYS). This page is what `./biscotti syscalls --page` prints; it comes from the annotations of the
                kernel's methods (`biscotti.syscall.SystemCall`), and a test fails if it is not up to date.

                """);
        page.append(summary()).append(".\n\n| number | name | | what is missing |\n|---|---|---|---|\n");
        for (Row row : rows) {
            String note = row.note().replace("|", "\\|");
            page.append("| %d | %s | %s |%s |\n"
                    .formatted(row.number(), row.name(), row.support(), note.isEmpty() ? "" : " " + note));
        }
        return page.toString();
    }
}
