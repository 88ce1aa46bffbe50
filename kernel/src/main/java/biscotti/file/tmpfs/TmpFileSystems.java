package biscotti.file.tmpfs;

import biscotti.bounded.Hash;
import biscotti.file.Devices;
import biscotti.heap.HeapShare;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.util.function.LongSupplier;

/**
 * Makes file systems in memory: what all of them have in common.
 *
 * @param memory where the bytes of files are
 * @param frames gives frames for them
 * @param devices what their device nodes and FIFOs open
 * @param wallClock nanoseconds since 1970, for the times of files
 * @param heap of which their names take a part
 */
public record TmpFileSystems(
        PhysicalMemory memory, FrameAllocator frames, Devices devices, LongSupplier wallClock, HeapShare heap) {
    /**
     * An empty file system.
     *
     * @param type {@code tmpfs}, or the name of a kind that is one
     * @param nameHash hashes the names in its directories
     * @param permissions of its root
     */
    public TmpFileSystem create(String type, Hash<String> nameHash, int permissions) {
        return new TmpFileSystem(this, type, nameHash, permissions);
    }
}
