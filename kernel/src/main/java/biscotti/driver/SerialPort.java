package biscotti.driver;

import biscotti.machine.Machine;
import biscotti.machine.Ports;
import biscotti.sched.InterruptThread;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * A serial port with a 16550A UART (National Semiconductor PC16550D data sheet, section 8: registers).
 *
 * <p>Output goes through a ring: whoever writes also feeds the UART as long as that takes bytes at once, and what is left is fed
 * by the interrupt thread each time the transmitter is empty again. Input is handed to a {@link Receiver} on the interrupt
 * thread, which therefore must not wait for output: it may {@link #offer}.
 */
public final class SerialPort {
    /** Takes what comes in, on the port's thread. */
    @FunctionalInterface
    public interface Receiver {
        /** Takes {@code count} bytes from the start of {@code bytes}, which is used again after the call. Must not block. */
        void receive(byte[] bytes, int count);

        /** How many bytes it takes now. After saying 0 it calls {@link SerialPort#inputWanted} when it takes some again. */
        default int room() {
            return Integer.MAX_VALUE;
        }
    }

    /** First port and interrupt of the PC's first serial port, COM1. */
    public static final Place COM1 = new Place("com1", 0x3f8, 4);

    /** First port and interrupt of the second one, COM2. */
    public static final Place COM2 = new Place("com2", 0x2f8, 3);

    /**
     * Where a port is found.
     *
     * @param name for its thread
     * @param port its first I/O port
     * @param line its interrupt line
     */
    public record Place(String name, int port, int line) {}

    // Registers, as offsets from the first port. With DLAB set, 0 and 1 are the divisor latch.
    private static final int RBR_THR = 0;
    private static final int IER = 1;
    private static final int IIR_FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;

    private static final int IER_RECEIVED = 0x01;
    private static final int IER_TRANSMITTER_EMPTY = 0x02;
    private static final int IIR_NONE_PENDING = 0x01;
    private static final int FCR_ENABLE_AND_RESET = 0x07;
    private static final int LCR_8_BITS = 0x03;
    private static final int LCR_DIVISOR_LATCH = 0x80;
    private static final int MCR_DTR_RTS_OUT2 = 0x0b;
    private static final int LSR_DATA_READY = 0x01;
    private static final int LSR_TRANSMITTER_EMPTY = 0x20;
    private static final int DIVISOR_115200 = 1;
    private static final int FIFO_BYTES = 16;

    private static final int RING_BYTES = 8192;
    private static final int INPUT_BYTES = 256;

    private final Ports ports;
    private final int port;
    private final InterruptThread thread;
    private final byte[] input = new byte[INPUT_BYTES];
    private volatile Receiver receiver = (bytes, count) -> {};

    private final RankedLock lock = new RankedLock(LockRank.LEAF);
    private final WaitQueue drained = new WaitQueue();
    private final byte[] ring = new byte[RING_BYTES];
    private int start;
    private int used;
    private boolean transmitInterrupt;
    private boolean receiveInterrupt;

    /** Sets the port up for output, and routes its interrupt to the first CPU. Input waits for {@link #start}. */
    public SerialPort(Machine machine, Scheduler scheduler, Place place) {
        this.ports = machine.ports();
        this.port = place.port();
        write(IER, 0);
        write(LCR, LCR_DIVISOR_LATCH);
        write(RBR_THR, DIVISOR_115200);
        write(IER, 0);
        write(LCR, LCR_8_BITS);
        write(IIR_FCR, FCR_ENABLE_AND_RESET);
        write(MCR, MCR_DTR_RTS_OUT2);
        thread = new InterruptThread(scheduler, place.name(), this::serve);
        machine.interruptLines().route(place.line(), 0, thread.bit(), false);
    }

    /** Hands input to somebody from now on. */
    public void start(Receiver newReceiver) {
        receiver = newReceiver;
        inputWanted();
    }

    /** The receiver takes input again. */
    public void inputWanted() {
        setReceiveInterrupt(true);
        thread.raise(); // what came in before
    }

    private void setReceiveInterrupt(boolean on) {
        lock.lock();
        try {
            receiveInterrupt = on;
            writeInterruptEnable();
        } finally {
            lock.unlock();
        }
    }

    /** Lock held. */
    private void writeInterruptEnable() {
        write(IER, (receiveInterrupt ? IER_RECEIVED : 0) | (transmitInterrupt ? IER_TRANSMITTER_EMPTY : 0));
    }

    private int read(int register) {
        return ports.readByte(port + register);
    }

    private void write(int register, int value) {
        ports.writeByte(port + register, value);
    }

    /** Accepts as many bytes as there is room for; never waits. How many. */
    public int offer(byte[] from, int offset, int length) {
        lock.lock();
        try {
            int accepted = 0;
            do {
                int count = store(from, offset + accepted, length - accepted);
                accepted += count;
                feed();
            } while (accepted < length && used < RING_BYTES);
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Accepts all bytes, waiting for room.
     *
     * @return how many bytes were accepted: less than {@code length} if a signal came
     */
    public int write(KernelThread thread, byte[] from, int offset, int length) {
        int accepted = offer(from, offset, length);
        while (accepted < length && awaitDrain(thread, RING_BYTES / 2) == 0) {
            accepted += offer(from, offset + accepted, length - accepted);
        }
        return accepted;
    }

    /** Waits until all that was accepted has left; 0 or -EINTR. */
    public int flush(KernelThread thread) {
        return awaitDrain(thread, 0);
    }

    private int awaitDrain(KernelThread thread, int most) {
        lock.lock();
        try {
            while (used > most) {
                int error = drained.await(thread, lock, Waiter.FOREVER);
                if (error != 0) {
                    return error;
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private int store(byte[] from, int offset, int length) {
        int count = Math.min(length, RING_BYTES - used);
        int end = (start + used) % RING_BYTES;
        int first = Math.min(count, RING_BYTES - end);
        System.arraycopy(from, offset, ring, end, first);
        System.arraycopy(from, offset + first, ring, 0, count - first);
        used += count;
        return count;
    }

    /** Gives the UART what it takes at once, and asks for an interrupt when it could take more. Lock held. */
    private void feed() {
        while (used > 0 && (read(LSR) & LSR_TRANSMITTER_EMPTY) != 0) {
            for (int i = 0; i < FIFO_BYTES && used > 0; i++) {
                write(RBR_THR, ring[start]);
                start = (start + 1) % RING_BYTES;
                used--;
            }
        }
        if (transmitInterrupt != used > 0) {
            transmitInterrupt = used > 0;
            writeInterruptEnable();
        }
    }

    private void feedMore() {
        lock.lock();
        try {
            feed();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Serves the UART until it asks for nothing: its interrupt line is edge-triggered, so one cause left standing would be the
     * last interrupt ever.
     */
    private void serve() {
        do {
            receive();
            feedMore();
            drained.wakeAll();
            read(MSR);
        } while ((read(IIR_FCR) & IIR_NONE_PENDING) == 0);
    }

    /** Reads what came in, as far as the receiver takes it; if it does not, the UART's FIFO fills and the other end waits. */
    private void receive() {
        Receiver to = receiver;
        while ((read(LSR) & LSR_DATA_READY) != 0) {
            int room = Math.min(INPUT_BYTES, to.room());
            if (room == 0 && pauseInput(to)) {
                return;
            }
            int count = 0;
            while (count < room && (read(LSR) & LSR_DATA_READY) != 0) {
                input[count++] = (byte) read(RBR_THR);
            }
            to.receive(input, count);
        }
    }

    /** Lets input wait, unless there is room again. */
    private boolean pauseInput(Receiver to) {
        setReceiveInterrupt(false);
        if (to.room() == 0) {
            return true;
        }
        inputWanted();
        return false;
    }
}
