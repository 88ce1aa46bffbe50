package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.MemberRef;
import biscotti.tools.bounds.code.Method;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The table of what the analyser is told about the JDK: see the resource {@code jdk-costs} for its form. */
public final class JdkCosts {
    private static final Map<String, String> PRIMITIVES = Map.of(
            "byte", "B", "short", "S", "char", "C", "int", "I", "long", "J", "float", "F", "double", "D", "boolean",
            "Z");

    private final Map<String, Rule> rules = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    private JdkCosts() {}

    /** The table that belongs to this program. */
    public static JdkCosts standard() {
        try (InputStream in = JdkCosts.class.getResourceAsStream("/biscotti/bounds/jdk-costs")) {
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a table. */
    public static JdkCosts read(BufferedReader lines) throws IOException {
        JdkCosts costs = new JdkCosts();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                costs.add(line);
            }
        }
        return costs;
    }

    private void add(String line) {
        String[] parts = line.split(" -- ", 2);
        String[] words = parts[0].strip().split("\\s+:\\s*", 2);
        if (parts.length < 2 || words.length < 2) {
            throw new IllegalArgumentException("jdk-costs: \"METHOD : CLAUSE, ... -- REASON\" expected: " + line);
        }
        for (String method : words[0].split("\\s*\\|\\s*")) {
            if (rules.put(method, rule(method, words[1], parts[1].strip())) != null) {
                throw new IllegalArgumentException("jdk-costs: two lines for " + method);
            }
        }
    }

    private static Rule rule(String method, String clauses, String reason) {
        Rule.Returned returned = new Rule.Returned.Nothing();
        Optional<SizeExpression> kept = Optional.empty();
        Optional<SizeExpression> garbage = Optional.empty();
        Optional<SizeExpression> asleep = Optional.empty();
        OptionalInt starts = OptionalInt.empty();
        Optional<Rule.Saved> saved = Optional.empty();
        Optional<Rule.Callback> callback = Optional.empty();
        Optional<Rule.Moved> moved = Optional.empty();
        Optional<SizeExpression> contents = Optional.empty();
        boolean bootOnly = false;
        for (String clause : clauses.split(";\\s+")) {
            String[] words = clause.strip().split("\\s+", 2);
            switch (words[0]) {
                case "nothing" -> {}
                case "boot" -> bootOnly = true;
                case "contents" -> contents = Optional.of(SizeExpression.parse(words[1]));
                case "keeps" -> kept = Optional.of(SizeExpression.parse(words[1]));
                case "garbage" -> garbage = Optional.of(SizeExpression.parse(words[1]));
                case "asleep" -> asleep = Optional.of(SizeExpression.parse(words[1]));
                case "starts" -> starts = OptionalInt.of(Integer.parseInt(words[1].strip()));
                case "saves" -> saved = Optional.of(saved(words[1]));
                case "calls" -> callback = Optional.of(callback(words[1]));
                case "moves" -> {
                    String[] ends = words[1].split(" to ");
                    moved = Optional.of(
                            new Rule.Moved(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip())));
                }
                case "returns" -> returned = returned(words[1].strip());
                default -> throw new IllegalArgumentException("jdk-costs: unknown clause: " + clause);
            }
        }
        return new Rule(
                method, returned, kept, garbage, asleep, starts, saved, callback, moved, contents, bootOnly, reason);
    }

    /** {@code 1 as NAME}. */
    private static Rule.Saved saved(String text) {
        String[] words = text.split("\\s+");
        return new Rule.Saved(Integer.parseInt(words[0]), words[2]);
    }

    /** {@code CLASS.METHOD(DESCRIPTOR) on NAME with CLASS}. */
    private static Rule.Callback callback(String text) {
        String[] words = text.split("\\s+");
        int end = words[0].indexOf('(');
        int dot = words[0].lastIndexOf('.', end);
        MemberRef method = new MemberRef(
                words[0].substring(0, dot).replace('.', '/'),
                words[0].substring(dot + 1, end),
                words[0].substring(end));
        return new Rule.Callback(method, words[2], name(words[4]));
    }

    private static Rule.Returned returned(String text) {
        String[] words = text.split("\\s+", 2);
        return switch (words[0]) {
            case "argument" -> new Rule.Returned.SameAs(Integer.parseInt(words[1]));
            case "present" -> new Rule.Returned.Present(name(words[1]));
            case "new" -> new Rule.Returned.New(name(words[1]));
            case "copy" -> {
                String[] copy = words[1].split("\\s+", 2);
                yield new Rule.Returned.Copy(Integer.parseInt(copy[0]), SizeExpression.parse(copy[1]));
            }
            case "string" -> new Rule.Returned.NewString(SizeExpression.parse(words[1]));
            case "array" -> {
                String[] array = words[1].split("\\s+", 2);
                yield new Rule.Returned.NewArray("[" + descriptor(array[0]), SizeExpression.parse(array[1]));
            }
            default -> throw new IllegalArgumentException("jdk-costs: unknown result: " + text);
        };
    }

    private static String name(String type) {
        String descriptor = descriptor(type);
        return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }

    /** The descriptor of a type written as in Java, but that nested classes have a dollar sign. */
    static String descriptor(String type) {
        if (type.endsWith("[]")) {
            return "[" + descriptor(type.substring(0, type.length() - 2));
        }
        String primitive = PRIMITIVES.get(type);
        return primitive != null ? primitive : "L" + type.replace('.', '/') + ";";
    }

    /** What the table says of a method. */
    public Optional<Rule> of(Method method) {
        return of(new MemberRef(method.owner().name(), method.name(), method.descriptor()));
    }

    /** What the table says of a method or field. */
    public Optional<Rule> of(MemberRef member) {
        String owner = member.owner().replace('/', '.');
        String name = owner + "." + member.name();
        for (String key : new String[] {name + member.descriptor(), name, owner + ".*"}) {
            Rule rule = rules.get(key);
            if (rule != null) {
                used.add(key);
                return Optional.of(rule);
            }
        }
        return ofPackage(owner);
    }

    /** What the table says of all classes of a package, or of a class and those nested in it. */
    private Optional<Rule> ofPackage(String owner) {
        for (String at = owner; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
            Rule rule = rules.get(at + ".**");
            if (rule != null) {
                used.add(at + ".**");
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** The lines that no analysis asked for. */
    public Set<String> unused() {
        Set<String> unused = new TreeSet<>(rules.keySet());
        unused.removeAll(used);
        return unused;
    }
}
