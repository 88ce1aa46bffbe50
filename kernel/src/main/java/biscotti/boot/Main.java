package biscotti.boot;

import biscotti.machine.RealMachine;
import java.util.concurrent.CountDownLatch;

/** Where the JVM starts the kernel. */
public final class Main {
    private static final int FAILURE = 1;

    private Main() {}

    /**
     * Starts the kernel on the machine that this JVM runs on. Its thread stays, for the JVM ends with its last thread that is
     * no daemon; the machine is stopped by {@link Kernel}.
     */
    public static void main(String[] arguments) throws InterruptedException {
        RealMachine machine = RealMachine.open();
        try {
            new Kernel(machine, options(machine, arguments)).start();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            machine.stop(FAILURE);
        }
        new CountDownLatch(1).await();
    }

    private static KernelOptions options(RealMachine machine, String... arguments) {
        String line = machine.boot().commandLine();
        return KernelOptions.parse(CommandLine.argumentsOf(Main.class.getName(), line, arguments));
    }
}
