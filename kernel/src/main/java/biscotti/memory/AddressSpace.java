package biscotti.memory;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import biscotti.sched.Interruption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of a process: its regions and its page table.
 *
 * <p>One lock guards both. Changes of regions are made in {@link RegionEditor}, pages in {@link Pages}, faults in
 * {@link FaultHandler}; their methods run under the lock, which is taken here.
 *
 * <p>An address space belongs to all processes that share it (vfork, CLONE_VM); the last one to leave it frees everything
 * but the top page table, which goes when the last CPU has loaded another.
 */
public final class AddressSpace {
    /** For {@link #populate}: write where that makes a private copy, read elsewhere, as mlock(2) does. */
    public static final int AS_MAPPED = -1;

    /** How many bytes are faulted in before others may have the lock. */
    private static final long POPULATE_PART = 64L * PhysicalMemory.FRAME_SIZE;

    final ReentrantLock lock = new ReentrantLock();
    final RegionMap regions = new RegionMap(this);
    final PageTable table;
    final Pages pages;
    final Shootdown shootdown;

    private final AddressSpaces all;
    private final AddressLayout layout;
    private final FaultHandler faultHandler;
    private final RegionEditor editor;
    private final Advice advice;
    private final ProgramBreak programBreak;
    private final PageLocks pageLocks;
    private final SpaceUsage usage = new SpaceUsage(this);
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicLong cpus = new AtomicLong();
    private final AtomicBoolean rootFreed = new AtomicBoolean();
    private volatile boolean dead;
    private boolean freed;
    private long spaceLimit = Long.MAX_VALUE;
    private long dataLimit = Long.MAX_VALUE;

    // The list of all, guarded by its lock; null at the ends.
    AddressSpace previous;
    volatile AddressSpace next;

    /** For {@link AddressSpaces#create}. */
    AddressSpace(AddressSpaces all, AddressLayout layout, long root) {
        this.all = all;
        this.layout = layout;
        this.table = new PageTable(all.memory(), all.frames(), all.machine().boot(), root);
        this.shootdown = new Shootdown(all.machine().tlb(), all.frames(), cpus);
        this.pages = new Pages(all.frames(), table, shootdown, all.zeroFrame(), all.hugePages());
        this.editor = new RegionEditor(this);
        this.advice = new Advice(this, editor);
        this.programBreak = new ProgramBreak(this, editor);
        this.pageLocks = new PageLocks(this, editor);
        this.faultHandler = new FaultHandler(this, all, editor);
    }

    /** Physical address of the top page table. */
    public long root() {
        return table.root();
    }

    /** Where its parts were placed. */
    public AddressLayout layout() {
        return layout;
    }

    /** The heap of brk(2). */
    public ProgramBreak programBreak() {
        return programBreak;
    }

    /** Which of its pages stay in memory. */
    public PageLocks pageLocks() {
        return pageLocks;
    }

    /** How much memory it takes. */
    public SpaceUsage usage() {
        return usage;
    }

    /**
     * Sets the resource limits of getrlimit(2) that bind memory, in bytes.
     *
     * @param stack RLIMIT_STACK
     * @param data RLIMIT_DATA
     * @param space RLIMIT_AS
     */
    public void setLimits(long stack, long data, long space) {
        lock.lock();
        try {
            faultHandler.setStackLimit(unsignedLimit(stack));
            dataLimit = unsignedLimit(data);
            spaceLimit = unsignedLimit(space);
        } finally {
            lock.unlock();
        }
    }

    private static long unsignedLimit(long limit) {
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    /**
     * Answers a page fault.
     *
     * @param access the {@code FAULT_} bits of {@link Trap}
     * @return a {@link FaultResult}
     */
    public int fault(long address, int access) {
        if (!UserRange.contains(address)) {
            return FaultResult.NOT_MAPPED;
        }
        lock.lock();
        try {
            return faultHandler.resolve(address, access);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds the physical address of a user address that may be read or written, and holds the page: the lock is taken, until
     * {@link #release}.
     *
     * @return the physical address; or -EFAULT or -ENOMEM, and nothing is held
     */
    long hold(long address, boolean write) {
        if (!UserRange.contains(address)) {
            return -EFAULT;
        }
        long needed = PageTable.PRESENT | (write ? PageTable.WRITABLE : 0);
        lock.lock();
        if (freed) {
            lock.unlock();
            return -EFAULT;
        }
        long place = table.entry(address);
        long entry = place == PageTable.NONE ? 0 : table.read(place);
        if ((entry & (write ? needed | PageTable.LAZY : needed)) != needed) {
            entry = faultIn(address, write);
            if (entry < 0) {
                lock.unlock();
                return entry;
            }
        }
        return (entry & PageTable.FRAME) + (address & PhysicalMemory.FRAME_MASK);
    }

    /** Makes a page accessible and returns its entry's lower bits, or a negative errno. */
    private long faultIn(long address, boolean write) {
        int result = faultHandler.resolve(address, write ? Trap.FAULT_WRITE : 0);
        return switch (result) {
            case FaultResult.RESOLVED -> table.read(table.entry(address)) & Long.MAX_VALUE;
            case FaultResult.NO_MEMORY -> -ENOMEM;
            default -> -EFAULT;
        };
    }

    /** Ends what {@link #hold} began. */
    void release() {
        lock.unlock();
    }

    /**
     * Maps pages (mmap(2)).
     *
     * @param address where; a wish, unless {@code mapFlags} has MAP_FIXED or MAP_FIXED_NOREPLACE
     * @param length bytes, rounded up to pages
     * @param protection PROT_ bits
     * @param mapFlags MAP_ bits, of which those that choose the place count here
     * @param regionFlags the constants of {@link Region}
     * @param source where the pages come from; its {@link PageSource#mapped} is called here
     * @param sourcePage number of the first page in the source
     * @return the address of the mapping, -EINVAL, -ENOMEM, -EEXIST, or -EPERM if the source is sealed against it
     */
    public long map(
            long address,
            long length,
            int protection,
            int mapFlags,
            int regionFlags,
            PageSource source,
            long sourcePage) {
        boolean writer = (regionFlags & (Region.SHARED | Region.NEVER_WRITABLE)) == Region.SHARED;
        if (writer && !source.mappings().admitWriter()) {
            return -EPERM;
        }
        try {
            return mapAdmitted(address, length, protection, mapFlags, regionFlags, source, sourcePage);
        } finally {
            if (writer) {
                source.mappings().writerCame();
            }
        }
    }

    private long mapAdmitted(
            long address,
            long length,
            int protection,
            int mapFlags,
            int regionFlags,
            PageSource source,
            long sourcePage) {
        long size = UserRange.pageEnd(length);
        if (length <= 0 || size <= 0 || size > UserRange.HIGH_END) {
            return length == 0 ? -EINVAL : -ENOMEM;
        }
        lock.lock();
        try {
            if (exceedsLimits(size, protection, regionFlags)) {
                return -ENOMEM;
            }
            long start = placeFor(address, size, mapFlags);
            if (start < 0) {
                return start;
            }
            int flags = regionFlags | (reserves(mapFlags) ? 0 : Region.NO_RESERVE);
            Region region = new Region(start, start + size, protection, flags, source, sourcePage);
            if (region.wantsCommitment()) {
                if (!editor.admits(size)) {
                    return -ENOMEM;
                }
                region = region.withFlags(flags | Region.COMMITTED);
            }
            return editor.map(region);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    Commitment commitment() {
        return all.frames().commitment();
    }

    /** Whether memory is promised: with the strict policy, always. */
    private boolean reserves(int mapFlags) {
        return (mapFlags & Mman.MAP_NORESERVE) == 0 || commitment().policy() == Commitment.Policy.NEVER;
    }

    /** Maps private pages of zeros at an address that is free or may be replaced, as exec does. */
    public long mapZeros(long address, long length, int protection, int regionFlags) {
        return map(address, length, protection, Mman.MAP_FIXED, regionFlags, ZeroPages.SOURCE, 0);
    }

    /** The source of private pages of zeros. */
    public static PageSource zeros() {
        return ZeroPages.SOURCE;
    }

    boolean exceedsLimits(long size, int protection, int regionFlags) {
        if (spaceLimit - size < regions.mappedBytes()) {
            return true;
        }
        boolean data = (protection & Mman.PROT_WRITE) != 0 && (regionFlags & (Region.SHARED | Region.STACK)) == 0;
        return data && dataLimit != Long.MAX_VALUE && dataLimit - size < regions.dataBytes();
    }

    private long placeFor(long address, long size, int mapFlags) {
        if ((mapFlags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0) {
            if ((address & PhysicalMemory.FRAME_MASK) != 0) {
                return -EINVAL;
            }
            if (!UserRange.contains(address, size)) {
                return -ENOMEM;
            }
            boolean keep = (mapFlags & Mman.MAP_FIXED_NOREPLACE) != 0;
            return keep && !regions.isFree(address, address + size) ? -EEXIST : address;
        }
        return editor.findPlace(address, size, (mapFlags & Mman.MAP_32BIT) != 0);
    }

    /** Unmaps a range (munmap(2)): 0, -EINVAL, or -ENOMEM if it would split a region and there are too many. */
    public long unmap(long start, long length) {
        long size = UserRange.pageEnd(length);
        if (size <= 0 || (start & PhysicalMemory.FRAME_MASK) != 0 || !UserRange.endsBelowTop(start, size)) {
            return -EINVAL;
        }
        lock.lock();
        try {
            return editor.unmap(start, start + size); // nothing is mapped where no program can have anything
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /** Changes the protection of a range (mprotect(2)): 0, -EINVAL, -ENOMEM or -EACCES; -EINTR if the caller must die. */
    public long protect(long start, long length, int protection, Rounds rounds) {
        long size = UserRange.pageEnd(length);
        if ((start & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        if (length <= 0) {
            return length == 0 ? 0 : -ENOMEM;
        }
        if (!UserRange.contains(start, size)) {
            return -ENOMEM;
        }
        long result;
        do {
            result = protectLocked(start, start + size, protection, rounds);
        } while (result == -EAGAIN && rounds.awaitRound());
        return result == -EAGAIN ? -EINTR : result;
    }

    /** As {@link RegionEditor#protect}: what it has done before it found the heap short, it finds done the next time. */
    private long protectLocked(long start, long end, int protection, Rounds rounds) {
        lock.lock();
        try {
            return editor.protect(start, end, protection, rounds);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /** Changes the size of a mapping, and its place (mremap(2)): the new address or a negative errno. */
    public long remap(long start, long oldLength, long newLength, int flags, long newStart) {
        lock.lock();
        try {
            return editor.remap(start, UserRange.pageEnd(oldLength), UserRange.pageEnd(newLength), flags, newStart);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /**
     * Faults in the pages of a range of whole pages.
     *
     * @param access the {@code FAULT_} bits of {@link Trap}, or {@link #AS_MAPPED}
     * @param fatal ends it early
     * @return 0; -ENOMEM, -EINVAL, -EFAULT, or -EINTR
     */
    public long populate(long start, long length, int access, Interruption fatal) {
        long end = start + length;
        for (long at = start; at < end; at += POPULATE_PART) {
            lock.lock();
            try {
                long error = editor.populate(at, Math.min(end, at + POPULATE_PART), access);
                if (error < 0) {
                    return error;
                }
            } finally {
                shootdown.finish();
                lock.unlock();
            }
            if (fatal.pending()) {
                return -EINTR;
            }
        }
        return 0;
    }

    /** Takes advice (madvise(2)): 0 or a negative errno; -EINTR if the caller must die. */
    public long advise(long start, long length, int wanted, Rounds rounds) {
        long size = UserRange.pageEnd(length);
        boolean wraps = length > 0 && size == 0 || Long.compareUnsigned(start + size, start) < 0;
        if ((start & PhysicalMemory.FRAME_MASK) != 0 || length < 0 || wraps) {
            return -EINVAL;
        }
        long from = lowerOf(start, UserRange.HIGH_END);
        long to = lowerOf(start + size, UserRange.HIGH_END);
        long result;
        do {
            result = adviseLocked(from, to, wanted, rounds);
        } while (result == -EAGAIN && rounds.awaitRound());
        if (result == -EAGAIN) {
            return -EINTR;
        }
        return result == 0 && to != start + size ? -ENOMEM : result;
    }

    /** Gives what is mapped in a range of whole pages another policy: 0, -ENOMEM; -EINTR if the caller must die. */
    public long setPolicy(long start, long end, NodePolicy policy, Rounds rounds) {
        long result;
        do {
            lock.lock();
            try {
                result = editor.setPolicy(start, end, policy, rounds);
            } finally {
                lock.unlock();
            }
        } while (result == -EAGAIN && rounds.awaitRound());
        return result == -EAGAIN ? -EINTR : result;
    }

    private static long lowerOf(long address, long other) {
        return Long.compareUnsigned(address, other) < 0 ? address : other;
    }

    private long adviseLocked(long start, long end, int wanted, Rounds rounds) {
        lock.lock();
        try {
            return advice.take(start, end, wanted, rounds);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /**
     * A child's copy of this address space (fork(2)): private pages are shared until one of both writes. Nothing if there is
     * no memory for it, or the caller must die.
     */
    public Optional<AddressSpace> fork(Rounds rounds) {
        long result;
        do {
            Optional<AddressSpace> made = all.create(layout);
            if (made.isEmpty()) {
                return made;
            }
            result = copyTo(made.get(), rounds);
            if (result == 0) {
                return made;
            }
            made.get().leave();
        } while (result == -EAGAIN && rounds.awaitRound());
        return Optional.empty();
    }

    /** Copies everything to a child: 0; -ENOMEM; -EAGAIN if the heap is short. */
    private long copyTo(AddressSpace child, Rounds rounds) {
        lock.lock();
        try {
            child.programBreak.startAs(programBreak);
            child.setRefusesHugePages(refusesHugePages());
            long at = editor.copyRound(child, 0);
            while (at > 0) {
                if (!rounds.nextRound()) {
                    return -EAGAIN;
                }
                at = editor.copyRound(child, at);
            }
            return at;
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /** One more process shares this address space. */
    public AddressSpace join() {
        users.incrementAndGet();
        return this;
    }

    /** One process less shares this address space; the last one frees it. None of its threads enters it again. */
    public void leave() {
        if (users.decrementAndGet() == 0) {
            lock.lock();
            try {
                editor.unmapAll();
                shootdown.finish();
                if (cpus.get() != 0) {
                    all.machine().tlb().flush(cpus.get(), 0, 0);
                }
                table.freeTables();
                freed = true;
            } finally {
                lock.unlock();
            }
            dead = true;
            all.remove(this);
            all.unload(this);
            freeRootIfUnused();
            wakeHolders();
        }
    }

    /** CPUs that have the dead address space loaded leave it when they go round their loop. */
    private void wakeHolders() {
        for (long holders = cpus.get(); holders != 0; holders &= holders - 1) {
            all.machine().processors().wake(Long.numberOfTrailingZeros(holders));
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Whether there is nothing in it any more. Guarded by the lock. */
    boolean isFreed() {
        return freed;
    }

    /** Takes pages that a source has lost out of its shared or its private mappings. */
    void drop(Mappings mappings, long first, long last, boolean shared) {
        lock.lock();
        try {
            editor.drop(mappings, first, last, shared);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /** Takes the right to write from pages of a source, from one number to another, in all regions that map it shared. */
    void protectShared(Mappings mappings, long first, long last) {
        lock.lock();
        try {
            editor.protectShared(mappings, first, last);
        } finally {
            shootdown.finish();
            lock.unlock();
        }
    }

    /** All there are. */
    AddressSpaces all() {
        return all;
    }

    /** How many processes share it. */
    public int users() {
        return users.get();
    }

    void enteredBy(int cpu) {
        cpus.getAndUpdate(mask -> mask | 1L << cpu);
    }

    /** A CPU that came back from ring 3 has another address space loaded now. */
    public void leftBy(int cpu) {
        cpus.getAndUpdate(mask -> mask & ~(1L << cpu));
        if (dead) {
            freeRootIfUnused();
        }
    }

    private void freeRootIfUnused() {
        if (cpus.get() == 0 && rootFreed.compareAndSet(false, true)) {
            all.frames().release(table.root());
        }
    }

    /** As {@link #fault}, under the lock. */
    int faultLocked(long address, int access) {
        return faultHandler.resolve(address, access);
    }

    PhysicalMemory physicalMemory() {
        return all.memory();
    }

    /** The first region that ends behind an address, if there is one: to go through them, each time from the last one's end. */
    public Optional<Region> regionBehind(long address) {
        lock.lock();
        try {
            int index = regions.firstEndingAfter(address);
            return index < regions.count() ? Optional.of(regions.get(index)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it gets no huge pages whatever its regions may have: PR_SET_THP_DISABLE of prctl(2). */
    public boolean refusesHugePages() {
        return faultHandler.refusesHugePages();
    }

    /** Sets {@link #refusesHugePages}, which a child inherits. */
    public void setRefusesHugePages(boolean refuses) {
        faultHandler.setRefusesHugePages(refuses);
    }

    /** How many page faults there were. */
    public long faults() {
        return faultHandler.faults();
    }
}
