package biscotti.file;

import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.DeviceNumber;
import biscotti.bounded.IdTable;
import biscotti.file.pipe.Fifo;
import biscotti.memory.FrameAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What special files open: the devices that there are, by device number, and FIFOs; also the numbers of file
 * systems that are on no device.
 */
public final class Devices {
    private static final Driver NONE = (caller, place, flags, opened) -> -ENXIO;

    private final IdTable<Driver> characterDevices = new IdTable<>(Integer.MAX_VALUE, NONE);
    private final IdTable<Driver> blockDevices = new IdTable<>(Integer.MAX_VALUE, NONE);
    private final AtomicInteger anonymous = new AtomicInteger();
    private final FrameAllocator frames;

    /**
     * No devices yet.
     *
     * @param frames where FIFOs keep their bytes
     */
    public Devices(FrameAllocator frames) {
        this.frames = frames;
    }

    /** Opens a device. */
    @FunctionalInterface
    public interface Driver {
        /**
         * Opens it.
         *
         * @param place the device node
         * @return 0, or an errno of open(2)
         */
        int open(Caller caller, Place place, int flags, Slot<OpenFile> opened);
    }

    /** Registers the driver of a character device. */
    public void register(int number, Driver driver) {
        synchronized (characterDevices) {
            characterDevices.put(number, driver);
        }
    }

    /** Registers the driver of a block device. */
    public void registerBlock(int number, Driver driver) {
        synchronized (blockDevices) {
            blockDevices.put(number, driver);
        }
    }

    /** As {@link #open}, for a block device. */
    public int openBlock(Caller caller, int number, Place place, int flags, Slot<OpenFile> opened) {
        return blockDevices.get(number).open(caller, place, flags, opened);
    }

    /**
     * Opens a character device.
     *
     * @return 0; -ENXIO if there is no such device; or what its driver says
     */
    public int open(Caller caller, int number, Place place, int flags, Slot<OpenFile> opened) {
        return characterDevices.get(number).open(caller, place, flags, opened);
    }

    /** What a new FIFO opens. */
    Driver newFifo() {
        Fifo fifo = new Fifo(frames);
        return (caller, place, flags, opened) -> fifo.open(caller, place, flags, opened);
    }

    /** A device number for a file system in memory: major 0, as Linux's anonymous devices. */
    public int nextAnonymous() {
        return DeviceNumber.of(0, anonymous.incrementAndGet());
    }
}
