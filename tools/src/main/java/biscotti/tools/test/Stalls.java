package biscotti.tools.test;

import biscotti.tools.HostProgram;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Makes the host seem overloaded: stops the emulated machines of this process at random and lets them go on up to 0.7 s later. Time goes on
 * meanwhile, so what a test orders by sleeps alone falls out of order. While one is open, it works on a thread of its own.
 */
final class Stalls implements AutoCloseable {
    private static final List<Duration> RUNS =
            List.of(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofMillis(600));
    private static final List<Duration> STOPS =
            List.of(Duration.ofMillis(30), Duration.ofMillis(120), Duration.ofMillis(250), Duration.ofMillis(700));

    private final Random random;
    private final Thread thread;

    /** Stalls whose lengths {@code seed} draws; they begin at once. */
    Stalls(long seed) {
        random = new Random(seed);
        thread = Thread.ofPlatform().name("stalls").daemon().start(this::work);
    }

    /** Ends the stalls; no machine stays stopped. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (passes(RUNS)) {
            List<String> machines = machines();
            signal("-STOP", machines);
            boolean goesOn = passes(STOPS);
            signal("-CONT", machines);
            if (!goesOn) {
                return;
            }
        }
    }

    /** Sleeps for one of {@code lengths}; whether nobody has asked for the end meanwhile. */
    private boolean passes(List<Duration> lengths) {
        try {
            Thread.sleep(lengths.get(random.nextInt(lengths.size())));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static List<String> machines() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .map(process -> Long.toString(process.pid()))
                .toList();
    }

    private static void signal(String signal, List<String> processes) {
        for (String process : processes) {
            HostProgram.of("kill", signal, process).succeeds();
        }
    }
}
