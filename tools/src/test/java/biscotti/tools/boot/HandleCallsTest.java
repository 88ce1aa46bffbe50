package biscotti.tools.boot;

import static biscotti.tools.boot.ChangedClass.bytesOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Classes whose initialisers link all their calls of handles do what they did. */
class HandleCallsTest {
    /** Calls handles of each kind, with operands and results of all sizes. */
    static final class Caller implements LongSupplier {
        private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(long[].class);
        private static final VarHandle NAMES = MethodHandles.arrayElementVarHandle(Object[].class);
        private static final MethodHandle LARGEST;

        static {
            try {
                LARGEST = MethodHandles.lookup()
                        .findStatic(Math.class, "max", MethodType.methodType(double.class, double.class, double.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @Override
        public long getAsLong() {
            long[] elements = new long[2];
            ELEMENTS.setVolatile(elements, 1, 5L);
            boolean swapped = ELEMENTS.compareAndSet(elements, 1, 5L, 7L);
            Object[] names = new Object[1];
            NAMES.set(names, 0, "name");
            try {
                double largest = (double) LARGEST.invokeExact(1.0, 2.0);
                return (long) ELEMENTS.getAcquire(elements, 1)
                        + (swapped ? 10 : 0)
                        + names.length * 100
                        + (long) largest * 1000;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Calls no handle, though methods of their names. */
    static final class Silent implements LongSupplier {
        @Override
        public long getAsLong() {
            return List.of(1L).get(0);
        }
    }

    private static List<String> linkedAtStart(byte[] type) {
        return ClassFile.of().parse(type).methods().stream()
                .filter(method -> method.methodName().equalsString("<clinit>"))
                .flatMap(method -> method.code().orElseThrow().elementStream())
                .filter(element -> element instanceof InvokeInstruction)
                .map(element -> (InvokeInstruction) element)
                .filter(call -> call.owner().asInternalName().endsWith("Handle"))
                .map(call -> call.name().stringValue())
                .toList();
    }

    @Test
    void theInitialiserMakesEachCallOfAHandle() throws IOException {
        assertEquals(
                List.of("setVolatile", "compareAndSet", "set", "invokeExact", "getAcquire"),
                linkedAtStart(HandleCalls.linkedAtStart(bytesOf(Caller.class))));
    }

    @Test
    void theClassDoesWhatItDid() throws Exception {
        byte[] linked = HandleCalls.linkedAtStart(bytesOf(Caller.class));
        assertEquals(List.of(), ClassFile.of().verify(linked));
        Object made = ChangedClass.newInstance(linked);
        assertEquals(2117, ((LongSupplier) made).getAsLong());
    }

    @Test
    void aClassWithoutHandlesStaysAsItIs() throws IOException {
        byte[] bytes = bytesOf(Silent.class);
        assertArrayEquals(bytes, HandleCalls.linkedAtStart(bytes));
    }
}
