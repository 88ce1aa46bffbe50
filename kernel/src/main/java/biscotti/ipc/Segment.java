package biscotti.ipc;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EIDRM;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.Ipc;
import biscotti.bounded.Rounds;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.Commitment;
import biscotti.memory.FrameMap;
import biscotti.memory.PageSource;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** A shared memory segment (shmget(2)): pages of zeros at first, until it is removed and its last user has gone. */
public final class Segment extends IpcObject implements PageSource {
    private static final int KEY_DIGITS = 8;
    private static final int HEXADECIMAL = 16;

    private final IpcSpace space;
    private final long size;
    private final FrameMap pages;
    private final boolean promised;
    private final int creatorProcess;

    /** Guards the fields below; nothing is locked under it but the table. */
    private final ReentrantLock lock = new ReentrantLock();

    private int attached;
    private boolean doomed;
    private boolean gone;
    private volatile int lastProcess;
    private volatile long attachTime;
    private volatile long detachTime;

    Segment(IpcSpace space, Identity creator, int key, int mode, long size, boolean promised) {
        this(space, creator, key, mode, size, promised, 0);
    }

    private Segment(
            IpcSpace space, Identity creator, int key, int mode, long size, boolean promised, int creatorProcess) {
        super(creator, key, mode, space.now());
        this.space = space;
        this.size = size;
        this.pages = new FrameMap(space.memory(), space.frames());
        this.promised = promised;
        this.creatorProcess = creatorProcess;
    }

    /**
     * shmget(2).
     *
     * @param process number of the caller's process
     * @return the segment's number; -EINVAL, -ENOSPC, -ENOMEM, -ENOENT, -EEXIST, -EACCES
     */
    public static int get(IpcSpace space, Identity who, int process, int key, long size, int flags, Rounds rounds) {
        Slot<Segment> slot = new Slot<>();
        int found;
        do {
            found = space.segments().find(who, key, flags, slot);
            if (found == 1) {
                found = create(space, who, process, key, size, flags);
            } else if (found == 0 || found == -EACCES) {
                boolean tooLarge = Long.compareUnsigned(size, slot.get().size) > 0;
                found = tooLarge ? -EINVAL : found == 0 ? slot.get().id() : found;
            }
        } while (found == -EEXIST && (flags & Ipc.IPC_EXCL) == 0 && rounds.awaitRound());
        return found;
    }

    private static int create(IpcSpace space, Identity who, int process, int key, long size, int flags) {
        if (size == 0 || Long.compareUnsigned(size, space.largestSegment()) > 0) {
            return -EINVAL;
        }
        if ((flags & Ipc.SHM_HUGETLB) != 0) {
            return -ENOMEM; // nobody has set huge pages aside
        }
        if (size < 0) {
            return -EINVAL;
        }
        long count = pagesOf(size);
        if (!space.takePages(count)) {
            return -ENOSPC;
        }
        Commitment commitment = space.frames().commitment();
        boolean promise = (flags & Ipc.SHM_NORESERVE) == 0 || commitment.policy() == Commitment.Policy.NEVER;
        if (promise && !commitment.admits(size)) {
            space.givePages(count);
            return -ENOMEM;
        }
        Segment made = new Segment(space, who, key, flags, size, promise, process);
        commitment.add(promise ? count << PhysicalMemory.FRAME_SHIFT : 0);
        int id = space.segments().add(made);
        if (id < 0) {
            made.giveBack();
        }
        return id;
    }

    private void giveBack() {
        long count = pagesOf(size);
        pages.close();
        space.givePages(count);
        space.frames().commitment().add(promised ? -count << PhysicalMemory.FRAME_SHIFT : 0);
    }

    private static long pagesOf(long bytes) {
        return bytes + PhysicalMemory.FRAME_MASK >>> PhysicalMemory.FRAME_SHIFT;
    }

    /** Its length in bytes. */
    public long size() {
        return size;
    }

    /** How many regions of address spaces it is mapped in. */
    public int attached() {
        return attached;
    }

    /** How many pages it has in memory. */
    public long pages() {
        return pages.pages();
    }

    /** Number of the process that made it. */
    public int creatorProcess() {
        return creatorProcess;
    }

    /** Number of the process that attached or detached it last. */
    public int lastProcess() {
        return lastProcess;
    }

    /** When it was attached last; 0 for never. */
    public long attachTime() {
        return attachTime;
    }

    /** When it was detached last; 0 for never. */
    public long detachTime() {
        return detachTime;
    }

    /**
     * Begins an attachment: it does not go until {@link #endAttach}.
     *
     * @return 0, or -EIDRM if it is gone
     */
    public int beginAttach() {
        lock.lock();
        try {
            attached += gone ? 0 : 1;
            return gone ? -EIDRM : 0;
        } finally {
            lock.unlock();
        }
    }

    /** The attachment is mapped, or has failed. */
    public void endAttach(int process, boolean mapped) {
        if (mapped) {
            lastProcess = process;
        }
        less();
    }

    /** A process has detached it: shmdt(2). */
    public void detachedBy(int process) {
        lastProcess = process;
    }

    /** IPC_RMID: it goes now, or with its last user; until then who has its number can still attach it. */
    public void remove() {
        boolean now;
        lock.lock();
        try {
            doomed = true;
            setModeBit(Ipc.SHM_DEST, true);
            space.segments().forgetKey(this);
            now = attached == 0 && !gone;
            gone |= now;
        } finally {
            lock.unlock();
        }
        if (now) {
            end();
        }
    }

    private void end() {
        space.segments().remove(this);
        giveBack();
    }

    /** SHM_LOCK, SHM_UNLOCK: memory is never swapped out, so it is only told. */
    public void setLocked(boolean locked) {
        setModeBit(Ipc.SHM_LOCKED, locked);
    }

    private void less() {
        boolean last;
        lock.lock();
        try {
            attached--;
            last = attached == 0 && doomed && !gone;
            gone |= last;
        } finally {
            lock.unlock();
        }
        if (last) {
            end();
        }
    }

    @Override
    public void mapped() {
        lock.lock();
        attached++;
        lock.unlock();
        attachTime = space.now();
    }

    @Override
    public void unmapped() {
        detachTime = space.now();
        less();
    }

    @Override
    public long frameFor(long pageIndex, boolean write) {
        if (pageIndex >= pagesOf(size)) {
            return -ENXIO;
        }
        return pages.retainOrCreate(pageIndex);
    }

    @Override
    public boolean isCached(long pageIndex) {
        return pages.has(pageIndex);
    }

    @Override
    public String name() {
        byte[] digits = new byte[KEY_DIGITS];
        for (int i = 0; i < KEY_DIGITS; i++) {
            digits[i] = (byte) Character.forDigit(key() >>> 4 * (KEY_DIGITS - 1 - i) & 15, HEXADECIMAL);
        }
        return "/SYSV" + new String(digits, StandardCharsets.ISO_8859_1) + " (deleted)";
    }

    @Override
    public long inode() {
        return id();
    }
}
