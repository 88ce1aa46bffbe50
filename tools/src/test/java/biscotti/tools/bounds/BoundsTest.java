package biscotti.tools.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.bounds.flow.Finding;
import biscotti.tools.bounds.range.Amount;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the analyser finds of small kernels, to the byte; sizes are those of G1 with ordinary headers. */
class BoundsTest {
    private static final String CALL = "@SystemCall(number = 1, name = \"call\") public long call() ";
    private static final String NODE = "static class Node { Node next; Node(Node n) { next = n; } } Node list;";
    private static final long NODE_BYTES = 16;

    private static Analysis analyse(String body) {
        return ToyKernel.of(body).analyse();
    }

    /** Asserts that the call has a bound, and which. */
    private static void assertBounds(long live, long kept, long allocated, String body) {
        Analysis analysis = analyse(body);
        assertEquals(
                List.of(), analysis.findings().stream().map(Finding::toString).toList());
        Entry call = analysis.entries().getFirst();
        assertEquals(live, analysis.live(call), "live");
        assertEquals(kept, analysis.kept(call), "kept");
        assertEquals(allocated, analysis.allocated(call), "allocated");
    }

    private static void assertRefused(Finding.Kind kind, String what, String body) {
        List<Finding> findings = analyse(body).findings();
        assertTrue(
                findings.stream()
                        .anyMatch(finding ->
                                finding.kind() == kind && finding.toString().contains(what)),
                () -> "not " + kind + " " + what + ": " + findings);
    }

    @Test
    void aCallThatMakesNothingNeedsNothing() {
        assertBounds(0, 0, 0, CALL + "{ return 42; }");
    }

    @Test
    void whatIsStoredInTheKernelIsKept() {
        assertBounds(16, 16, 16, NODE + CALL + "{ list = new Node(list); return 0; }");
    }

    @Test
    void whatDiesWithTheMethodIsLiveButNotKept() {
        assertBounds(16, 0, 16, NODE + CALL + "{ Node n = new Node(null); return n.next == null ? 1 : 0; }");
    }

    @Test
    void transientsOfCalleesCountOnce() {
        assertBounds(1000 + 16, 0, 3 * (1000 + 16), """
                long part(int seed) { byte[] b = new byte[1000]; b[0] = (byte) seed; return b[0]; }
                """ + CALL + "{ return part(1) + part(2) + part(3); }");
    }

    @Test
    void whatCalleesReturnAddsUp() {
        assertBounds(
                48,
                0,
                48,
                NODE + "Node make(Node n) { return new Node(n); }" + CALL
                        + "{ return make(make(make(null))).next == null ? 1 : 0; }");
    }

    @Test
    void theWorseOfTwoWaysCounts() {
        assertBounds(
                416,
                0,
                416,
                CALL + "{ byte[] b = published == null ? new byte[100] : new byte[400]; return b.length; }");
    }

    @Test
    void aLoopWithAConstantLimitMultipliesWhatItKeeps() {
        assertBounds(
                10 * NODE_BYTES,
                10 * NODE_BYTES,
                10 * NODE_BYTES,
                NODE + CALL + "{ for (int i = 0; i < 10; i++) list = new Node(list); return 0; }");
    }

    @Test
    void aLoopToTheLesserOfTwoIsLimited() {
        assertBounds(
                64 * NODE_BYTES,
                64 * NODE_BYTES,
                64 * NODE_BYTES,
                NODE + "int wanted;" + CALL
                        + "{ wanted = (int) System.nanoTime(); int n = Math.min(wanted, 64);"
                        + " for (int i = 0; i < n; i++) list = new Node(list); return 0; }");
    }

    @Test
    void aLimitTestedBeforeTheLoopIsEnforced() {
        assertBounds(
                8 * NODE_BYTES,
                8 * NODE_BYTES,
                8 * NODE_BYTES,
                NODE + CALL
                        + "{ long n = System.nanoTime(); if (n > 8) return -22;"
                        + " for (@Bound(8) long i = 0; i < n; i++) list = new Node(list); return 0; }");
    }

    @Test
    void aLoopThatCountsDownAndOneThatClearsBitsAreLimited() {
        assertBounds(
                (5 + 64) * NODE_BYTES,
                (5 + 64) * NODE_BYTES,
                (5 + 64) * NODE_BYTES,
                NODE + CALL
                        + "{ for (int i = 5; i > 0; i--) list = new Node(list);"
                        + " for (long bits = System.nanoTime(); bits != 0; bits &= bits - 1) list = new Node(list);"
                        + " return 0; }");
    }

    @Test
    void aLoopThatOnlyMakesGarbageNeedsNoLimit() {
        assertBounds(
                120,
                0,
                Amount.UNBOUNDED,
                CALL
                        + "{ long sum = 0; while (System.nanoTime() != 0) { byte[] b = new byte[97]; b[0] = 1; sum += b[0]; }"
                        + " return sum; }");
    }

    @Test
    void aLoopThatKeepsWithoutALimitIsRefused() {
        assertRefused(
                Finding.Kind.LOOP,
                "keeps 16 bytes a round",
                NODE + CALL + "{ while (System.nanoTime() != 0) list = new Node(list); return 0; }");
    }

    @Test
    void aLoopThatIsTheWholeMethodIsALoop() {
        assertRefused(
                Finding.Kind.LOOP,
                "keeps 16 bytes a round",
                NODE
                        + "void fill(long n) { do { list = new Node(list); } while (n-- > System.nanoTime()); }"
                        + CALL + "{ fill(3); return 0; }");
    }

    @Test
    void partsWithBoundsWhoseSumIsBeyondCountingAreRefused() {
        assertRefused(
                Finding.Kind.SUM,
                "call has no bound",
                NODE
                        + "void fill() { long n = Math.min(300_000_000, System.nanoTime());"
                        + " for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) list = new Node(list); }"
                        + CALL + "{ fill(); fill(); return 0; }");
    }

    @Test
    void aLimitThatIsOnlyBelievedIsRefused() {
        assertRefused(
                Finding.Kind.STATED,
                "@Bound(8) is not enforced",
                NODE + CALL
                        + "{ long n = System.nanoTime(); for (@Bound(8) long i = 0; i < n; i++) list = new Node(list);"
                        + " return 0; }");
    }

    @Test
    void aCounterThatDoesNotCountEachRoundProvesNothing() {
        assertRefused(
                Finding.Kind.LOOP,
                "keeps 16 bytes",
                NODE + CALL
                        + "{ int i = 0; while (i < 8) { list = new Node(list); if (System.nanoTime() == 5) i++; }"
                        + " return 0; }");
    }

    @Test
    void aTestThatARoundMayLeaveOutProvesNothing() {
        assertRefused(
                Finding.Kind.LOOP,
                "keeps 16 bytes",
                NODE + CALL
                        + "{ int i = 0; while (true) { i++; list = new Node(list);"
                        + " if (System.nanoTime() == 5) { if (i > 8) return 0; } } }");
    }

    @Test
    void anArrayOfUnknownLengthIsRefused() {
        assertRefused(
                Finding.Kind.ARRAY,
                "no provable limit",
                CALL + "{ published = new byte[(int) System.nanoTime()]; return 0; }");
    }

    @Test
    void anArrayClampedToAConstantIsNot() {
        assertBounds(
                4096 + 16,
                4096 + 16,
                4096 + 16,
                CALL + "{ published = new byte[Math.clamp(System.nanoTime(), 0, 4096)]; return 0; }");
    }

    @Test
    void recursionThatMakesSomethingIsRefused() {
        assertRefused(
                Finding.Kind.RECURSION,
                "recursion that allocates",
                NODE
                        + "void deep(long n) { if (n > 0) { list = new Node(list); deep(n - 1); } }" + CALL
                        + "{ deep(System.nanoTime()); return 0; }");
    }

    @Test
    void recursionThatMakesNothingIsNot() {
        assertBounds(0, 0, 0, "long deep(long n) { return n > 0 ? deep(n - 1) : n; }" + CALL + "{ return deep(9); }");
    }

    @Test
    void aNativeThatNoTableListsIsRefused() {
        assertRefused(
                Finding.Kind.UNLISTED,
                "native toy.Kernel.mystery",
                "static native long mystery();" + CALL + "{ return mystery(); }");
    }

    @Test
    void aCallWhoseReceiverIsUnknownIsRefused() {
        assertRefused(
                Finding.Kind.UNRESOLVED,
                "nothing is known to reach",
                "Runnable never;" + CALL + "{ if (System.nanoTime() == 5) never.run(); return 0; }");
    }

    @Test
    void aMethodOfTheKernelsStartIsRefusedInACall() {
        assertRefused(
                Finding.Kind.START_ONLY,
                "for the kernel's start only",
                CALL + "{ return new StringBuilder().append(System.nanoTime()).toString().length(); }");
    }

    @Test
    void aLambdaThatCapturesIsAnObject() {
        // header 12, long 8: 24; without captured values there is one lambda for all
        assertBounds(
                24,
                0,
                24,
                "static long run(LongSupplier s) { return s.getAsLong(); }" + CALL
                        + "{ long now = System.nanoTime(); return run(() -> now) + run(() -> 5); }");
    }

    @Test
    void whatALambdaMakesIsTheCallersCost() {
        assertBounds(
                40,
                16,
                40,
                NODE + "static void run(Runnable r) { r.run(); }" + CALL
                        + "{ Node first = list; int n = 1; run(() -> list = new Node(first)); return n; }");
    }

    @Test
    void aConstructorReferenceMakesItsObject() {
        assertBounds(
                16,
                16,
                16,
                NODE + "static Node make(Function<Node, Node> f) { return f.apply(null); }" + CALL
                        + "{ list = make(Node::new); return 0; }");
    }

    @Test
    void anArrayConstructorReferenceMakesItsArray() {
        assertBounds(
                56,
                56,
                56,
                "static Object make(IntFunction<Object[]> f) { return f.apply(10); }" + CALL
                        + "{ published = make(Object[]::new); return 0; }");
    }

    @Test
    void aNumberMadeAnObjectCounts() {
        assertBounds(
                16 + 24,
                16 + 24,
                16 + 24,
                "Optional<Long> last = Optional.empty();" + CALL
                        + "{ last = Optional.of(System.nanoTime()); return 0; }");
    }

    @Test
    void aCloneIsAsLongAsItsOriginal() {
        assertBounds(
                2 * 816,
                2 * 816,
                2 * 816,
                "long[] table;" + CALL + "{ table = new long[100]; published = table.clone(); return 0; }");
    }

    @Test
    void theValuesOfAnEnumAreCopied() {
        assertBounds(32, 0, 32, "enum Color { RED, GREEN, BLUE, WHITE }" + CALL + "{ return Color.values().length; }");
    }

    @Test
    void arraysOfArraysMultiply() {
        // 1 of 3 references, 3 of 10 longs
        assertBounds(32 + 3 * 96, 32 + 3 * 96, 32 + 3 * 96, CALL + "{ published = new long[3][10]; return 0; }");
    }

    @Test
    void aConcatenationIsAsLongAsItsParts() {
        // String 24; two bytes for each of 4 + 20 + 3 characters: 54 + 16. Two more on the way; three made for each
        // argument.
        assertBounds(
                3 * (24 + 72),
                24 + 72,
                7 * (24 + 72),
                "String text() { return \"abc\"; }" + CALL
                        + "{ published = \"at: \" + System.nanoTime() + text(); return 0; }");
    }

    @Test
    void aRecordsOwnMethodsCallThoseOfItsParts() {
        assertBounds(
                24,
                0,
                24,
                "record Pair(Runnable a, int b) {} Pair pair = new Pair(null, 4);" + CALL
                        + "{ return new Pair(null, 3).hashCode() + pair.hashCode(); }");
    }

    @Test
    void aSwitchOverTypesAndStringsMakesNothing() {
        assertBounds(0, 0, 0, """
                sealed interface Shape {} record Circle(int r) implements Shape {} record Square(int a) implements Shape {}
                Shape shape = new Circle(3); String name = "circle";
                """ + CALL + """
                {
                    int kind = switch (name) { case "circle" -> 1; case "square" -> 2; default -> 3; };
                    return kind + switch (shape) { case Circle c -> c.r(); case Square(int a) -> a; };
                }
                """);
    }

    @Test
    void anExceptionThatIsCaughtCounts() {
        Analysis analysis = analyse(NODE
                + "static class Full extends Exception {}"
                + "void put() throws Full { if (list != null) throw new Full(); list = new Node(null); }" + CALL
                + "{ try { put(); } catch (Full e) { return -28; } return 0; }");
        long exception = 40 + analysis.machine().backtrace();
        assertEquals(List.of(), analysis.findings());
        assertEquals(exception, analysis.live(analysis.entries().getFirst()));
    }

    @Test
    void anExceptionThatLeavesTheCallIsABug() {
        Analysis analysis = analyse(
                "Object guarded;" + CALL + "{ if (guarded != null) throw new IllegalStateException(); return 0; }");
        assertEquals(0, analysis.live(analysis.entries().getFirst()));
        assertEquals(40 + analysis.machine().backtrace(), analysis.exception());
    }

    @Test
    void whatIsMadeBeforeAnExceptionCountsWhereItIsHandled() {
        Analysis analysis = analyse(NODE
                + "void put() { list = new Node(list); if (list.next != null) throw new IllegalStateException(); }"
                + CALL
                + "{ try { put(); } catch (RuntimeException e) { list = new Node(list); } return 0; }");
        assertEquals(
                16 + 40 + analysis.machine().backtrace() + 16,
                analysis.live(analysis.entries().getFirst()));
    }

    @Test
    void aNewRoundOfTheReservationEndsTheSum() {
        assertBounds(32, 32, 32, NODE + "@Round boolean nextRound() { return System.nanoTime() != 5; }" + CALL + """
                {
                    list = new Node(new Node(list));
                    while (System.nanoTime() != 7) {
                        if (!nextRound()) { return -4; }
                        list = new Node(list);
                    }
                    return 0;
                }
                """);
    }

    @Test
    void aRefusedRoundGoesOnWithWhatItHas() {
        Analysis analysis =
                analyse(NODE + "@Round boolean nextRound() { return System.nanoTime() != 5; }" + CALL + """
                {
                    while (System.nanoTime() != 7) {
                        list = new Node(list);
                        if (!nextRound()) { published = new byte[1000]; return -4; }
                    }
                    return 0;
                }
                """);
        assertEquals(List.of(), analysis.findings());
        assertEquals(16 + 1016, analysis.live(analysis.entries().getFirst()));
    }

    @Test
    void aRoundWhoseAnswerIsNotTestedIsNone() {
        assertRefused(
                Finding.Kind.LOOP,
                "keeps 16 bytes",
                NODE
                        + "@Round boolean nextRound() { return System.nanoTime() != 5; }" + CALL
                        + "{ while (System.nanoTime() != 7) { nextRound(); list = new Node(list); } return 0; }");
    }

    @Test
    void assertionsAreOff() {
        assertBounds(
                0,
                0,
                0,
                "boolean check() { published = new Object(); return true; }" + CALL + "{ assert check(); return 0; }");
    }

    @Test
    void theWorstOfAllImplementationsCounts() {
        assertBounds(1016, 0, 1016, """
                interface File { long read(); }
                static class Small implements File { public long read() { return new byte[100].length; } }
                static class Big implements File { public long read() { return new byte[1000].length; } }
                static class Unused implements File { public long read() { return new byte[9000].length; } }
                File[] files = {new Small(), new Big()};
                """ + CALL + "{ return files[(int) System.nanoTime() & 1].read(); }");
    }

    @Test
    void aKeptSetOfAFixedArrayHasItsCapacity() {
        assertBounds(
                8 * NODE_BYTES,
                8 * NODE_BYTES,
                8 * NODE_BYTES,
                NODE + """
                Node[] slots = new Node[8];
                int size;
                boolean add(Node n) { int at = size; if (at >= slots.length) return false; slots[at] = n; size = at + 1; return true; }
                """ + CALL + "{ for (int i = 0; i < slots.length; i++) add(new Node(null)); return size; }");
    }
}
