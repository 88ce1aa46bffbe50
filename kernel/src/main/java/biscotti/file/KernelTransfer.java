package biscotti.file;

import biscotti.machine.PhysicalMemory;
import java.util.Arrays;

/** A transfer from or to an array: the kernel reads or writes a file for itself. */
public final class KernelTransfer extends Transfer {
    private final PhysicalMemory memory;
    private final byte[] bytes;
    private int end;
    private int at;

    /** A transfer of a part of an array. */
    public KernelTransfer(PhysicalMemory memory, byte[] bytes, int offset, int length) {
        this.memory = memory;
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    @Override
    public long remaining() {
        return end - at;
    }

    @Override
    public void limit(long most) {
        end = (int) Math.min(end, at + most);
    }

    @Override
    public int toPhysical(long physical, int length) {
        memory.copyIn(physical, bytes, at, length);
        at += length;
        return 0;
    }

    @Override
    public int fromPhysical(long physical, int length) {
        memory.copyOut(physical, bytes, at, length);
        at += length;
        return 0;
    }

    @Override
    public int take(byte[] to, int offset, int length) {
        System.arraycopy(bytes, at, to, offset, length);
        at += length;
        return 0;
    }

    @Override
    public int put(byte[] from, int offset, int length) {
        System.arraycopy(from, offset, bytes, at, length);
        at += length;
        return 0;
    }

    @Override
    public int putZeros(int length) {
        Arrays.fill(bytes, at, at + length, (byte) 0);
        at += length;
        return 0;
    }

    @Override
    public void skip(long length) {
        at += (int) length;
    }

    @Override
    public void stepBack(int length) {
        at -= length;
    }
}
