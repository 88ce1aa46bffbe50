package biscotti.file.device;

import biscotti.file.DeviceNumber;
import biscotti.file.Devices;
import biscotti.machine.Entropy;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/** /dev/null, zero, full, random and urandom: null(4), full(4), random(4), with Linux's numbers. */
public final class MemoryDevices {
    /** Number of /dev/null. */
    public static final int NULL = DeviceNumber.of(1, 3);

    /** Number of /dev/zero. */
    public static final int ZERO = DeviceNumber.of(1, 5);

    /** Number of /dev/full. */
    public static final int FULL = DeviceNumber.of(1, 7);

    /** Number of /dev/random, which here never blocks. */
    public static final int RANDOM = DeviceNumber.of(1, 8);

    /** Number of /dev/urandom. */
    public static final int URANDOM = DeviceNumber.of(1, 9);

    private MemoryDevices() {}

    /**
     * Registers them all.
     *
     * @param frames where mappings of /dev/zero get their pages
     */
    public static void register(Devices devices, PhysicalMemory memory, FrameAllocator frames, Entropy entropy) {
        devices.register(NULL, (caller, place, flags, opened) -> opened.put(new NullFile(place, flags)));
        devices.register(
                ZERO, (caller, place, flags, opened) -> opened.put(new ZeroFile(place, flags, memory, frames)));
        devices.register(FULL, (caller, place, flags, opened) -> opened.put(new FullFile(place, flags)));
        Devices.Driver random = (caller, place, flags, opened) -> opened.put(new RandomFile(place, flags, entropy));
        devices.register(RANDOM, random);
        devices.register(URANDOM, random);
    }
}
