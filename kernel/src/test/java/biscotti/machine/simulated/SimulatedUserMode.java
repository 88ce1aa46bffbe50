package biscotti.machine.simulated;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import jdk.internal.vm.Continuation;

/**
 * Ring 3: finds, by the registers of a thread, the code that runs next.
 *
 * <p>Each thread has a stack of activations. If rip and rsp are those of one of them, it goes on (and those above it are
 * over: a handler's sigreturn). Otherwise the code registered for rip starts as a new activation on top: a new program, a
 * forked child, a signal handler.
 */
final class SimulatedUserMode {
    private final SimulatedMachine machine;
    private final ConcurrentHashMap<Long, UserCode> codes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Deque<Activation>> threads = new ConcurrentHashMap<>();

    SimulatedUserMode(SimulatedMachine machine) {
        this.machine = machine;
    }

    void register(long rip, UserCode code) {
        codes.put(rip, code);
    }

    /** Runs the thread whose registers lie in a frame until it traps, and returns the vector. */
    int run(long frame, long root) {
        SimulatedProcessors.Cpu cpu =
                machine.processors().cpu(machine.processors().current());
        cpu.translations.load(root);
        Activation activation = find(frame);
        boolean isVirtual = Thread.currentThread().isVirtual();
        if (isVirtual) {
            Continuation.pin(); // ring 3 keeps its carrier
        }
        try {
            return activation.resume(cpu);
        } catch (InterruptedException closed) {
            throw new IllegalStateException("the machine is closed", closed);
        } finally {
            if (isVirtual) {
                Continuation.unpin();
            }
        }
    }

    private Activation find(long frame) {
        Deque<Activation> stack = threads.computeIfAbsent(frame, f -> new ArrayDeque<>());
        for (Activation candidate : stack) {
            if (candidate.matches()) {
                while (stack.peek() != candidate) {
                    stack.pop().close();
                }
                return candidate;
            }
        }
        long rip = machine.memory().readLong(frame + Register.RIP.offset);
        UserCode code = codes.get(rip);
        if (code == null) {
            throw new AssertionError("no user code is registered for rip 0x" + Long.toHexString(rip));
        }
        Activation started = new Activation(machine, frame, rip, code);
        stack.push(started);
        return started;
    }

    /** Ends all activations of the thread whose registers lie in a frame. */
    void forget(long frame) {
        Deque<Activation> stack = threads.remove(frame);
        if (stack != null) {
            stack.forEach(Activation::close);
        }
    }

    void close() {
        threads.keySet().forEach(this::forget);
    }
}
