package biscotti.abi;

/** Device numbers in the 32-bit encoding that stat(2) and mknod(2) use: 12 bits of major, 20 of minor (makedev(3)). */
public final class DeviceNumber {
    private DeviceNumber() {}

    /** The number of a device. */
    public static int of(int major, int minor) {
        return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
    }

    /** Its driver. */
    public static int major(int device) {
        return device >>> 8 & 0xfff;
    }

    /** Which of its driver's devices. */
    public static int minor(int device) {
        return (device & 0xff) | device >>> 12 & 0xfff00;
    }
}
