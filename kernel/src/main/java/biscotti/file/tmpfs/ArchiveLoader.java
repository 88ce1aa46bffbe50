package biscotti.file.tmpfs;

import static biscotti.abi.Errno.ENOSPC;

import biscotti.abi.DeviceNumber;
import biscotti.abi.FileMode;
import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.PhysicalRange;
import biscotti.memory.FrameAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Fills a tmpfs from the root part of the boot archive, which is one or more cpio archives in physical memory.
 *
 * <p>Data that starts on a page is not copied: its frames become the file's. The tail of the last of them also holds entries
 * that follow, so it is cleared when the reading has gone beyond it. Frames without such data are given to the allocator as soon as
 * everything in them has been read.
 */
public final class ArchiveLoader {
    private static final long PAGE_SIZE = PhysicalMemory.FRAME_SIZE;
    private static final long PAGE_MASK = PhysicalMemory.FRAME_MASK;
    private static final int LONGEST_NAME = 2 * PhysicalMemory.FRAME_SIZE;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int PARENT_MODE = FileMode.S_IFDIR | 0755;

    private final TmpFileSystem tmpfs;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final CpioHeader header = new CpioHeader();
    private final byte[] name = new byte[LONGEST_NAME];
    /** Files of the archive with several names, by their number there. */
    private final Map<Long, Vnode> linked = new HashMap<>();

    private final Map<String, Directory> directories = new HashMap<>();

    /** Frames below belong to files or to the allocator already. */
    private long settled;

    /** The part of the last file's last frame that is not its data; empty if there is none. */
    private long tail;

    private long tailEnd;
    private String problem = "";

    /** Loads into a file system. */
    public ArchiveLoader(TmpFileSystem tmpfs) {
        this.tmpfs = tmpfs;
        this.memory = tmpfs.memory();
        this.frames = tmpfs.frames();
        directories.put("", tmpfs.root());
    }

    /**
     * Loads everything. The memory of the archive belongs to files and the frame allocator then.
     *
     * @param archive starts on a frame
     * @return empty if all went well, else what is wrong with the archive
     */
    public String load(PhysicalRange archive) {
        settled = archive.start();
        long at = archive.start();
        while (problem.isEmpty() && at + CpioHeader.SIZE <= archive.end()) {
            if (memory.readInt(at) == 0) {
                at += Integer.BYTES; // between archives
                continue;
            }
            at = entry(at, archive.end());
        }
        clearTail();
        giveFrames(archive.end() + PAGE_MASK & ~PAGE_MASK, 0, 0);
        return problem;
    }

    /** Loads the entry at an address: where the next one starts. */
    private long entry(long at, long end) {
        if (at >= tailEnd) {
            clearTail();
        }
        memory.copyOut(at, header.bytes(), 0, CpioHeader.SIZE);
        if (!header.isValid()) {
            return stop("no cpio header at byte " + Long.toHexString(at) + " of memory", end);
        }
        if (at + header.length() > end || header.nameSize() > LONGEST_NAME) {
            return stop("an entry that is cut off or has too long a name", end);
        }
        int nameSize = (int) header.nameSize();
        memory.copyOut(at + CpioHeader.SIZE, name, 0, nameSize);
        int length = 0;
        while (length < nameSize && name[length] != 0) {
            length++;
        }
        String path = cleaned(new String(name, 0, length, StandardCharsets.ISO_8859_1));
        long next = at + header.length();
        if (path.equals(CpioHeader.TRAILER)) {
            linked.clear();
        } else if (path.isEmpty()) {
            restore(tmpfs.root());
        } else {
            make(path, at + header.dataOffset());
        }
        giveFrames(next & ~PAGE_MASK, 0, 0);
        return next;
    }

    private long stop(String why, long end) {
        problem = why;
        return end;
    }

    /** A path without slashes around it and "." in it; ".." is taken as a name, which cannot be there. */
    private static String cleaned(String path) {
        String result = path;
        while (result.startsWith("/") || result.startsWith("./")) {
            result = result.substring(result.indexOf('/') + 1);
        }
        while (result.endsWith("/")) {
            result = result.substring(0, result.length() - 1);
        }
        return result.equals(".") ? "" : result;
    }

    private void make(String path, long data) {
        int slash = path.lastIndexOf('/');
        Directory directory = directory(slash < 0 ? "" : path.substring(0, slash));
        String last = path.substring(slash + 1);
        int mode = header.mode();
        Slot<Vnode> there = new Slot<>();
        boolean present = directory.lookup(last, there) == 0;
        if (present && FileMode.isDirectory(mode) && there.get() instanceof Directory) {
            restore(there.get());
            return;
        }
        if (present && directory.unlink(Identity.KERNEL, last) < 0) {
            stop("cannot replace " + path, 0);
            return;
        }
        boolean shared = FileMode.isRegular(mode) && header.links() > 1;
        Vnode earlier = shared ? linked.get(header.inode()) : null;
        if (earlier != null) {
            check(directory.link(Identity.KERNEL, last, earlier), path);
            fill(earlier, data);
            return;
        }
        Slot<Vnode> made = new Slot<>();
        int device = DeviceNumber.of(header.deviceMajor(), header.deviceMinor());
        check(directory.create(Identity.KERNEL, last, mode, device, target(data), made), path);
        if (!problem.isEmpty()) {
            return;
        }
        Vnode vnode = made.get();
        restore(vnode);
        if (shared) {
            linked.put(header.inode(), vnode);
        }
        if (vnode instanceof Directory child) {
            directories.put(path, child);
        }
        fill(vnode, data);
    }

    private void check(int error, String path) {
        if (error == -ENOSPC) {
            problem = "the kernel's heap has no room for the name " + path + ": the machine needs a larger one";
        } else if (error < 0) {
            problem = "cannot make " + path + ": error " + -error;
        }
    }

    /** The directory with a path, made if it is missing. */
    private Directory directory(String path) {
        Directory known = directories.get(path);
        if (known != null) {
            return known;
        }
        Directory at = tmpfs.root();
        for (String step : path.split("/")) {
            Slot<Vnode> found = new Slot<>();
            if (at.lookup(step, found) < 0) {
                check(at.create(Identity.KERNEL, step, PARENT_MODE, 0, "", found), path);
            }
            if (!problem.isEmpty() || !(found.get() instanceof Directory below)) {
                problem = "not a directory: " + path;
                return at;
            }
            at = below;
        }
        directories.put(path, at);
        return at;
    }

    private void restore(Vnode vnode) {
        vnode.restore(header.mode(), header.userId(), header.groupId(), header.modifyTime() * NANOS_PER_SECOND);
    }

    private String target(long data) {
        if (!FileMode.isSymbolicLink(header.mode())) {
            return "";
        }
        byte[] bytes = new byte[(int) Math.min(header.fileSize(), LONGEST_NAME)];
        memory.copyOut(data, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void fill(Vnode vnode, long data) {
        long size = header.fileSize();
        if (size == 0 || !(vnode instanceof TmpFile file)) {
            return;
        }
        long pages = size + PAGE_MASK >>> PhysicalMemory.FRAME_SHIFT;
        boolean inPlace = (data & PAGE_MASK) == 0;
        if (inPlace) {
            clearTail();
            giveFrames(data + pages * PAGE_SIZE, data, data + pages * PAGE_SIZE);
            tail = data + size;
            tailEnd = data + pages * PAGE_SIZE;
        }
        for (long page = 0; page < pages; page++) {
            long from = data + page * PAGE_SIZE;
            long frame = inPlace ? from : copy(from, Math.min(PAGE_SIZE, size - page * PAGE_SIZE));
            if (frame < 0 || file.adopt(page, frame) < 0) {
                problem = "the root file system does not fit in memory";
                return;
            }
        }
        file.setSize(size);
    }

    private long copy(long from, long length) {
        long frame = frames.allocateZeroed();
        if (frame >= 0) {
            memory.copy(from, frame, length);
        }
        return frame;
    }

    private void clearTail() {
        memory.zero(tail, tailEnd - tail);
        tail = 0;
        tailEnd = 0;
    }

    /** Hands frames up to an address to the allocator: in use, if they are in a file's range, else free. */
    private void giveFrames(long end, long fileStart, long fileEnd) {
        while (settled < end) {
            frames.adopt(settled);
            if (settled < fileStart || settled >= fileEnd) {
                frames.release(settled);
            }
            settled += PAGE_SIZE;
        }
    }
}
