package biscotti.machine.simulated;

import biscotti.machine.PhysicalMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Physical memory that checks: an access outside it, or to a frame that was freed, throws {@link AssertionError}. Freed
 * frames are filled with 0xa5, so that a stale copy shows as well.
 */
public final class SimulatedMemory extends PhysicalMemory {
    private static final byte POISON = (byte) 0xa5;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final VarHandle ATOMIC_INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle ATOMIC_LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    private final long start;
    private final AtomicIntegerArray freed;

    /** Memory from {@code start} (below it nothing may be touched) to {@code end}. */
    SimulatedMemory(long start, long end) {
        this.bytes = arena.allocate(end, FRAME_SIZE);
        this.start = start;
        this.freed = new AtomicIntegerArray((int) (end >> FRAME_SHIFT));
    }

    /** Gives it back, once: threads of the machine that never end would keep it until the tests have no memory. */
    void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private long check(long address, long length) {
        if (length == 0) {
            return address;
        }
        if (address < start || length < 0 || address > bytes.byteSize() - length) {
            throw new AssertionError("no memory at physical 0x" + Long.toHexString(address) + ", length " + length);
        }
        long last = (address + length - 1) >> FRAME_SHIFT;
        for (long frame = address >> FRAME_SHIFT; frame <= last; frame++) {
            if (freed.get((int) frame) != 0) {
                throw new AssertionError("use of freed frame 0x" + Long.toHexString(frame << FRAME_SHIFT));
            }
        }
        return address;
    }

    private long aligned(long address, int size) {
        if ((address & size - 1) != 0) {
            throw new AssertionError("atomic access to unaligned address 0x" + Long.toHexString(address));
        }
        return check(address, size);
    }

    @Override
    public byte readByte(long address) {
        return bytes.get(ValueLayout.JAVA_BYTE, check(address, 1));
    }

    @Override
    public short readShort(long address) {
        return bytes.get(SHORT, check(address, 2));
    }

    @Override
    public int readInt(long address) {
        return bytes.get(INT, check(address, 4));
    }

    @Override
    public long readLong(long address) {
        return bytes.get(LONG, check(address, 8));
    }

    @Override
    public void writeByte(long address, byte value) {
        bytes.set(ValueLayout.JAVA_BYTE, check(address, 1), value);
    }

    @Override
    public void writeShort(long address, short value) {
        bytes.set(SHORT, check(address, 2), value);
    }

    @Override
    public void writeInt(long address, int value) {
        bytes.set(INT, check(address, 4), value);
    }

    @Override
    public void writeLong(long address, long value) {
        bytes.set(LONG, check(address, 8), value);
    }

    @Override
    public int readIntVolatile(long address) {
        return (int) ATOMIC_INT.getVolatile(bytes, aligned(address, 4));
    }

    @Override
    public long readLongVolatile(long address) {
        return (long) ATOMIC_LONG.getVolatile(bytes, aligned(address, 8));
    }

    @Override
    public void writeIntVolatile(long address, int value) {
        ATOMIC_INT.setVolatile(bytes, aligned(address, 4), value);
    }

    @Override
    public void writeLongVolatile(long address, long value) {
        ATOMIC_LONG.setVolatile(bytes, aligned(address, 8), value);
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        return ATOMIC_INT.compareAndSet(bytes, aligned(address, 4), expected, value);
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
        return ATOMIC_LONG.compareAndSet(bytes, aligned(address, 8), expected, value);
    }

    @Override
    public long getAndSetLong(long address, long value) {
        return (long) ATOMIC_LONG.getAndSet(bytes, aligned(address, 8), value);
    }

    @Override
    public int getAndAddInt(long address, int delta) {
        return (int) ATOMIC_INT.getAndAdd(bytes, aligned(address, 4), delta);
    }

    @Override
    public void zero(long address, long length) {
        bytes.asSlice(check(address, length), length).fill((byte) 0);
    }

    @Override
    public void copy(long from, long to, long length) {
        MemorySegment.copy(bytes, check(from, length), bytes, check(to, length), length);
    }

    @Override
    public void copyIn(long address, byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, bytes, ValueLayout.JAVA_BYTE, check(address, length), length);
    }

    @Override
    public void copyOut(long address, byte[] to, int offset, int length) {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, check(address, length), to, offset, length);
    }

    @Override
    public void frameFreed(long frame) {
        bytes.asSlice(check(frame, FRAME_SIZE), FRAME_SIZE).fill(POISON);
        if (freed.getAndSet((int) (frame >> FRAME_SHIFT), 1) != 0) {
            throw new AssertionError("frame freed twice: 0x" + Long.toHexString(frame));
        }
    }

    @Override
    public void frameTaken(long frame) {
        freed.set((int) (frame >> FRAME_SHIFT), 0);
    }
}
