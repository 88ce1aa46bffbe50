package biscotti.boot;

import biscotti.driver.SerialPort;
import biscotti.file.tty.TerminalLine;
import biscotti.file.tty.Tty;
import biscotti.file.tty.TtyDevices;
import biscotti.file.tty.WindowSize;
import biscotti.machine.Machine;
import biscotti.process.Processes;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;

/** The console: a terminal on the first serial port, whose size and end of input the control line tells. */
final class Console implements TerminalLine, SerialPort.Receiver, ControlLine.Listener {
    private static final long NO_END = Long.MAX_VALUE;

    private final SerialPort port;
    private final Tty tty;

    private long received;
    private long end = NO_END;

    Console(Machine machine, Scheduler scheduler, Processes processes, boolean raw) {
        port = new SerialPort(machine, scheduler, SerialPort.COM1);
        tty = new Tty(this, processes.jobs(), machine.clock(), TtyDevices.SERIAL, raw);
    }

    /** Lets input in. */
    void start() {
        port.start(this);
    }

    Tty tty() {
        return tty;
    }

    @Override
    public int offer(byte[] from, int offset, int length) {
        return port.offer(from, offset, length);
    }

    @Override
    public int write(KernelThread thread, byte[] from, int offset, int length) {
        return port.write(thread, from, offset, length);
    }

    @Override
    public int flush(KernelThread thread) {
        return port.flush(thread);
    }

    @Override
    public void inputWanted() {
        port.inputWanted();
    }

    @Override
    public int room() {
        return tty.room();
    }

    @Override
    public void receive(byte[] bytes, int count) {
        tty.receive(bytes, count);
        noteInput(count, NO_END);
    }

    @Override
    public void resized(int columns, int rows) {
        tty.resize(WindowSize.of(columns, rows));
    }

    /** May come before the last bytes do: the two lines don't wait for each other. */
    @Override
    public void inputEnds(long bytes) {
        noteInput(0, bytes);
    }

    private void noteInput(int count, long newEnd) {
        boolean over;
        synchronized (this) {
            received += count;
            end = Math.min(end, newEnd);
            over = received >= end;
        }
        if (over) {
            tty.end();
        }
    }
}
