package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.code.ClassWorld;
import biscotti.tools.bounds.code.LoadedClass;
import biscotti.tools.bounds.code.LoadedField;
import biscotti.tools.bounds.code.Types;
import biscotti.tools.bounds.range.Amount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many bytes of the heap objects take, laid out as HotSpot does it (fieldLayoutBuilder.cpp): first the numbers, the
 * greatest first, then the references, each in the smallest gap that the superclasses left and it fits in, else behind.
 */
public final class ObjectLayout {
    private static final int ALIGNMENT = 8;
    /** Padding on each side of fields that must have a cache line of their own. */
    private static final int CONTENDED_PADDING = 128;

    /** Bytes of fields that HotSpot adds to classes of the JDK, which no class file shows. */
    private static final Map<String, Integer> INJECTED_BYTES =
            Map.of("java/lang/Thread", 16, "java/lang/VirtualThread", 0);

    /** Unused bytes between fields. */
    private record Gap(long start, long end) {}

    /** The bytes that a class and its superclasses fill, and the gaps in them. */
    private record Extent(long end, List<Gap> gaps) {}

    private final ClassWorld world;
    private final MachineLayout machine;
    private final Map<String, Extent> extents = new HashMap<>();

    /** The layout of {@code world}'s classes. */
    public ObjectLayout(ClassWorld world, MachineLayout machine) {
        this.world = world;
        this.machine = machine;
    }

    /** What it depends on. */
    public MachineLayout machine() {
        return machine;
    }

    /** The size of an object of a class. */
    public long object(String type) {
        return align(extent(world.get(type)).end(), ALIGNMENT);
    }

    /** The size of an array of a type, such as {@code [J}. */
    public long array(String type, long length) {
        if (length >= Amount.UNBOUNDED) {
            return Amount.UNBOUNDED;
        }
        int element = size(Types.element(type));
        long header = machine.arrayHeader(element);
        return align(header + Math.multiplyExact(length, (long) element), ALIGNMENT);
    }

    /** The size of a lambda that captures values of these types. */
    public long lambda(List<String> captured) {
        return align(place(new Extent(machine.header(), List.of()), captured).end(), ALIGNMENT);
    }

    private Extent extent(LoadedClass type) {
        Extent known = extents.get(type.name());
        if (known != null) {
            return known;
        }
        Extent before = type.superclass().map(this::extent).orElse(new Extent(machine.header(), List.of()));
        List<LoadedField> own =
                type.fields().stream().filter(field -> !field.isStatic()).toList();
        Extent after = place(
                before,
                own.stream()
                        .filter(f -> !f.isContended())
                        .map(LoadedField::descriptor)
                        .toList());
        after = contended(type, own, before, after);
        after = new Extent(after.end() + INJECTED_BYTES.getOrDefault(type.name(), 0), after.gaps());
        extents.put(type.name(), after);
        return after;
    }

    private Extent contended(LoadedClass type, List<LoadedField> own, Extent before, Extent plain) {
        if (type.isContended()) {
            Extent padded = new Extent(before.end() + CONTENDED_PADDING, List.of());
            Extent fields =
                    place(padded, own.stream().map(LoadedField::descriptor).toList());
            return new Extent(fields.end() + CONTENDED_PADDING, List.of());
        }
        long count = own.stream().filter(LoadedField::isContended).count();
        // Each may be in a group of its own: a padding before each and one behind the last.
        return count == 0
                ? plain
                : new Extent(plain.end() + count * (CONTENDED_PADDING + ALIGNMENT) + CONTENDED_PADDING, plain.gaps());
    }

    private Extent place(Extent before, List<String> descriptors) {
        List<String> order = new ArrayList<>(descriptors);
        order.sort(Comparator.comparing((String d) -> Types.isReference(d)).thenComparing(d -> -size(d)));
        List<Gap> gaps = new ArrayList<>(before.gaps());
        long end = before.end();
        for (String descriptor : order) {
            int size = size(descriptor);
            Gap gap = smallestFit(gaps, size);
            long start = align(gap == null ? end : gap.start(), size);
            if (gap == null) {
                addGap(gaps, end, start);
                end = start + size;
            } else {
                gaps.remove(gap);
                addGap(gaps, gap.start(), start);
                addGap(gaps, start + size, gap.end());
            }
        }
        return new Extent(end, gaps);
    }

    private static void addGap(List<Gap> gaps, long start, long end) {
        if (start < end) {
            gaps.add(new Gap(start, end));
        }
    }

    private static Gap smallestFit(List<Gap> gaps, int size) {
        Gap best = null;
        for (Gap gap : gaps) {
            boolean fits = align(gap.start(), size) + size <= gap.end();
            if (fits && (best == null || gap.end() - gap.start() < best.end() - best.start())) {
                best = gap;
            }
        }
        return best;
    }

    private int size(String descriptor) {
        return switch (descriptor.charAt(0)) {
            case 'Z', 'B' -> 1;
            case 'S', 'C' -> 2;
            case 'I', 'F' -> 4;
            case 'J', 'D' -> 8;
            default -> machine.reference();
        };
    }

    private static long align(long bytes, int to) {
        return (bytes + to - 1) / to * to;
    }
}
