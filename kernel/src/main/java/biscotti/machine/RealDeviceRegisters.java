package biscotti.machine;

import java.util.Objects;
import jdk.internal.misc.Unsafe;

/**
 * Registers where the shim has mapped them. Volatile accesses, so that neither the compiler nor the CPU moves them; every access
 * lies in the mapped range.
 */
final class RealDeviceRegisters extends DeviceRegisters {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final long base;
    private final long length;

    RealDeviceRegisters(long base, long length) {
        this.base = base;
        this.length = length;
    }

    private long at(long offset, int size) {
        return base + Objects.checkFromIndexSize(offset, size, length);
    }

    @Override
    public int readByte(long offset) {
        return UNSAFE.getByteVolatile(null, at(offset, Byte.BYTES)) & 0xff;
    }

    @Override
    public int readShort(long offset) {
        return UNSAFE.getShortVolatile(null, at(offset, Short.BYTES)) & 0xffff;
    }

    @Override
    public int readInt(long offset) {
        return UNSAFE.getIntVolatile(null, at(offset, Integer.BYTES));
    }

    @Override
    public void writeByte(long offset, int value) {
        UNSAFE.putByteVolatile(null, at(offset, Byte.BYTES), (byte) value);
    }

    @Override
    public void writeShort(long offset, int value) {
        UNSAFE.putShortVolatile(null, at(offset, Short.BYTES), (short) value);
    }

    @Override
    public void writeInt(long offset, int value) {
        UNSAFE.putIntVolatile(null, at(offset, Integer.BYTES), value);
    }
}
