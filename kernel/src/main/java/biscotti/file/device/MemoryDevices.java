package biscotti.file.device;

import static biscotti.abi.Errno.EPERM;

import biscotti.abi.DeviceNumber;
import biscotti.abi.OpenFlags;
import biscotti.file.Devices;
import biscotti.file.Identity;
import biscotti.file.Watchers;
import biscotti.machine.Entropy;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;

/** /dev/null, zero, full, random, urandom and kmsg: null(4), full(4), random(4), with Linux's numbers. */
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

    /** Number of /dev/kmsg. */
    public static final int LOG = DeviceNumber.of(1, 11);

    private MemoryDevices() {}

    /**
     * Registers them all.
     *
     * @param frames where mappings of /dev/zero get their pages
     */
    public static void register(
            Devices devices, PhysicalMemory memory, FrameAllocator frames, Entropy entropy, KernelLog log) {
        devices.register(NULL, (caller, place, flags, opened) -> opened.put(new NullFile(place, flags)));
        devices.register(
                ZERO, (caller, place, flags, opened) -> opened.put(new ZeroFile(place, flags, memory, frames)));
        devices.register(FULL, (caller, place, flags, opened) -> opened.put(new FullFile(place, flags)));
        Devices.Driver random = (caller, place, flags, opened) -> opened.put(new RandomFile(place, flags, entropy));
        devices.register(RANDOM, random);
        devices.register(URANDOM, random);
        Watchers watchers = new Watchers();
        devices.register(LOG, (caller, place, flags, opened) -> {
            boolean reads = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY;
            return reads && !caller.identity().has(Identity.CAP_SYSLOG)
                    ? -EPERM
                    : opened.put(new LogFile(log, watchers, place, flags));
        });
    }
}
