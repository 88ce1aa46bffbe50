package biscotti.tools.bounds.range;

import biscotti.tools.bounds.code.Op;
import biscotti.tools.bounds.code.Relation;
import java.lang.classfile.TypeKind;

/**
 * The numbers from {@code low} to {@code high}, both included; none if {@code low} is greater.
 *
 * @param low the least
 * @param high the greatest
 */
public record Interval(long low, long high) {
    /** No number: a value that is never made. */
    public static final Interval NONE = new Interval(1, 0);

    /** All longs. */
    public static final Interval LONGS = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

    /** All ints. */
    public static final Interval INTS = new Interval(Integer.MIN_VALUE, Integer.MAX_VALUE);

    private static final Interval COMPARED = new Interval(-1, 1);

    /** One number. */
    public static Interval of(long value) {
        return new Interval(value, value);
    }

    /** All numbers of a type. */
    public static Interval all(TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> new Interval(0, 1);
            case BYTE -> new Interval(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case CHAR -> new Interval(Character.MIN_VALUE, Character.MAX_VALUE);
            case SHORT -> new Interval(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT -> INTS;
            default -> LONGS;
        };
    }

    /** Whether it holds no number. */
    public boolean isEmpty() {
        return low > high;
    }

    /** Whether all of its numbers are the other's, too. */
    public boolean isWithin(Interval other) {
        return isEmpty() || other.low <= low && high <= other.high;
    }

    /** The least interval that holds both. */
    public Interval join(Interval other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }

    /** The numbers in both. */
    public Interval meet(Interval other) {
        Interval both = new Interval(Math.max(low, other.low), Math.min(high, other.high));
        return both.isEmpty() ? NONE : both;
    }

    /** What grows since {@code before} may grow to anything of the type. */
    Interval widen(Interval before, Interval all) {
        return before.isEmpty()
                ? this
                : new Interval(low < before.low ? all.low : low, high > before.high ? all.high : high);
    }

    /** What is left of it if {@code relation} holds to some number of {@code other}. */
    Interval where(Relation relation, Interval other) {
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        return switch (relation) {
            case EQ -> meet(other);
            case NE -> other.low == other.high ? without(other.low) : this;
            case LT -> other.high == Long.MIN_VALUE ? NONE : meet(new Interval(Long.MIN_VALUE, other.high - 1));
            case LE -> meet(new Interval(Long.MIN_VALUE, other.high));
            case GT -> other.low == Long.MAX_VALUE ? NONE : meet(new Interval(other.low + 1, Long.MAX_VALUE));
            case GE -> meet(new Interval(other.low, Long.MAX_VALUE));
        };
    }

    private Interval without(long value) {
        if (low == value && high == value) {
            return NONE;
        }
        return low == value ? new Interval(low + 1, high) : high == value ? new Interval(low, high - 1) : this;
    }

    /** The results of an operation on two ints or two longs. */
    static Interval of(Op op, TypeKind kind, Interval a, Interval b) {
        if (a.isEmpty() || b.isEmpty()) {
            return NONE;
        }
        Interval all = all(kind);
        try {
            Interval exact = switch (op) {
                case ADD -> new Interval(Math.addExact(a.low, b.low), Math.addExact(a.high, b.high));
                case SUB -> new Interval(Math.subtractExact(a.low, b.high), Math.subtractExact(a.high, b.low));
                case MUL -> products(a, b);
                case DIV -> b.low > 0 ? quotients(a, b) : all;
                case REM -> b.low > 0 ? remainders(a, b.high) : all;
                case AND -> conjunctions(a, b, all);
                case OR, XOR -> disjunctions(a, b, all);
                case SHL -> b.low == b.high ? shifted(a, b.low, kind) : all;
                case SHR -> b.low == b.high ? right(a, b.low, kind) : all;
                case USHR -> unsignedRight(a, b, kind);
                case COMPARE -> COMPARED;
                default -> all;
            };
            return exact.isWithin(all) ? exact : all;
        } catch (ArithmeticException overflow) {
            return all;
        }
    }

    private static Interval products(Interval a, Interval b) {
        long p = Math.multiplyExact(a.low, b.low);
        long q = Math.multiplyExact(a.low, b.high);
        long r = Math.multiplyExact(a.high, b.low);
        long s = Math.multiplyExact(a.high, b.high);
        return new Interval(Math.min(Math.min(p, q), Math.min(r, s)), Math.max(Math.max(p, q), Math.max(r, s)));
    }

    private static Interval quotients(Interval a, Interval b) {
        return new Interval(a.low < 0 ? a.low / b.low : a.low / b.high, a.high < 0 ? a.high / b.high : a.high / b.low);
    }

    private static Interval remainders(Interval a, long greatest) {
        return new Interval(a.low < 0 ? 1 - greatest : 0, a.high > 0 ? Math.min(a.high, greatest - 1) : 0);
    }

    private static Interval conjunctions(Interval a, Interval b, Interval all) {
        if (a.low >= 0 && b.low >= 0) {
            return new Interval(0, Math.min(a.high, b.high));
        }
        if (a.low >= 0 || b.low >= 0) {
            return new Interval(0, a.low >= 0 ? a.high : b.high);
        }
        return all;
    }

    private static Interval disjunctions(Interval a, Interval b, Interval all) {
        if (a.low < 0 || b.low < 0) {
            return all;
        }
        long greatest = Math.max(a.high, b.high);
        return new Interval(0, greatest == 0 ? 0 : Long.highestOneBit(greatest) - 1 + Long.highestOneBit(greatest));
    }

    private static Interval shifted(Interval a, long count, TypeKind kind) {
        long bits = count & (kind == TypeKind.INT ? 31 : 63);
        return products(a, of(bits < 62 ? 1L << bits : Math.addExact(Long.MAX_VALUE, bits)));
    }

    private static Interval right(Interval a, long count, TypeKind kind) {
        long bits = count & (kind == TypeKind.INT ? 31 : 63);
        return new Interval(a.low >> bits, a.high >> bits);
    }

    private static Interval unsignedRight(Interval a, Interval b, TypeKind kind) {
        if (b.low != b.high) {
            return a.low >= 0 ? new Interval(0, a.high) : all(kind);
        }
        long bits = b.low & (kind == TypeKind.INT ? 31 : 63);
        if (a.low >= 0 || bits == 0) {
            return right(a, bits, kind);
        }
        return new Interval(0, (kind == TypeKind.INT ? 0xffff_ffffL : -1L) >>> bits);
    }

    /** What a conversion to {@code kind} makes of it. */
    Interval converted(TypeKind kind) {
        Interval all = all(kind);
        return isWithin(all) ? this : all;
    }

    Interval negated(TypeKind kind) {
        return of(Op.SUB, kind, of(0), this);
    }
}
