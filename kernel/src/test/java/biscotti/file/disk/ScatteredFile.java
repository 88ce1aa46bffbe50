package biscotti.file.disk;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.FileMode;
import biscotti.block.BlockRun;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.file.AnonymousFiles;
import biscotti.file.CachedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A file whose blocks lie anywhere on a disk, in runs of random lengths; it knows where in a test's memory only. */
final class ScatteredFile extends CachedFile {
    private final BlockDevice device;
    private final int shift;
    private final Random random;
    private final Map<Long, Long> blocks = new TreeMap<>();
    private final List<Long> free = new ArrayList<>();

    ScatteredFile(AnonymousFiles files, PageCache cache, BlockDevice device, int shift, long seed) {
        super(files, files.nextNumber(), FileMode.S_IFREG | 0644, 0, 0, cache, device, 0, 1L << 40);
        this.device = device;
        this.shift = shift;
        this.random = new Random(seed);
        for (long i = 0; i < device.bytes() >>> shift; i++) {
            free.add(i);
        }
    }

    @Override
    public int blockShift() {
        return shift;
    }

    @Override
    public synchronized long find(long block, int most) {
        long start = blocks.getOrDefault(block, BlockRun.HOLE);
        int count = 1;
        while (count < most
                && blocks.getOrDefault(block + count, BlockRun.HOLE)
                        == (start == BlockRun.HOLE ? start : start + count)) {
            count++;
        }
        return BlockRun.of(start, count);
    }

    @Override
    protected synchronized int prepare(long position, int bytes, boolean fault) {
        if (fault && position >= length()) {
            return -ENXIO;
        }
        long block = position >>> shift;
        while (block <= position + bytes - 1 >>> shift && (blocks.containsKey(block) || !free.isEmpty())) {
            if (!blocks.containsKey(block)) {
                int index = random.nextInt(4) == 0 ? random.nextInt(free.size()) : 0;
                blocks.put(block, free.remove(index));
                pages().dirty(block << shift >>> 12);
            }
            block++;
        }
        int prepared = (int) Math.min(bytes, (block << shift) - position);
        return prepared > 0 ? prepared : -ENOSPC;
    }

    @Override
    protected long lengthen(long from, long newLength) {
        int prepared = prepare(from, (int) (newLength - from), false);
        if (prepared < 0) {
            return prepared;
        }
        setLength(from + prepared);
        return from + prepared;
    }

    @Override
    public int truncate(long newLength) {
        lock().lock();
        try {
            if (newLength >= length()) {
                int error = clearTail();
                setLength(newLength);
                return error;
            }
            setLength(newLength);
            List<Long> unmapped = unmap(newLength + (1L << shift) - 1 >>> shift);
            int error = clear(newLength, newLength + 4095 & -4096);
            pages().settle(newLength >>> 12);
            pages().remove(newLength + 4095 >>> 12, Long.MAX_VALUE >>> 12);
            synchronized (this) {
                unmapped.forEach(block -> free.add(random.nextInt(free.size() + 1), block));
            }
            return error;
        } finally {
            lock().unlock();
        }
    }

    private synchronized List<Long> unmap(long firstBlock) {
        List<Long> unmapped = new ArrayList<>();
        blocks.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey() >= firstBlock;
            if (gone) {
                unmapped.add(entry.getValue());
            }
            return gone;
        });
        return unmapped;
    }

    @Override
    public long nextData(long position) {
        return -ENXIO;
    }

    @Override
    public long nextHole(long position) {
        return -ENXIO;
    }

    @Override
    public String name() {
        return "scattered on " + device.name();
    }

    /** What the disk has of it, past the cache. */
    synchronized byte[] onDisk(biscotti.driver.disk.SimulatedDisk disk, int bytes) {
        byte[] all = new byte[bytes];
        for (Map.Entry<Long, Long> entry : blocks.entrySet()) {
            byte[] block = new byte[1 << shift];
            disk.get(entry.getValue() << shift, block);
            long at = entry.getKey() << shift;
            int count = (int) Math.min(block.length, bytes - at);
            if (count > 0) {
                System.arraycopy(block, 0, all, (int) at, count);
            }
        }
        return all;
    }
}
