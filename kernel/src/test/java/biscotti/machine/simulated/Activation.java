package biscotti.machine.simulated;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import java.util.concurrent.Semaphore;

/**
 * One run of a piece of {@link UserCode} on a host thread of its own, which moves only while a carrier is in {@link
 * #resume}. The two threads take turns by two semaphores.
 */
final class Activation {
    /** Unwinds the host thread when the machine is closed. */
    private static final class Closed extends Error {
        private static final long serialVersionUID = 1;

        Closed() {
            super("machine closed", null, false, false);
        }
    }

    private static final int EXIT = 60;
    private static final int INSTRUCTION_BYTES = 2;
    private static final long[] ARGUMENT_OFFSETS = {
        Register.RDI.offset,
        Register.RSI.offset,
        Register.RDX.offset,
        Register.R10.offset,
        Register.R8.offset,
        Register.R9.offset
    };

    private final SimulatedMachine machine;
    private final PhysicalMemory memory;
    private final long frame;
    private final Semaphore run = new Semaphore(0);
    private final Semaphore trapped = new Semaphore(0);
    private final Thread thread;
    private final long start;

    // Handed over with the semaphores.
    private SimulatedProcessors.Cpu cpu;
    private int vector;
    private Throwable failure;
    private long expectedRip;
    private long expectedRsp;
    private long rip;

    Activation(SimulatedMachine machine, long frame, long start, UserCode code) {
        this.machine = machine;
        this.memory = machine.memory();
        this.frame = frame;
        this.start = start;
        this.rip = start;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("ring 3 at " + Long.toHexString(start))
                .unstarted(() -> main(code));
    }

    private void main(UserCode code) {
        try {
            run.acquire();
            code.run(new UserCpu(this));
            for (; ; ) {
                call(nextRip(), EXIT, 0);
            }
        } catch (Closed | InterruptedException closed) {
            // the test is over
        } catch (Throwable t) {
            failure = t;
            trapped.release();
        }
    }

    /** Whether this activation is what the registers say. */
    boolean matches() {
        long now = register(Register.RIP);
        return register(Register.RSP) == expectedRsp && (now == expectedRip || now == expectedRip - INSTRUCTION_BYTES);
    }

    /** Runs ring 3 on a CPU until the next trap; the vector. The caller holds its carrier meanwhile. */
    int resume(SimulatedProcessors.Cpu on) throws InterruptedException {
        cpu = on;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        run.release();
        trapped.acquire();
        if (failure != null) {
            throw new AssertionError("simulated program at 0x" + Long.toHexString(start) + " failed", failure);
        }
        return vector;
    }

    /** Ends the host thread. */
    void close() {
        thread.interrupt();
    }

    // What follows runs on the activation's own thread.

    /** Leaves ring 3, and comes back when the kernel enters the thread with the same rip and rsp again. */
    void trap(int newVector, long error, long faultAddress) {
        setRegister(Register.VECTOR, newVector);
        setRegister(Register.ERROR, error);
        if (newVector == Trap.PAGE_FAULT) {
            setRegister(Register.CR2, faultAddress);
        }
        setRegister(Register.RIP, rip);
        expectedRip = rip;
        expectedRsp = register(Register.RSP);
        vector = newVector;
        trapped.release();
        try {
            run.acquire();
        } catch (InterruptedException closed) {
            throw new Closed();
        }
    }

    long call(long returnRip, long number, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            memory.writeLong(frame + ARGUMENT_OFFSETS[i], arguments[i]);
        }
        setRegister(Register.RAX, number);
        do {
            step();
            rip = returnRip;
            trap(Trap.SYSTEM_CALL, 0, 0);
        } while (register(Register.RIP) == returnRip - INSTRUCTION_BYTES);
        return register(Register.RAX);
    }

    /** Lets a due tick or wake interrupt the program. */
    void step() {
        while (true) {
            if (cpu.kicked) {
                cpu.kicked = false;
                trap(Trap.RESCHEDULE, 0, 0);
            } else if (machine.tickDue(cpu)) {
                trap(Trap.TIMER, 0, 0);
            } else {
                return;
            }
        }
    }

    /** The physical address of an access; faults until the kernel allows it. */
    long translate(long address, int access) {
        while (true) {
            step();
            long physical = cpu.translations.translate(memory, address, access);
            if (physical >= 0) {
                return physical;
            }
            trap(Trap.PAGE_FAULT, -1 - physical, address);
        }
    }

    /** Where the next instruction ends: each has an address of its own near the start of the code. */
    long nextRip() {
        rip += INSTRUCTION_BYTES;
        return rip;
    }

    PhysicalMemory memory() {
        return memory;
    }

    long register(Register register) {
        return memory.readLong(frame + register.offset);
    }

    void setRegister(Register register, long value) {
        memory.writeLong(frame + register.offset, value);
    }
}
