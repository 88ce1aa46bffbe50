package biscotti.memory;

import static biscotti.abi.Errno.EFAULT;

import biscotti.machine.PhysicalMemory;

/**
 * Aligned ints of user memory, looked at and changed without faulting anything in, so that locks may be held: what futex(2)
 * needs. Any thread may ask about any address space.
 */
public final class UserWords {
    private static final long WRITABLE = PageTable.PRESENT | PageTable.WRITABLE;

    private UserWords() {}

    /**
     * Reads an int.
     *
     * @return its value as an unsigned number; or -EFAULT if its page is not there
     */
    public static long peek(AddressSpace space, long address) {
        space.lock.lock();
        try {
            long physical = physical(space, address, PageTable.PRESENT, PageTable.PRESENT);
            return physical < 0
                    ? physical
                    : Integer.toUnsignedLong(space.physicalMemory().readIntVolatile(physical));
        } finally {
            space.lock.unlock();
        }
    }

    /**
     * Replaces an int atomically. To be written, a page must not be lazy.
     *
     * @return 1 if it was {@code expected} and is {@code replacement} now, 0 if it was something else; or -EFAULT if its page is
     *     not there to be written
     */
    public static int compareAndSet(AddressSpace space, long address, int expected, int replacement) {
        space.lock.lock();
        try {
            long physical = physical(space, address, WRITABLE | PageTable.LAZY, WRITABLE);
            if (physical < 0) {
                return (int) physical;
            }
            return space.physicalMemory().compareAndSetInt(physical, expected, replacement) ? 1 : 0;
        } finally {
            space.lock.unlock();
        }
    }

    /**
     * The physical address behind an address whose page is there, or -EFAULT; under the lock.
     *
     * @param mask bits of the page's entry
     * @param needed what those must be
     */
    private static long physical(AddressSpace space, long address, long mask, long needed) {
        if (!UserRange.contains(address) || space.isFreed()) {
            return -EFAULT;
        }
        long place = space.table.entry(address);
        long entry = place == PageTable.NONE ? 0 : space.table.read(place);
        return (entry & mask) != needed ? -EFAULT : (entry & PageTable.FRAME) + (address & PhysicalMemory.FRAME_MASK);
    }

    /**
     * Faults an int's page in for writing, with no lock held.
     *
     * @return 0, -EFAULT or -ENOMEM
     */
    public static int fault(AddressSpace space, long address) {
        long physical = space.hold(address, true);
        if (physical < 0) {
            return (int) physical;
        }
        space.release();
        return 0;
    }

    /**
     * The physical address behind an address of shared memory, after faulting its page in: the same for all who share it.
     *
     * @return the physical address; 0 if the memory there is private; or -EFAULT or -ENOMEM
     */
    public static long sharedAddress(AddressSpace space, long address) {
        long physical = space.hold(address, false);
        if (physical < 0) {
            return physical;
        }
        boolean shared =
                space.regions.get(space.regions.firstEndingAfter(address)).shared();
        space.release();
        return shared ? physical : 0;
    }
}
