package biscotti.machine;

import jdk.internal.misc.Unsafe;

/**
 * Registers that the shim loads and saves. They are read at their own virtual address, because each system call does so: that
 * is one instruction where {@link PhysicalMemory} takes five.
 *
 * <p>Sound as long as the frame belongs to the thread, and offsets are those of {@link UserContext}.
 */
final class RealUserContext extends UserContext {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final long address;

    RealUserContext(Machine machine, long frame) {
        super(machine, frame);
        this.address = Shim.DIRECT_MAP + frame;
    }

    @Override
    protected long get(int offset) {
        return UNSAFE.getLong(address + offset);
    }

    @Override
    protected void set(int offset, long value) {
        UNSAFE.putLong(address + offset, value);
    }

    @Override
    public int enter(long root) {
        return Shim.enterUser(address, root);
    }

    @Override
    protected void forget() {
        // The shim remembers no thread.
    }
}
