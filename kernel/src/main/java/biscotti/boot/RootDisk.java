package biscotti.boot;

import biscotti.abi.DeviceNumber;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.disk.Disks;
import java.util.Optional;

/**
 * The disk with the root file system, as Linux's command line names it (Documentation/admin-guide/kernel-parameters.txt).
 *
 * @param device {@code root=}: /dev/NAME, MAJOR:MINOR, or both numbers as one in hexadecimal; empty for a root from the boot archive
 * @param type {@code rootfstype=}
 * @param flags {@code rootflags=}: the data of mount(2)
 * @param readOnly {@code ro} or {@code rw}, whichever comes last
 */
record RootDisk(String device, String type, String flags, boolean readOnly) {
    private static final String DIRECTORY = "/dev/";
    private static final int HEXADECIMAL = 16;

    /** The root is in the boot archive. */
    static final RootDisk NONE = new RootDisk("", "ext4", "", true);

    /** Whether the root is on a disk. */
    boolean isGiven() {
        return !device.isEmpty();
    }

    /** The same with one more option; nothing if it is none of these. */
    Optional<RootDisk> with(String key, String value) {
        return switch (key) {
            case "root" -> Optional.of(new RootDisk(value, type, flags, readOnly));
            case "rootfstype" -> Optional.of(new RootDisk(device, value, flags, readOnly));
            case "rootflags" -> Optional.of(new RootDisk(device, type, value, readOnly));
            case "ro", "rw" -> Optional.of(new RootDisk(device, type, flags, key.equals("ro")));
            case "rootwait", "rootdelay" ->
                Optional.of(this); // all disks have been found before the root is looked for
            default -> Optional.empty();
        };
    }

    /** The device among those that there are. */
    Optional<BlockDevice> find(Disks disks) {
        int number = number();
        for (int i = 0; i < disks.count(); i++) {
            BlockDevice each = disks.get(i);
            if (device.equals(DIRECTORY + each.name()) || number == each.number()) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The device's number, if it was given by number; else -1. */
    private int number() {
        int colon = device.indexOf(':');
        try {
            if (colon >= 0) {
                return DeviceNumber.of(
                        Integer.parseInt(device.substring(0, colon)), Integer.parseInt(device.substring(colon + 1)));
            }
            return Integer.parseInt(device, HEXADECIMAL);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
