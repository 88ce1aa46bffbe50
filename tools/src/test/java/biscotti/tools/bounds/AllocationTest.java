package biscotti.tools.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.range.Amount;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Random kernels run, and what they allocate is compared with their bounds. */
class AllocationTest {
    private static final int KERNELS = 25;
    private static final int RUNS = 40;
    private static final int MAX_DEPTH = 4;

    /** What the reflective call itself makes: the result as an object, and an empty array of arguments. */
    private static final long REFLECTION = 40;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private int methods;
    private final StringBuilder declarations = new StringBuilder();

    @Test
    void noRunAllocatesMoreThanItsBound() throws Exception {
        for (int kernel = 0; kernel < KERNELS; kernel++) {
            String body = kernel();
            ToyKernel toy = ToyKernel.of(body);
            Analysis analysis = toy.analyse();
            assertEquals(
                    List.of(),
                    analysis.findings().stream().map(Finding::toString).toList(),
                    body);
            long bound = analysis.allocated(analysis.entries().getFirst());
            long live = analysis.live(analysis.entries().getFirst());
            assertTrue(live <= bound && bound < Amount.UNBOUNDED, body);
            // In a thread of its own, for what an exception takes depends on how deep the stack is.
            FutureTask<Long> most = new FutureTask<>(() -> mostAllocated(toy.load()));
            Thread.ofPlatform().start(most);
            assertTrue(
                    most.get() <= bound, "seed " + seed + ": " + most.get() + " bytes, bound " + bound + "\n" + body);
        }
    }

    private static long mostAllocated(Class<?> type) throws ReflectiveOperationException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object linking = type.getConstructor().newInstance();
        Object measured = type.getConstructor().newInstance();
        Method call = type.getMethod("call");
        long id = Thread.currentThread().threadId();
        long most = 0;
        for (int run = 0; run < RUNS; run++) {
            Object first = call.invoke(linking); // goes the same way, and links what is on it
            long before = threads.getThreadAllocatedBytes(id);
            Object second = call.invoke(measured);
            long used = threads.getThreadAllocatedBytes(id) - before;
            assertEquals(first, second, "two runs that go different ways");
            most = run < RUNS / 2 ? 0 : Math.max(most, used - REFLECTION); // at first, reflection itself links
        }
        return most;
    }

    private String kernel() {
        declarations.setLength(0);
        methods = 0;
        String body = block(0);
        return "static class Node { Node next; Node(Node n) { next = n; } } Node list; Object kept; long state = 42;"
                + "long next() { state = state * 6364136223846793005L + 1442695040888963407L; return state >>> 33; }"
                + declarations + "@SystemCall(number = 1, name = \"call\") public long call() { list = null; " + body
                + " return next(); }";
    }

    private String block(int depth) {
        StringBuilder text = new StringBuilder();
        int statements = 1 + random.nextInt(3);
        for (int i = 0; i < statements; i++) {
            text.append(statement(depth));
        }
        return text.toString();
    }

    private String statement(int depth) {
        int length = 1 + random.nextInt(40);
        String name = "v" + depth + random.nextInt(1 << 20);
        return switch (random.nextInt(depth < MAX_DEPTH ? 11 : 6)) {
            case 0 -> "kept = new byte[" + length + "];";
            case 1 -> "list = new Node(list);";
            case 2 -> "kept = new long[(int) Math.min(next(), " + length + ")];";
            case 3 -> "kept = \"at \" + next() + ':' + " + length + ";";
            case 4 -> "kept = new int[" + length + "].clone();";
            case 5 -> "{ long c = next(); LongSupplier s = () -> c + 1; kept = s; state += s.getAsLong(); }";
            case 6 -> "if (next() % 2 == 0) {" + block(depth + 1) + "} else {" + block(depth + 1) + "}";
            case 7 ->
                "for (int " + name + " = 0; " + name + " < " + (1 + length % 5) + "; " + name + "++) {"
                        + block(depth + 1) + "}";
            case 8 ->
                "{ long n" + depth + " = next() % 7; if (n" + depth + " <= 4) { for (long " + name + " = 0; " + name
                        + " < n" + depth + "; " + name + "++) {" + block(depth + 1) + "} } }";
            case 9 -> call(depth);
            default ->
                "try { if (next() % 3 == 0) throw new Exception(\"no\"); " + block(depth + 1) + "} catch (Exception e"
                        + depth + ") {" + block(depth + 1) + "}";
        };
    }

    private String call(int depth) {
        String name = "m" + methods++;
        String body = block(depth + 1);
        declarations.append("Object ").append(name).append("() {").append(body).append(" return kept; }\n");
        return "kept = " + name + "();";
    }
}
