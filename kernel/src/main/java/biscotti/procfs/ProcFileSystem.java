package biscotti.procfs;

import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** procfs or sysfs: a tree of directories and texts that is built once, with directories of processes in it. */
public final class ProcFileSystem extends FileSystem {
    private static final int BLOCK_SIZE = 4096;
    /** Fixed nodes have small inode numbers, those of processes have the process's number above these bits. */
    private static final int FIXED_BITS = 12;

    private final long magic;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final FixedDirectory root;
    private long lastNumber;

    private ProcFileSystem(
            String type,
            long magic,
            int device,
            LongSupplier wallClock,
            PhysicalMemory memory,
            FrameAllocator frames,
            RootMaker root) {
        super(type, device, wallClock);
        this.memory = memory;
        this.frames = frames;
        this.magic = magic;
        this.root = root.make(this, nextNumber());
    }

    /** Makes the top directory of a file system. */
    interface RootMaker {
        FixedDirectory make(ProcFileSystem fileSystem, long number);
    }

    /**
     * A file system whose top directory is made by {@code root} and filled by the caller.
     *
     * @param frames where texts are while they are read
     */
    static ProcFileSystem make(
            String type,
            long magic,
            int device,
            LongSupplier wallClock,
            PhysicalMemory memory,
            FrameAllocator frames,
            RootMaker root) {
        return new ProcFileSystem(type, magic, device, wallClock, memory, frames, root);
    }

    PhysicalMemory memory() {
        return memory;
    }

    FrameAllocator frames() {
        return frames;
    }

    /** An inode number for a fixed node. */
    private long nextNumber() {
        return ++lastNumber;
    }

    /** The inode number of a node of a process or thread: each has up to 2^12 of them. */
    static long numberFor(int id, int node) {
        return (long) id << FIXED_BITS | node;
    }

    @Override
    public Directory root() {
        return root;
    }

    FixedDirectory fixedRoot() {
        return root;
    }

    /** Adds a fixed directory. */
    FixedDirectory directory(FixedDirectory parent, String name) {
        FixedDirectory made = new FixedDirectory(this, nextNumber(), 0555, 0, 0);
        parent.add(name, made);
        return made;
    }

    /** Adds a fixed file that everybody may read. */
    void file(FixedDirectory parent, String name, Text text) {
        parent.add(name, new TextFile(this, nextNumber(), 0444, 0, 0, text));
    }

    /** Adds a fixed file that only the superuser may read. */
    void privateFile(FixedDirectory parent, String name, Text text) {
        parent.add(name, new TextFile(this, nextNumber(), 0400, 0, 0, text));
    }

    /** Adds a fixed file with a number that root may set. */
    void setting(FixedDirectory parent, String name, LongSupplier value, Setting setting) {
        Text text = (reader, record, out) -> {
            out.append(Long.toUnsignedString(value.getAsLong())).append('\n');
            return Text.END;
        };
        parent.add(name, new TextFile(this, nextNumber(), 0644, 0, 0, text, setting));
    }

    /** Adds a fixed file with a text of one line that root may set. */
    void setting(FixedDirectory parent, String name, Supplier<String> value, Setting setting) {
        Text text = (reader, record, out) -> {
            out.append(value.get()).append('\n');
            return Text.END;
        };
        parent.add(name, new TextFile(this, nextNumber(), 0644, 0, 0, text, setting));
    }

    /** Adds a fixed link with a target for each follower. */
    void link(FixedDirectory parent, String name, java.util.function.Function<biscotti.file.Caller, String> target) {
        parent.add(name, new TextLink(this, nextNumber(), target));
    }

    /** Adds a fixed node. */
    void add(FixedDirectory parent, String name, Vnode vnode) {
        parent.add(name, vnode);
    }

    @Override
    public Statistics statistics() {
        return new Statistics(magic, BLOCK_SIZE, 0, 0, 0, 0);
    }
}
