package biscotti.block;

import biscotti.bounded.BoundedList;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.Partition;
import biscotti.driver.disk.QueuedDevice;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The parts that a disk says it has: in a GUID partition table (UEFI Specification 2.10, section 5.3) or a master boot record
 * with logical partitions, as PCs have had it. What lies beyond the disk is not believed. Read when the kernel starts.
 */
public final class PartitionTable {
    /** Numbers of a disk's devices, of which 0 is the disk: as many as Linux gives one of the names sda or vda. */
    private static final int MOST = 15;

    private static final int FIRST_LOGICAL = 5;

    // The master boot record.
    private static final int ENTRIES = 446;
    private static final int ENTRY = 16;
    private static final int PRIMARY = 4;
    private static final int TYPE = 4;
    private static final int START = 8;
    private static final int COUNT = 12;
    private static final int SIGNATURE = 510;
    private static final int SIGNATURE_VALUE = 0xaa55;
    private static final int TYPE_EXTENDED = 0x05;
    private static final int TYPE_EXTENDED_LBA = 0x0f;
    private static final int TYPE_EXTENDED_LINUX = 0x85;
    private static final int TYPE_PROTECTIVE = 0xee;

    // The header of a GUID partition table, and its entries.
    private static final String GPT_SIGNATURE = "EFI PART";
    private static final int HEADER_SIZE = 12;
    private static final int HEADER_CRC = 16;
    private static final int LEAST_HEADER = 92;
    private static final int ENTRY_LBA = 72;
    private static final int ENTRY_COUNT = 80;
    private static final int ENTRY_SIZE = 84;
    private static final int LEAST_ENTRY = 128;
    private static final int FIRST_LBA = 32;
    private static final int LAST_LBA = 40;

    private final QueuedDevice disk;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final BoundedList<Partition> parts = new BoundedList<>(MOST);

    private PartitionTable(QueuedDevice disk, PhysicalMemory memory, FrameAllocator frames) {
        this.disk = disk;
        this.memory = memory;
        this.frames = frames;
    }

    /** The parts of a disk; none if it has no table, or that cannot be read. */
    public static BoundedList<Partition> read(QueuedDevice disk, PhysicalMemory memory, FrameAllocator frames) {
        PartitionTable table = new PartitionTable(disk, memory, frames);
        table.read();
        return table.parts;
    }

    private void read() {
        ByteBuffer record = block(0);
        if (!hasSignature(record)) {
            return;
        }
        for (int i = 0; i < PRIMARY; i++) {
            if (type(record, i) == TYPE_PROTECTIVE) {
                readGuids();
                return;
            }
        }
        for (int i = 0; i < PRIMARY; i++) {
            add(i + 1, start(record, i), count(record, i));
        }
        for (int i = 0; i < PRIMARY; i++) {
            if (isExtended(type(record, i))) {
                readLogical(start(record, i));
                return;
            }
        }
    }

    /** Each extended record has a logical partition, and leads to the next record. Both are told from different places. */
    private void readLogical(long extended) {
        long at = extended;
        for (int index = FIRST_LOGICAL; index <= MOST; index++) {
            ByteBuffer record = block(at << BlockDevice.SECTOR_SHIFT);
            if (!hasSignature(record)) {
                return;
            }
            add(index, at + start(record, 0), count(record, 0));
            if (!isExtended(type(record, 1))) {
                return;
            }
            at = extended + start(record, 1);
        }
    }

    private static boolean hasSignature(ByteBuffer record) {
        return record.capacity() > SIGNATURE && record.getShort(SIGNATURE) == (short) SIGNATURE_VALUE;
    }

    private static boolean isExtended(int type) {
        return type == TYPE_EXTENDED || type == TYPE_EXTENDED_LBA || type == TYPE_EXTENDED_LINUX;
    }

    private static int type(ByteBuffer record, int entry) {
        return Byte.toUnsignedInt(record.get(ENTRIES + entry * ENTRY + TYPE));
    }

    private static long start(ByteBuffer record, int entry) {
        return Integer.toUnsignedLong(record.getInt(ENTRIES + entry * ENTRY + START));
    }

    private static long count(ByteBuffer record, int entry) {
        return Integer.toUnsignedLong(record.getInt(ENTRIES + entry * ENTRY + COUNT));
    }

    private void readGuids() {
        long lastBlock = disk.bytes() / disk.blockSize() - 1;
        if (!readGuids(1)) {
            readGuids(lastBlock);
        }
    }

    /** Reads a table whose header is in some block; false if it is damaged. */
    private boolean readGuids(long headerBlock) {
        ByteBuffer header = block(headerBlock * disk.blockSize());
        if (!isHeader(header)) {
            return false;
        }
        int size = header.getInt(ENTRY_SIZE);
        int count = Math.min(MOST, header.getInt(ENTRY_COUNT));
        if (size < LEAST_ENTRY || size > disk.blockSize() || disk.blockSize() % size != 0) {
            return false;
        }
        long table = header.getLong(ENTRY_LBA) * disk.blockSize();
        int sectorsPerBlock = disk.blockSize() >>> BlockDevice.SECTOR_SHIFT;
        for (int i = 0; i < count; i++) {
            long place = table + (long) i * size;
            ByteBuffer entries = block(place / disk.blockSize() * disk.blockSize());
            int at = (int) (place % disk.blockSize());
            if (entries.capacity() >= at + LEAST_ENTRY
                    && (entries.getLong(at) | entries.getLong(at + Long.BYTES)) != 0) {
                long first = entries.getLong(at + FIRST_LBA);
                long blocks = entries.getLong(at + LAST_LBA) - first + 1;
                add(i + 1, first * sectorsPerBlock, blocks * sectorsPerBlock);
            }
        }
        return true;
    }

    private static boolean isHeader(ByteBuffer header) {
        if (header.capacity() < LEAST_HEADER
                || !GPT_SIGNATURE.equals(
                        new String(header.array(), 0, GPT_SIGNATURE.length(), StandardCharsets.ISO_8859_1))) {
            return false;
        }
        int size = header.getInt(HEADER_SIZE);
        if (size < LEAST_HEADER || size > header.capacity()) {
            return false;
        }
        int told = header.getInt(HEADER_CRC);
        header.putInt(HEADER_CRC, 0);
        CRC32 sum = new CRC32();
        sum.update(header.array(), 0, size);
        return (int) sum.getValue() == told;
    }

    private void add(int index, long start, long count) {
        boolean onDisk = start > 0 && count > 0 && start < disk.sectors() && count <= disk.sectors() - start;
        if (onDisk) {
            parts.add(new Partition(disk, index, start, count));
        }
    }

    /** A block of the disk that begins at a byte; empty if it cannot be read. */
    private ByteBuffer block(long place) {
        byte[] bytes = new byte[disk.blockSize()];
        long frame = frames.allocate();
        if (frame < 0) {
            return ByteBuffer.allocate(0);
        }
        BlockRequest request = disk.requests().take();
        request.begin(BlockRequest.Operation.READ, place >>> BlockDevice.SECTOR_SHIFT);
        request.add(frame, bytes.length);
        disk.submit(request);
        int error = request.await();
        request.giveBack();
        memory.copyOut(frame, bytes, 0, bytes.length);
        frames.release(frame);
        return ByteBuffer.wrap(error < 0 ? new byte[0] : bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
