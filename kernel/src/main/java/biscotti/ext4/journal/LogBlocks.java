package biscotti.ext4.journal;

import biscotti.block.BlockCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;

/** The blocks of the journal on the disk, one at a time. */
final class LogBlocks {
    private final BlockDevice device;
    private final JournalArea area;
    private final int blockShift;

    LogBlocks(BlockCache cache, JournalArea area) {
        this.device = cache.device();
        this.area = area;
        this.blockShift = cache.blockShift();
    }

    int length() {
        return area.length();
    }

    /** Where a block of the journal is on the device, in blocks. */
    long place(int index) {
        return area.block(index);
    }

    /** Reads a block: 0 or a negative errno. */
    int read(int index, LogBlock into) {
        return move(BlockRequest.Operation.READ, index, into);
    }

    /** Writes a block, and ends when it is lasting: 0 or a negative errno. */
    int writeLasting(int index, LogBlock from) {
        return move(BlockRequest.Operation.WRITE, index, from);
    }

    private int move(BlockRequest.Operation operation, int index, LogBlock block) {
        BlockRequest request = device.requests().take();
        request.begin(operation, place(index) << blockShift - BlockDevice.SECTOR_SHIFT);
        request.add(block.address(), block.size());
        if (operation == BlockRequest.Operation.WRITE) {
            request.forceUnitAccess();
        }
        device.submit(request);
        int error = request.await();
        request.giveBack();
        return error;
    }

    /** Makes all lasting that was written before: 0 or a negative errno. */
    int flush() {
        return device.flush();
    }
}
