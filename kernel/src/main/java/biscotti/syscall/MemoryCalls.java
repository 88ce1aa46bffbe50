package biscotti.syscall;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EOVERFLOW;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Mman;
import biscotti.abi.OpenFlags;
import biscotti.abi.Resource;
import biscotti.abi.SealFlags;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import biscotti.memory.AddressSpace;
import biscotti.memory.PageLocks;
import biscotti.memory.PageSource;
import biscotti.memory.Region;
import biscotti.memory.SharedMemory;
import biscotti.memory.UserRange;
import biscotti.process.Processes;
import biscotti.process.UserThread;
import java.util.Optional;

/** System calls about the address space: mmap(2) and its relations. */
public final class MemoryCalls {
    private static final int PROTECTION = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC;
    private static final int MLOCK_ONFAULT = 1;
    private static final int PKEY_RIGHTS = 3;
    private static final int SEALED_WRITE = SealFlags.F_SEAL_WRITE | SealFlags.F_SEAL_FUTURE_WRITE;
    private static final int HUGE_PAGE_SHIFT = 21;
    private static final int GIANT_PAGE_SHIFT = 30;

    /** The family has no state. */
    public MemoryCalls() {}

    /** mmap(2). */
    @SystemCall(
            number = 9,
            name = "mmap",
            support = Support.PARTIAL,
            note = "no huge pages, no MAP_SYNC; a private mapping keeps pages that became a hole of its file")
    public long mmap(UserThread caller, long address, long length, int protection, int flags, int fd, long offset) {
        boolean anonymous = (flags & Mman.MAP_ANONYMOUS) != 0;
        long refused = checkMapping(caller, length, flags, anonymous, fd, offset);
        if (refused < 0) {
            return refused;
        }
        if (isTooLow(address, flags)) {
            return -EPERM;
        }
        PageLocks pageLocks = caller.process().space().pageLocks();
        boolean locksNow = (flags & Mman.MAP_LOCKED) != 0;
        boolean locks = locksNow || pageLocks.future();
        if (locks) {
            long error = checkLockLimit(caller, length, flags);
            if (error < 0) {
                return error;
            }
        }
        long start = anonymous
                ? mapAnonymous(caller, address, length, protection, flags)
                : mapFile(caller, address, length, protection, flags, fd, offset);
        long size = UserRange.pageEnd(length);
        if (start >= 0 && locks) {
            pageLocks.lock(start, size, Long.MAX_VALUE, caller.rounds());
        }
        boolean comes = locksNow || (locks && !pageLocks.futureWhenTouched());
        if (start >= 0 && (comes || (flags & Mman.MAP_POPULATE) != 0)) {
            // A page that cannot come yet comes when it is touched.
            caller.process().space().populate(start, size, AddressSpace.AS_MAPPED, caller::mustDie);
        }
        return start;
    }

    /** Whether a mapping is to be where null pointers lead: vm.mmap_min_addr of proc(5), which here binds root, too. */
    private static boolean isTooLow(long address, int flags) {
        boolean fixed = (flags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0;
        return fixed && address >= 0 && address < UserRange.LOW_START && (address & PhysicalMemory.FRAME_MASK) == 0;
    }

    /** What of a mapping is wrong whatever is there already: 0; -EBADF, -EINVAL, -ENOMEM, -EOPNOTSUPP. */
    private static long checkMapping(
            UserThread caller, long length, int flags, boolean anonymous, int fd, long offset) {
        if ((offset & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        if (!anonymous && isPathOrClosed(caller.files().get(fd))) {
            return -EBADF;
        }
        int type = flags & Mman.MAP_TYPE;
        boolean validated = type == Mman.MAP_SHARED_VALIDATE && !anonymous;
        boolean known = type == Mman.MAP_SHARED || type == Mman.MAP_PRIVATE || validated;
        boolean growsShared = (flags & Mman.MAP_GROWSDOWN) != 0 && (type != Mman.MAP_PRIVATE || !anonymous);
        if (length == 0 || !known || growsShared) {
            return -EINVAL;
        }
        if ((flags & Mman.MAP_HUGETLB) != 0) {
            return anonymous && isHugePageSize(flags >>> Mman.MAP_HUGE_SHIFT & Mman.MAP_HUGE_MASK) ? -ENOMEM : -EINVAL;
        }
        return validated && (flags & ~Mman.MAP_VALIDATED) != 0 ? -EOPNOTSUPP : 0;
    }

    /** Whether there could be huge pages of a size; none are ever set aside for programs (hugetlbpage in Linux's admin guide). */
    private static boolean isHugePageSize(int logarithm) {
        return logarithm == 0 || logarithm == HUGE_PAGE_SHIFT || logarithm == GIANT_PAGE_SHIFT;
    }

    private static boolean isPathOrClosed(OpenFile file) {
        return file == OpenFile.CLOSED || file.has(OpenFlags.O_PATH);
    }

    /** RLIMIT_MEMLOCK of getrlimit(2), for who has not CAP_IPC_LOCK. */
    private static long lockLimit(UserThread caller) {
        long limit = caller.process().limits().soft(Resource.MEMLOCK);
        boolean free = limit < 0 || caller.identity().has(Identity.CAP_IPC_LOCK);
        return free ? Long.MAX_VALUE : UserRange.pageStart(limit);
    }

    /** Whether a new mapping may be locked: 0; -EPERM if nothing may be, -EAGAIN if it would be too much. */
    private static long checkLockLimit(UserThread caller, long length, int flags) {
        long limit = lockLimit(caller);
        if ((flags & Mman.MAP_LOCKED) != 0 && limit == 0) {
            return -EPERM;
        }
        return limit < Long.MAX_VALUE
                        && length > limit - caller.process().space().usage().lockedBytes()
                ? -EAGAIN
                : 0;
    }

    /** Whether a length, which is unsigned, is more than any program's address space has. */
    private static boolean isTooLong(long length) {
        return length < 0 || length > UserRange.HIGH_END;
    }

    private static long mapAnonymous(UserThread caller, long address, long length, int protection, int flags) {
        if (isTooLong(length)) {
            return -ENOMEM;
        }
        AddressSpace space = caller.process().space();
        int regionFlags = (flags & Mman.MAP_GROWSDOWN) != 0 ? Region.GROWS_DOWN : 0;
        regionFlags |= (flags & Mman.MAP_STACK) != 0 ? Region.NO_HUGE_PAGES : 0;
        if (isShared(flags)) {
            Processes system = caller.process().system();
            boolean reserve = (flags & Mman.MAP_NORESERVE) == 0;
            Optional<SharedMemory> shared =
                    SharedMemory.promised(system.machine().memory(), system.frames(), length, reserve);
            if (shared.isEmpty()) {
                return -ENOMEM;
            }
            long start = space.map(address, length, protection & PROTECTION, flags, Region.SHARED, shared.get(), 0);
            if (start < 0) {
                shared.get().abandon();
            }
            return start;
        }
        return space.map(address, length, protection & PROTECTION, flags, regionFlags, AddressSpace.zeros(), 0);
    }

    private static long mapFile(
            UserThread caller, long address, long length, int protection, int flags, int fd, long offset) {
        OpenFile file = caller.files().get(fd);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        if (isTooLong(length)) {
            return -ENOMEM;
        }
        if (!file.readable()) {
            return -EACCES;
        }
        boolean wantsWrite = (protection & Mman.PROT_WRITE) != 0;
        if (isShared(flags) && wantsWrite && !file.writable()) {
            return -EACCES;
        }
        boolean noPrograms = file.place().mount().has(Mount.NO_EXECUTE);
        if ((protection & Mman.PROT_EXEC) != 0 && noPrograms) {
            return -EPERM;
        }
        if (offset < 0 || offset + length < 0) {
            return -EOVERFLOW;
        }
        Slot<PageSource> source = new Slot<>();
        int error = file.pages(source);
        if (error < 0) {
            return error;
        }
        boolean sealed = file.vnode().seals() > 0 && (file.vnode().seals() & SEALED_WRITE) != 0;
        if (isShared(flags) && wantsWrite && sealed) {
            return -EPERM;
        }
        boolean mayWrite = file.writable() && !sealed;
        int sharing = !isShared(flags) ? 0 : mayWrite ? Region.SHARED : Region.SHARED | Region.NEVER_WRITABLE;
        int regionFlags = sharing | (noPrograms ? Region.NEVER_EXECUTABLE : 0);
        long page = offset >>> PhysicalMemory.FRAME_SHIFT;
        AddressSpace space = caller.process().space();
        return space.map(address, length, protection & PROTECTION, flags, regionFlags, source.get(), page);
    }

    private static boolean isShared(int flags) {
        return (flags & Mman.MAP_TYPE) != Mman.MAP_PRIVATE;
    }

    /** mprotect(2). */
    @SystemCall(number = 10, name = "mprotect")
    public long mprotect(UserThread caller, long address, long length, int protection) {
        int known = PROTECTION | Mman.PROT_SEM | Mman.PROT_GROWSDOWN | Mman.PROT_GROWSUP;
        boolean both = (protection & Mman.PROT_GROWSDOWN) != 0 && (protection & Mman.PROT_GROWSUP) != 0;
        if ((protection & ~known) != 0 || both || (protection & Mman.PROT_GROWSUP) != 0) {
            return -EINVAL;
        }
        return caller.process().space().protect(address, length, protection, caller.rounds());
    }

    /** munmap(2). */
    @SystemCall(number = 11, name = "munmap")
    public long munmap(UserThread caller, long address, long length) {
        return caller.process().space().unmap(address, length);
    }

    /** brk(2), as the kernel has it: it answers with the end of the heap, the old one if it cannot be moved. */
    @SystemCall(number = 12, name = "brk")
    public long brk(UserThread caller, long address) {
        return caller.process().space().programBreak().move(address);
    }

    /** mremap(2). */
    @SystemCall(number = 25, name = "mremap")
    public long mremap(UserThread caller, long address, long oldLength, long newLength, int flags, long newAddress) {
        return caller.process().space().remap(address, oldLength, newLength, flags, newAddress);
    }

    /** msync(2). */
    @SystemCall(number = 26, name = "msync")
    public long msync(UserThread caller, long address, long length, int flags) {
        boolean both = (flags & Mman.MS_ASYNC) != 0 && (flags & Mman.MS_SYNC) != 0;
        if ((flags & ~(Mman.MS_ASYNC | Mman.MS_SYNC | Mman.MS_INVALIDATE)) != 0
                || both
                || (address & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        long end = UserRange.pageEnd(address + length);
        if (end < address) {
            return -ENOMEM;
        }
        boolean invalidate = (flags & Mman.MS_INVALIDATE) != 0;
        return sync(caller.process().space(), address, end, (flags & Mman.MS_SYNC) != 0, invalidate);
    }

    private static long sync(AddressSpace space, long start, long end, boolean wait, boolean invalidate) {
        long at = start;
        while (at < end) {
            Optional<Region> next = space.regionBehind(at);
            if (next.isEmpty() || next.get().start() > at) {
                return -ENOMEM;
            }
            Region region = next.get();
            long partEnd = Math.min(end, region.end());
            if (invalidate && region.has(Region.LOCKED)) {
                return -EBUSY;
            }
            if (wait && region.shared()) {
                long pages = partEnd - at >>> PhysicalMemory.FRAME_SHIFT;
                long error = region.source().sync(region.sourcePage(at), pages);
                if (error < 0) {
                    return error;
                }
            }
            at = partEnd;
        }
        return 0;
    }

    /** mincore(2). */
    @SystemCall(number = 27, name = "mincore")
    public long mincore(UserThread caller, long address, long length, long vector) {
        if ((address & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        long size = UserRange.pageEnd(length);
        if (length < 0 || !UserRange.endsBelowTop(address, size)) {
            return -ENOMEM;
        }
        if (!UserRange.endsBelowTop(vector, size >>> PhysicalMemory.FRAME_SHIFT)) {
            return -EFAULT;
        }
        AddressSpace space = caller.process().space();
        byte[] one = new byte[1];
        for (long done = 0; done < size; done += PhysicalMemory.FRAME_SIZE) {
            int resident = space.usage().residence(address + done);
            if (resident < 0) {
                return resident;
            }
            one[0] = (byte) resident;
            int error = caller.memory().write(vector + (done >>> PhysicalMemory.FRAME_SHIFT), one, 0, 1);
            if (error < 0) {
                return error;
            }
        }
        return 0;
    }

    /** madvise(2). */
    @SystemCall(
            number = 28,
            name = "madvise",
            support = Support.PARTIAL,
            note = "MADV_MERGEABLE changes nothing; MADV_REMOVE of files only; no COLLAPSE, poisoning")
    public long madvise(UserThread caller, long address, long length, int advice) {
        long size = UserRange.pageEnd(length);
        if (advice == Mman.MADV_REMOVE) {
            return remove(caller, address, length, size);
        }
        boolean populates = advice == Mman.MADV_POPULATE_READ || advice == Mman.MADV_POPULATE_WRITE;
        if (!populates) {
            return caller.process().space().advise(address, length, advice, caller.rounds());
        }
        if ((address & PhysicalMemory.FRAME_MASK) != 0 || length < 0 || length > 0 && size == 0 || address + size < 0) {
            return -EINVAL;
        }
        int access = advice == Mman.MADV_POPULATE_WRITE ? Trap.FAULT_WRITE : 0;
        return caller.process().space().populate(address, size, access, caller::mustDie);
    }

    /** MADV_REMOVE: makes holes in the files that are mapped. */
    private static long remove(UserThread caller, long start, long length, long size) {
        boolean wraps = length > 0 && size == 0 || Long.compareUnsigned(start + size, start) < 0;
        if ((start & PhysicalMemory.FRAME_MASK) != 0 || length < 0 || wraps) {
            return -EINVAL;
        }
        AddressSpace space = caller.process().space();
        long at = start;
        while (at < start + size) {
            Optional<Region> next = space.regionBehind(at);
            if (next.isEmpty() || next.get().start() > at) {
                return -ENOMEM;
            }
            Region region = next.get();
            long partEnd = Math.min(start + size, region.end());
            long error = checkRemove(region);
            if (error == 0) {
                long pages = partEnd - at >>> PhysicalMemory.FRAME_SHIFT;
                error = region.source().discard(region.sourcePage(at), pages);
            }
            if (error < 0) {
                return error;
            }
            at = partEnd;
        }
        return 0;
    }

    private static long checkRemove(Region region) {
        if (region.has(Region.LOCKED) || region.anonymous()) {
            return -EINVAL;
        }
        return region.shared() && !region.has(Region.NEVER_WRITABLE) ? 0 : -EACCES;
    }

    /** mlock(2): memory is never swapped out, so pages only have to be brought in, and counted. */
    @SystemCall(number = 149, name = "mlock")
    public long mlock(UserThread caller, long address, long length) {
        return mlock2(caller, address, length, 0);
    }

    /** mlock2(2). */
    @SystemCall(number = 325, name = "mlock2")
    public long mlock2(UserThread caller, long address, long length, int flags) {
        if ((flags & ~MLOCK_ONFAULT) != 0) {
            return -EINVAL;
        }
        long limit = lockLimit(caller);
        if (limit == 0) {
            return -EPERM;
        }
        long start = UserRange.pageStart(address);
        long size = UserRange.pageEnd(length + (address & PhysicalMemory.FRAME_MASK));
        long error = checkLockRange(start, size);
        if (error < 0) {
            return error;
        }
        AddressSpace space = caller.process().space();
        error = size == 0 ? 0 : space.pageLocks().lock(start, size, limit, caller.rounds());
        if (error < 0 || size == 0 || flags != 0) {
            return error;
        }
        error = space.populate(start, size, AddressSpace.AS_MAPPED, caller::mustDie);
        return error == -EINVAL || error == -EFAULT ? -ENOMEM : error == -ENOMEM ? -EAGAIN : error;
    }

    /** Whether a range of whole pages can be one to lock: 0; -EINVAL if it wraps, -ENOMEM if no program can have it. */
    private static long checkLockRange(long start, long size) {
        if (Long.compareUnsigned(start + size, start) < 0) {
            return -EINVAL;
        }
        return size == 0 || UserRange.contains(start, size) ? 0 : -ENOMEM;
    }

    /** munlock(2). */
    @SystemCall(number = 150, name = "munlock")
    public long munlock(UserThread caller, long address, long length) {
        long start = UserRange.pageStart(address);
        long size = UserRange.pageEnd(length + (address & PhysicalMemory.FRAME_MASK));
        long error = checkLockRange(start, size);
        if (error < 0) {
            return error;
        }
        return size == 0 ? 0 : caller.process().space().pageLocks().unlock(start, size, caller.rounds());
    }

    /** mlockall(2). */
    @SystemCall(number = 151, name = "mlockall")
    public long mlockall(UserThread caller, int flags) {
        int all = Mman.MCL_CURRENT | Mman.MCL_FUTURE | Mman.MCL_ONFAULT;
        if ((flags & ~all) != 0 || (flags & ~Mman.MCL_ONFAULT) == 0) {
            return -EINVAL;
        }
        long limit = lockLimit(caller);
        AddressSpace space = caller.process().space();
        boolean current = (flags & Mman.MCL_CURRENT) != 0;
        if (limit == 0) {
            return -EPERM;
        }
        if (current && space.usage().mappedBytes() > limit) {
            return -ENOMEM;
        }
        boolean whenTouched = (flags & Mman.MCL_ONFAULT) != 0;
        space.pageLocks().setFuture((flags & Mman.MCL_FUTURE) != 0, whenTouched);
        if (current) {
            space.pageLocks().changeAll(true, caller.rounds());
        }
        if (current && !whenTouched) {
            space.pageLocks().bringAllIn(caller.rounds(), caller::mustDie);
        }
        return 0;
    }

    /** munlockall(2). */
    @SystemCall(number = 152, name = "munlockall")
    public long munlockall(UserThread caller) {
        caller.process().space().pageLocks().setFuture(false, false);
        caller.process().space().pageLocks().changeAll(false, caller.rounds());
        return 0;
    }

    /** remap_file_pages(2): other pages of the same file in a part of a shared mapping. */
    @SystemCall(number = 216, name = "remap_file_pages")
    public long remapFilePages(UserThread caller, long address, long length, int protection, long page, int flags) {
        long start = UserRange.pageStart(address);
        long size = UserRange.pageStart(length);
        if (protection != 0 || start + size <= start || page < 0 || page + (size >>> PhysicalMemory.FRAME_SHIFT) < 0) {
            return -EINVAL;
        }
        AddressSpace space = caller.process().space();
        Optional<Region> found = space.regionBehind(start);
        if (found.isEmpty() || !found.get().shared() || found.get().start() > start) {
            return -EINVAL;
        }
        Region region = found.get();
        if (start + size > region.end()) {
            return -EINVAL;
        }
        int kind = Region.SHARED | (region.has(Region.NEVER_WRITABLE) ? Region.NEVER_WRITABLE : 0);
        long mapped = space.map(start, size, region.protection(), Mman.MAP_FIXED, kind, region.source(), page);
        return Math.min(mapped, 0);
    }

    /** pkey_alloc(2), on a CPU without protection keys. */
    @SystemCall(number = 330, name = "pkey_alloc")
    public long pkeyAlloc(UserThread caller, long flags, long rights) {
        return flags != 0 || (rights & ~PKEY_RIGHTS) != 0 ? -EINVAL : -ENOSPC;
    }

    /** pkey_free(2): there are no keys. */
    @SystemCall(number = 331, name = "pkey_free")
    public long pkeyFree(UserThread caller, int key) {
        return -EINVAL;
    }

    /** pkey_mprotect(2): without a key as mprotect(2). */
    @SystemCall(number = 329, name = "pkey_mprotect")
    public long pkeyMprotect(UserThread caller, long address, long length, int protection, int key) {
        return key == -1 ? mprotect(caller, address, length, protection) : -EINVAL;
    }
}
