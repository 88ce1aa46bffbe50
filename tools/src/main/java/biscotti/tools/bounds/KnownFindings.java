package biscotti.tools.bounds;

import biscotti.tools.bounds.flow.Finding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Findings that are known and wait to be mended, each with a reason: the list may only become shorter. */
public final class KnownFindings {
    private final Map<String, String> reasons = new TreeMap<>();

    private KnownFindings() {}

    /** The list that belongs to this program: lines {@code METHOD KIND -- REASON}. */
    public static KnownFindings standard() {
        try (InputStream in = KnownFindings.class.getResourceAsStream("/biscotti/bounds/known-findings");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return of(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list. */
    public static KnownFindings of(List<String> lines) {
        KnownFindings known = new KnownFindings();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" -- ", 2);
                if (parts.length < 2 || parts[1].isBlank()) {
                    throw new IllegalArgumentException("known-findings: \"METHOD KIND -- REASON\" expected: " + line);
                }
                known.reasons.put(parts[0].strip(), parts[1].strip());
            }
        }
        return known;
    }

    /** How many there are. */
    public int size() {
        return reasons.size();
    }

    /** Those findings that are not in the list. */
    public List<Finding> unknown(Collection<Finding> findings) {
        return findings.stream()
                .filter(finding -> !reasons.containsKey(finding.key()))
                .toList();
    }

    /** The lines that are mended: they must be taken out. */
    public Set<String> stale(Collection<Finding> findings) {
        Set<String> stale = new TreeSet<>(reasons.keySet());
        stale.removeAll(findings.stream().map(Finding::key).collect(Collectors.toSet()));
        return stale;
    }
}
