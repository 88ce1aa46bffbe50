package biscotti.machine;

import java.util.Objects;
import jdk.internal.misc.Unsafe;

/**
 * Physical memory through the shim's direct map. Sound as long as every address is one of a frame that belongs to the
 * caller: nothing is checked here.
 *
 * <p>{@code Unsafe} and not {@code MemorySegment}, because code that is still interpreted takes several times fewer
 * instructions that way, and a boot is mostly such code.
 */
final class RealMemory extends PhysicalMemory {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long BASE = Shim.DIRECT_MAP;

    @Override
    public byte readByte(long address) {
        return UNSAFE.getByte(BASE + address);
    }

    @Override
    public short readShort(long address) {
        return UNSAFE.getShort(BASE + address);
    }

    @Override
    public int readInt(long address) {
        return UNSAFE.getInt(BASE + address);
    }

    @Override
    public long readLong(long address) {
        return UNSAFE.getLong(BASE + address);
    }

    @Override
    public void writeByte(long address, byte value) {
        UNSAFE.putByte(BASE + address, value);
    }

    @Override
    public void writeShort(long address, short value) {
        UNSAFE.putShort(BASE + address, value);
    }

    @Override
    public void writeInt(long address, int value) {
        UNSAFE.putInt(BASE + address, value);
    }

    @Override
    public void writeLong(long address, long value) {
        UNSAFE.putLong(BASE + address, value);
    }

    @Override
    public int readIntVolatile(long address) {
        return UNSAFE.getIntVolatile(null, BASE + address);
    }

    @Override
    public long readLongVolatile(long address) {
        return UNSAFE.getLongVolatile(null, BASE + address);
    }

    @Override
    public void writeIntVolatile(long address, int value) {
        UNSAFE.putIntVolatile(null, BASE + address, value);
    }

    @Override
    public void writeLongVolatile(long address, long value) {
        UNSAFE.putLongVolatile(null, BASE + address, value);
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        return UNSAFE.compareAndSetInt(null, BASE + address, expected, value);
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
        return UNSAFE.compareAndSetLong(null, BASE + address, expected, value);
    }

    @Override
    public long getAndSetLong(long address, long value) {
        return UNSAFE.getAndSetLong(null, BASE + address, value);
    }

    @Override
    public int getAndAddInt(long address, int delta) {
        return UNSAFE.getAndAddInt(null, BASE + address, delta);
    }

    @Override
    public void zero(long address, long length) {
        UNSAFE.setMemory(BASE + address, length, (byte) 0);
    }

    @Override
    public void copy(long from, long to, long length) {
        UNSAFE.copyMemory(BASE + from, BASE + to, length);
    }

    @Override
    public void copyIn(long address, byte[] from, int offset, int length) {
        checkRange(from, offset, length);
        UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, null, BASE + address, length);
    }

    @Override
    public void copyOut(long address, byte[] to, int offset, int length) {
        checkRange(to, offset, length);
        UNSAFE.copyMemory(null, BASE + address, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, length);
    }

    private static void checkRange(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
    }
}
