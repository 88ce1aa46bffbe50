package biscotti.driver;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** A 16550A whose other end is a test. Its interrupt is edge-triggered, as in a PC. */
public final class SimulatedUart implements SimulatedPorts.Device {
    private final SimulatedMachine machine;
    private final int line;
    private final ArrayDeque<Integer> received = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int interruptEnable;
    private boolean divisorLatch;
    private boolean stalled;
    private boolean transmitterWasEmptied;
    private boolean lineHigh;

    /** Attaches a UART to a machine. */
    public SimulatedUart(SimulatedMachine machine, SerialPort.Place place) {
        this.machine = machine;
        this.line = place.line();
        machine.ports().attach(place.port(), 8, this);
    }

    /** The other end sends. */
    public void send(String text) {
        synchronized (this) {
            for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
                received.add(b & 0xff);
            }
        }
        update();
    }

    /** What the other end has received. */
    public synchronized String sent() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    /** The other end stops reading, or goes on. */
    public void stall(boolean newStalled) {
        synchronized (this) {
            stalled = newStalled;
            transmitterWasEmptied |= !newStalled;
        }
        update();
    }

    private synchronized int cause() {
        if ((interruptEnable & 1) != 0 && !received.isEmpty()) {
            return 4;
        }
        return (interruptEnable & 2) != 0 && transmitterWasEmptied ? 2 : 1;
    }

    private void update() {
        boolean rise;
        synchronized (this) {
            boolean high = cause() != 1;
            rise = high && !lineHigh;
            lineHigh = high;
        }
        if (rise) {
            machine.interrupt(line);
        }
    }

    @Override
    public int read(int offset, int bytes) {
        int value;
        synchronized (this) {
            value = switch (offset) {
                case 0 -> received.isEmpty() ? 0 : received.remove();
                case 1 -> interruptEnable;
                case 2 -> {
                    int cause = cause();
                    transmitterWasEmptied &= cause != 2;
                    yield cause | 0xc0;
                }
                case 5 -> (received.isEmpty() ? 0 : 1) | (stalled ? 0 : 0x60);
                default -> 0;
            };
        }
        update();
        return value;
    }

    @Override
    public void write(int offset, int bytes, int value) {
        synchronized (this) {
            if (offset == 0 && !divisorLatch) {
                sent.write(value);
                transmitterWasEmptied = !stalled;
            } else if (offset == 1 && !divisorLatch) {
                transmitterWasEmptied |= (value & ~interruptEnable & 2) != 0 && !stalled;
                interruptEnable = value;
            } else if (offset == 3) {
                divisorLatch = (value & 0x80) != 0;
            }
        }
        update();
    }
}
