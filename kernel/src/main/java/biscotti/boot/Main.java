package biscotti.boot;

import biscotti.machine.KernelClasses;
import biscotti.machine.RealMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Where the JVM starts the kernel. */
public final class Main {
    private static final int FAILURE = 1;
    private static final String JAR = "/kernel.jar";
    private static final String STRINGS = "/jdk.strings";

    private Main() {}

    /** Starts the kernel, or {@link Rehearsal} if the only argument is {@code rehearse=ROOT}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 1 && arguments[0].startsWith(Rehearsal.OPTION)) {
            Rehearsal.rehearse(Path.of(arguments[0].substring(Rehearsal.OPTION.length())));
        } else {
            boot(arguments);
        }
    }

    /**
     * Starts the kernel on the machine that this JVM runs on. Its thread stays, for the JVM ends with its last thread that is
     * no daemon; the machine is stopped by {@link Kernel}.
     */
    static void boot(String... arguments) throws InterruptedException {
        RealMachine machine = RealMachine.open();
        try {
            KernelClasses.initializeAll();
            JdkPreparation.prepare(Path.of(STRINGS));
            new Kernel(machine, options(machine, arguments)).start();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            machine.stop(FAILURE);
        }
        new CountDownLatch(1).await();
    }

    private static KernelOptions options(RealMachine machine, String... arguments) {
        String line = machine.boot().commandLine();
        return KernelOptions.parse(CommandLine.argumentsOf(JAR, line, arguments));
    }
}
