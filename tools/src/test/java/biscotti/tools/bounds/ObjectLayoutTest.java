package biscotti.tools.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.boot.Collector;
import biscotti.tools.boot.HeapLayout;
import biscotti.tools.bounds.code.ClassWorld;
import biscotti.tools.bounds.cost.MachineLayout;
import biscotti.tools.bounds.cost.ObjectLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Computed sizes of objects against what a JVM with that layout takes for them. */
class ObjectLayoutTest {
    /** Allocates an object of each class named in its arguments and prints what the thread's counter says it took. */
    private static final String PROBE = """
            import java.lang.management.ManagementFactory;
            public class Probe {
                public static void main(String[] names) throws Exception {
                    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
                    var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
                    field.setAccessible(true);
                    var unsafe = (sun.misc.Unsafe) field.get(null);
                    long id = Thread.currentThread().threadId();
                    Object kept = null;
                    StringBuilder out = new StringBuilder();
                    for (String name : names) {
                        long size = Long.MAX_VALUE;
                        for (int i = 0; i < 3; i++) {
                            if (name.startsWith("[")) {
                                int length = Integer.parseInt(name.substring(name.indexOf('*') + 1));
                                Class<?> element = switch (name.charAt(1)) {
                                    case 'B' -> byte.class; case 'C' -> char.class; case 'I' -> int.class;
                                    case 'J' -> long.class; default -> Object.class; };
                                long before = threads.getThreadAllocatedBytes(id);
                                kept = java.lang.reflect.Array.newInstance(element, length);
                                size = Math.min(size, threads.getThreadAllocatedBytes(id) - before);
                            } else {
                                Class<?> type = Class.forName(name, false, null);
                                unsafe.allocateInstance(type);
                                long before = threads.getThreadAllocatedBytes(id);
                                kept = unsafe.allocateInstance(type);
                                size = Math.min(size, threads.getThreadAllocatedBytes(id) - before);
                            }
                        }
                        out.append(name).append(' ').append(size).append('\\n');
                    }
                    System.out.print(out);
                    if (kept == null) { throw new IllegalStateException(); }
                }
            }
            """;

    private static final List<String> NAMES = List.of(
            "java.lang.Object",
            "java.lang.String",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Byte",
            "java.lang.StringBuilder",
            "java.util.ArrayList",
            "java.util.HashMap",
            "java.util.HashMap$Node",
            "java.util.HashMap$TreeNode",
            "java.util.LinkedHashMap",
            "java.util.ArrayDeque",
            "java.util.Optional",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.locks.ReentrantLock",
            "java.util.concurrent.locks.ReentrantLock$NonfairSync",
            "java.util.concurrent.ArrayBlockingQueue",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer$ExclusiveNode",
            "java.util.PriorityQueue",
            "java.util.concurrent.atomic.AtomicLong",
            "java.nio.HeapByteBuffer",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.lang.IllegalStateException",
            "java.math.BigInteger",
            "java.util.BitSet",
            "java.util.Formatter",
            "java.io.BufferedInputStream",
            "java.util.zip.Deflater",
            "java.time.LocalDateTime",
            "java.util.GregorianCalendar",
            "[B*0",
            "[B*1",
            "[B*13",
            "[C*7",
            "[I*5",
            "[J*0",
            "[J*3",
            "[L*0",
            "[L*1",
            "[L*10");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"G1,4,12", "G1,4,8", "SERIAL,4,12", "G1,8,12", "G1,8,8", "Z,8,12"})
    void sizesAreThoseOfTheJvm(Collector collector, int reference, int header) throws Exception {
        ObjectLayout layout = new ObjectLayout(
                ClassWorld.of(directory), new MachineLayout(new HeapLayout(collector, reference, header)));
        List<String> computed =
                NAMES.stream().map(name -> name + " " + computed(layout, name)).toList();
        assertEquals(String.join("\n", computed), measured(collector, reference, header));
    }

    private static long computed(ObjectLayout layout, String name) {
        int star = name.indexOf('*');
        return star < 0
                ? layout.object(name.replace('.', '/'))
                : layout.array(
                        name.startsWith("[L") ? "[Ljava/lang/Object;" : name.substring(0, 2),
                        Long.parseLong(name.substring(star + 1)));
    }

    private String measured(Collector collector, int reference, int header) throws IOException, InterruptedException {
        Path probe = directory.resolve("Probe.java");
        Files.writeString(probe, PROBE);
        String gc = collector == Collector.Z ? "Z" : collector == Collector.SERIAL ? "Serial" : "G1";
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-Xint",
                "-XX:+Use" + gc + "GC",
                "-XX:" + (reference == 4 ? "+" : "-") + "UseCompressedOops",
                "-XX:" + (header == 8 ? "+" : "-") + "UseCompactObjectHeaders",
                probe.toString()));
        command.addAll(NAMES);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() == 0, out);
        return out.lines()
                .filter(line -> !line.startsWith("WARNING"))
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }
}
