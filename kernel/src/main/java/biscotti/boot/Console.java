package biscotti.boot;

import biscotti.driver.SerialPort;
import biscotti.file.Devices;
import biscotti.file.tty.ProcessGroups;
import biscotti.file.tty.TerminalLine;
import biscotti.file.tty.Tty;
import biscotti.file.tty.TtyDevices;
import biscotti.machine.Machine;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;

/** The console: a terminal on the first serial port, /dev/console. */
final class Console implements TerminalLine, SerialPort.Receiver {
    private final Tty tty;
    private final SerialPort port;

    /**
     * Makes it, and its device nodes work.
     *
     * @param raw whether bytes pass as they are, and programs see no terminal
     */
    Console(Machine machine, Scheduler scheduler, ProcessGroups groups, Devices devices, boolean raw) {
        tty = new Tty(this, groups, machine.clock(), TtyDevices.SERIAL, raw);
        port = new SerialPort(machine, scheduler, SerialPort.COM1, this);
        TtyDevices.register(devices, tty);
    }

    /** The terminal. */
    Tty tty() {
        return tty;
    }

    @Override
    public int room() {
        return tty.room();
    }

    @Override
    public void receive(byte[] bytes, int count) {
        tty.receive(bytes, count);
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
        port.roomAgain();
    }
}
