package biscotti.sched;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * The two things that the JDK's public interface does not offer: virtual threads with an executor of our own, and the
 * carrier that the caller runs on. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED} and {@code --add-exports
 * java.base/jdk.internal.access=ALL-UNNAMED}.
 */
final class VirtualThreads {
    private static final JavaLangAccess JAVA_LANG = SharedSecrets.getJavaLangAccess();
    private static final MethodHandle NEW_BUILDER = findBuilder();

    private VirtualThreads() {}

    private static MethodHandle findBuilder() {
        try {
            Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            return MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                    .findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A virtual thread whose continuation is given to {@code executor} each time that it can run. */
    static Thread unstarted(Executor executor, String name, Runnable body) {
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(executor);
            return builder.name(name).inheritInheritableThreadLocals(false).unstarted(body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the builder's constructor throws no checked exception", e);
        }
    }

    /** The platform thread that the caller runs on. */
    static Thread carrier() {
        return JAVA_LANG.currentCarrierThread();
    }
}
