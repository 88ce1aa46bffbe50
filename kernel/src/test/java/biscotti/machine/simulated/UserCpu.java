package biscotti.machine.simulated;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;

/**
 * Ring 3 as a simulated program sees it: memory through the page tables, registers, and the instructions that trap.
 *
 * <p>Every access may trap (page fault, tick, a wake from another CPU), and then goes on when the kernel enters the thread
 * again. A loop without accesses or calls must do {@link #step}, or the kernel cannot get its CPU back.
 */
public final class UserCpu {
    private final Activation activation;

    UserCpu(Activation activation) {
        this.activation = activation;
    }

    /**
     * Issues a system call and returns what the kernel put into rax. If the kernel moved rip back over the instruction
     * (system call restart), it is issued again.
     */
    public long call(long number, long... arguments) {
        return activation.call(activation.nextRip(), number, arguments);
    }

    /**
     * Issues a system call with rip as given. A child that the call makes (fork, clone) gets the same rip, and so starts with
     * the code registered for it; the parent goes on here.
     */
    public long callAt(long rip, long number, long... arguments) {
        return activation.call(rip, number, arguments);
    }

    /** One instruction that does nothing: gives the kernel a place to interrupt. */
    public void step() {
        activation.step();
    }

    /** Raises an exception, as an instruction that fails does; returns if the kernel enters the thread again as it was. */
    public void raise(int vector, long errorCode) {
        activation.trap(vector, errorCode, 0);
    }

    /** Reads a byte. */
    public byte load8(long address) {
        return memory().readByte(activation.translate(address, 0));
    }

    /** Reads four bytes, atomically if aligned. */
    public int load32(long address) {
        if ((address & 3) == 0) {
            return memory().readIntVolatile(activation.translate(address, 0));
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (load8(address + i) & 0xff) << (8 * i);
        }
        return value;
    }

    /** Reads eight bytes, atomically if aligned. */
    public long load64(long address) {
        if ((address & 7) == 0) {
            return memory().readLongVolatile(activation.translate(address, 0));
        }
        return (load32(address) & 0xffff_ffffL) | ((long) load32(address + 4) << 32);
    }

    /** Writes a byte. */
    public void store8(long address, int value) {
        memory().writeByte(activation.translate(address, Trap.FAULT_WRITE), (byte) value);
    }

    /** Writes four bytes, atomically if aligned. */
    public void store32(long address, int value) {
        if ((address & 3) == 0) {
            memory().writeIntVolatile(activation.translate(address, Trap.FAULT_WRITE), value);
            return;
        }
        for (int i = 0; i < 4; i++) {
            store8(address + i, value >> (8 * i));
        }
    }

    /** Writes eight bytes, atomically if aligned. */
    public void store64(long address, long value) {
        if ((address & 7) == 0) {
            memory().writeLongVolatile(activation.translate(address, Trap.FAULT_WRITE), value);
            return;
        }
        store32(address, (int) value);
        store32(address + 4, (int) (value >> 32));
    }

    /** The lock cmpxchg instruction on an aligned int; says whether it stored. */
    public boolean compareAndSet32(long address, int expected, int value) {
        return memory().compareAndSetInt(activation.translate(address, Trap.FAULT_WRITE), expected, value);
    }

    /** Writes bytes one by one. */
    public void store(long address, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            store8(address + i, bytes[i]);
        }
    }

    /** Reads bytes one by one. */
    public byte[] load(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = load8(address + i);
        }
        return bytes;
    }

    /** Runs the code at {@code address}: faults unless the page may be executed. */
    public void fetch(long address) {
        activation.translate(address, Trap.FAULT_FETCH);
    }

    /** A register as the kernel sees it: rsp, rdi (a handler's first argument), and so on. */
    public long register(Register register) {
        return activation.register(register);
    }

    /** Sets a register. */
    public void setRegister(Register register, long value) {
        activation.setRegister(register, value);
    }

    private PhysicalMemory memory() {
        return activation.memory();
    }
}
