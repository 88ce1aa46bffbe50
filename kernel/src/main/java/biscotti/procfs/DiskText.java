package biscotti.procfs;

import biscotti.abi.DeviceNumber;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.disk.Disks;

/** What /proc tells of disks. */
final class DiskText {
    private final Disks disks;

    DiskText(Disks disks) {
        this.disks = disks;
    }

    /** /proc/partitions: the block devices; a record is one of them. */
    long partitions(long record, TextWindow out) {
        if (record == 0) {
            out.append(disks.count() == 0 ? "" : "major minor  #blocks  name\n\n");
        }
        if (record >= disks.count()) {
            return Text.END;
        }
        BlockDevice device = disks.get((int) record);
        out.right(DeviceNumber.major(device.number()), 4)
                .append("  ")
                .right(DeviceNumber.minor(device.number()), 7)
                .append(' ')
                .right(device.bytes() >>> 10, 10)
                .append(' ')
                .append(device.name())
                .append('\n');
        return record + 1;
    }
}
