package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.range.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes or elements in the table of the JDK's costs: a sum of terms, such as {@code 64 + 2*#0 +
 * array(byte,$1)}.
 *
 * @param terms what is added up
 */
public record SizeExpression(List<Term> terms) {
    /** One of the things that are added up, {@code factor} times. */
    public record Term(long factor, Unit unit) {}

    /** What a term counts. */
    public sealed interface Unit {}

    /** One. */
    public record One() implements Unit {}

    /** The length of the array or string that is argument {@code argument} (0 is the receiver of an instance method). */
    public record LengthOf(int argument) implements Unit {}

    /** The greatest value of a number that is an argument. */
    public record ValueOf(int argument) implements Unit {}

    /** An object of a class. */
    public record ObjectOf(String type) implements Unit {}

    /** An array. */
    public record ArrayOf(String type, SizeExpression length) implements Unit {}

    /** The lesser of two. */
    public record Least(SizeExpression a, SizeExpression b) implements Unit {}

    /** A number that the layout has: {@code park} or {@code backtrace}. */
    public record Named(String name) implements Unit {}

    private static final Pattern TERM = Pattern.compile(
            "(?:(\\d+)\\s*\\*\\s*)?(?:(\\d+)|#(\\d+)|\\$(\\d+)|object\\(([^)]*)\\)|min\\(([^,]*),(.*)\\)|array\\(([^,]*),(.*)\\)|([a-z][a-z-]*))");

    /** Reads an expression. */
    public static SizeExpression parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : text.split("\\+(?![^(]*\\))")) {
            Matcher matcher = TERM.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no number of bytes: " + part.strip());
            }
            long factor = matcher.group(1) == null ? 1 : Long.parseLong(matcher.group(1));
            if (matcher.group(2) != null) {
                terms.add(new Term(factor * Long.parseLong(matcher.group(2)), new One()));
            } else {
                terms.add(new Term(factor, unit(matcher)));
            }
        }
        return new SizeExpression(terms);
    }

    private static Unit unit(Matcher matcher) {
        if (matcher.group(3) != null) {
            return new LengthOf(Integer.parseInt(matcher.group(3)));
        }
        if (matcher.group(4) != null) {
            return new ValueOf(Integer.parseInt(matcher.group(4)));
        }
        if (matcher.group(5) != null) {
            return new ObjectOf(matcher.group(5).strip().replace('.', '/'));
        }
        if (matcher.group(6) != null) {
            return new Least(parse(matcher.group(6)), parse(matcher.group(7)));
        }
        if (matcher.group(8) != null) {
            return new ArrayOf(JdkCosts.descriptor(matcher.group(8).strip()), parse(matcher.group(9)));
        }
        return new Named(matcher.group(10));
    }

    /** All that it counts, inside others, too. */
    public List<Unit> units() {
        List<Unit> units = new ArrayList<>();
        for (Term term : terms) {
            units.add(term.unit());
            if (term.unit() instanceof Least least) {
                units.addAll(least.a().units());
                units.addAll(least.b().units());
            }
        }
        return units;
    }

    /** Adds up, saturating; {@code units} is not asked for the lesser of two. */
    public long evaluate(ToLongFunction<Unit> units) {
        long sum = 0;
        for (Term term : terms) {
            long one = term.unit() instanceof Least least
                    ? Math.min(least.a().evaluate(units), least.b().evaluate(units))
                    : units.applyAsLong(term.unit());
            sum = Amount.add(sum, Amount.multiply(term.factor(), one));
        }
        return sum;
    }
}
