package biscotti.abi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in byte arrays as x86-64 lays them out, for structures that are copied from and to user memory. */
public final class LittleEndian {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** The two bytes at an offset, as a signed number. */
    public static short getShort(byte[] from, int offset) {
        return (short) SHORT.get(from, offset);
    }

    /** The four bytes at an offset. */
    public static int getInt(byte[] from, int offset) {
        return (int) INT.get(from, offset);
    }

    /** The eight bytes at an offset. */
    public static long getLong(byte[] from, int offset) {
        return (long) LONG.get(from, offset);
    }

    /** Puts two bytes. */
    public static void putShort(byte[] to, int offset, short value) {
        SHORT.set(to, offset, value);
    }

    /** Puts four bytes. */
    public static void putInt(byte[] to, int offset, int value) {
        INT.set(to, offset, value);
    }

    /** Puts eight bytes. */
    public static void putLong(byte[] to, int offset, long value) {
        LONG.set(to, offset, value);
    }
}
