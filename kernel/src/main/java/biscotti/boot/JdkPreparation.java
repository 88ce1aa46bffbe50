package biscotti.boot;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Has the JDK's classes done at boot what they would do in the middle of a system call, at the cost of heap that nobody has reserved
 * for it. The kernel's own classes are prepared by the tool ({@code biscotti.tools.boot.KernelJar}).
 */
final class JdkPreparation {
    /** They stay: HotSpot forgets a string that nobody has. */
    @SuppressWarnings("UnusedVariable")
    private static String[] strings = {};

    private JdkPreparation() {}

    /** Does all of it. */
    static void prepare(Path stringConstants) {
        makeStrings(stringConstants);
        linkCalls();
    }

    /**
     * Makes the string constants that a file has: their number, and each in {@link java.io.DataInput}'s form. HotSpot makes those of
     * a class when it first compiles one of its methods with C2; it then finds these and allocates nothing. In a rehearsal there is
     * no file.
     */
    private static void makeStrings(Path file) {
        if (Files.notExists(file)) {
            return;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            String[] made = new String[in.readInt()];
            for (int i = 0; i < made.length; i++) {
                made[i] = in.readUTF().intern();
            }
            strings = made;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** Makes each call of a {@link java.lang.invoke.VarHandle} once that the kernel comes to later: HotSpot links it at its first use. */
    private static void linkCalls() {
        new AtomicReference<>().compareAndSet(null, null);
        new AtomicReferenceArray<>(1).get(0);
        AtomicLongArray numbers = new AtomicLongArray(1);
        numbers.set(0, 0);
        numbers.getAndAdd(0, numbers.get(0));
        meetAtCounter();
    }

    /**
     * What a counter of the JDK does when two threads meet there, such as that of all virtual threads. Here the second one comes
     * while the first one adds.
     */
    private static void meetAtCounter() {
        LongAccumulator[] counter = new LongAccumulator[1];
        counter[0] = new LongAccumulator(
                (sum, more) -> {
                    if (more > 1) {
                        counter[0].accumulate(1);
                    }
                    return sum + more;
                },
                0);
        counter[0].accumulate(2);
        counter[0].accumulate(1);
        counter[0].accumulate(1);
    }
}
