package biscotti.syscall;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Ipc;
import biscotti.abi.Mman;
import biscotti.abi.Resource;
import biscotti.file.Identity;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.ipc.Segment;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.Region;
import biscotti.memory.UserRange;
import biscotti.process.UserThread;
import java.util.Optional;

/** System calls of System V shared memory: shmget(2), shmop(2), shmctl(2). */
public final class SharedMemoryCalls {
    private static final int SEGMENT_BYTES = 112;
    private static final int LIMITS_BYTES = 72;
    private static final int USAGE_BYTES = 48;

    /** shmget(2). */
    @SystemCall(number = 29, name = "shmget", support = Support.PARTIAL, note = "no SHM_HUGETLB")
    public long shmget(UserThread caller, int key, long size, int flags) {
        return Segment.get(
                IpcControl.space(caller), caller.identity(), caller.process().id(), key, size, flags, caller.rounds());
    }

    /** shmat(2). */
    @SystemCall(number = 30, name = "shmat")
    public long shmat(UserThread caller, int id, long address, int flags) {
        long start = address;
        boolean replaces = (flags & Ipc.SHM_REMAP) != 0;
        if ((address & PhysicalMemory.FRAME_MASK) != 0) {
            if ((flags & Ipc.SHM_RND) == 0) {
                return -EINVAL;
            }
            start = UserRange.pageStart(address);
        }
        if (id < 0 || start == 0 && replaces) {
            return -EINVAL;
        }
        IpcTable<Segment> segments = IpcControl.space(caller).segments();
        Segment segment = segments.get(id);
        if (segments.isAbsent(segment)) {
            return -EINVAL;
        }
        boolean readOnly = (flags & Ipc.SHM_RDONLY) != 0;
        boolean executable = (flags & Ipc.SHM_EXEC) != 0;
        int wanted = Ipc.READ | (readOnly ? 0 : Ipc.WRITE) | (executable ? Ipc.EXECUTE : 0);
        if (!segment.permits(caller.identity(), wanted)) {
            return -EACCES;
        }
        int error = segment.beginAttach();
        if (error < 0) {
            return error;
        }
        int protection = Mman.PROT_READ | (readOnly ? 0 : Mman.PROT_WRITE) | (executable ? Mman.PROT_EXEC : 0);
        int place = address == 0 ? 0 : replaces ? Mman.MAP_FIXED : Mman.MAP_FIXED_NOREPLACE;
        int kind = Region.SHARED | (readOnly ? Region.NEVER_WRITABLE : 0);
        long mapped = caller.process().space().map(start, segment.size(), protection, place, kind, segment, 0);
        segment.endAttach(caller.process().id(), mapped >= 0);
        return mapped == -EEXIST ? -EINVAL : mapped;
    }

    /** shmdt(2): takes all that is left of an attachment, wherever it was cut. */
    @SystemCall(number = 67, name = "shmdt")
    public long shmdt(UserThread caller, long address) {
        if ((address & PhysicalMemory.FRAME_MASK) != 0) {
            return -EINVAL;
        }
        AddressSpace space = caller.process().space();
        Optional<Region> next = space.regionBehind(address);
        Segment segment = null;
        long end = UserRange.HIGH_END;
        while (next.isPresent() && next.get().start() < end) {
            Region region = next.get();
            boolean here = region.start() - address == region.firstSourcePage() << PhysicalMemory.FRAME_SHIFT;
            if (here && region.source() instanceof Segment found && (segment == null || segment == found)) {
                segment = found;
                end = Math.min(end, address + UserRange.pageEnd(found.size()));
                long error = space.unmap(region.start(), region.length());
                if (error < 0) {
                    return error;
                }
                found.detachedBy(caller.process().id());
            }
            if (!caller.rounds().nextRound()) {
                break;
            }
            next = space.regionBehind(region.end());
        }
        return segment == null ? -EINVAL : 0;
    }

    /** shmctl(2). */
    @SystemCall(number = 31, name = "shmctl")
    public long shmctl(UserThread caller, int id, int command, long buffer) {
        if (id < 0 || command < 0) {
            return -EINVAL;
        }
        IpcTable<Segment> segments = IpcControl.space(caller).segments();
        return switch (command) {
            case Ipc.IPC_INFO -> limits(caller, buffer);
            case Ipc.SHM_INFO -> usage(caller, buffer);
            case Ipc.IPC_STAT -> describe(caller, segments.get(id), 0, false, buffer);
            case Ipc.SHM_STAT, Ipc.SHM_STAT_ANY -> {
                Segment segment = segments.atIndex(id);
                yield describe(caller, segment, segment.id(), command == Ipc.SHM_STAT_ANY, buffer);
            }
            case Ipc.IPC_SET -> change(caller, segments.get(id), buffer);
            case Ipc.IPC_RMID -> {
                Segment segment = segments.get(id);
                int error = IpcControl.checkControl(caller, segments, segment);
                if (error == 0) {
                    segment.remove();
                }
                yield error;
            }
            case Ipc.SHM_LOCK, Ipc.SHM_UNLOCK -> setLocked(caller, segments.get(id), command == Ipc.SHM_LOCK);
            default -> -EINVAL;
        };
    }

    private static long setLocked(UserThread caller, Segment segment, boolean locked) {
        if (IpcControl.space(caller).segments().isAbsent(segment)) {
            return -EINVAL;
        }
        Identity who = caller.identity();
        if (!who.has(Identity.CAP_IPC_LOCK)) {
            boolean owner = who.userId() == segment.userId() || who.userId() == segment.creatorUser();
            boolean forbidden = locked && caller.process().limits().soft(Resource.MEMLOCK) == 0;
            if (!owner || forbidden) {
                return -EPERM;
            }
        }
        segment.setLocked(locked);
        return 0;
    }

    private static long change(UserThread caller, Segment segment, long buffer) {
        byte[] bytes = new byte[SEGMENT_BYTES];
        int error = caller.memory().read(buffer, bytes, 0, bytes.length);
        IpcSpace space = IpcControl.space(caller);
        if (error == 0) {
            error = IpcControl.checkControl(caller, space.segments(), segment);
        }
        if (error == 0 && (IpcControl.user(bytes) == -1 || IpcControl.group(bytes) == -1)) {
            error = -EINVAL;
        }
        if (error == 0) {
            long now = caller.process().system().wallClock().nanos();
            segment.change(IpcControl.user(bytes), IpcControl.group(bytes), IpcControl.mode(bytes), now);
        }
        return error;
    }

    private static long describe(UserThread caller, Segment segment, int result, boolean any, long buffer) {
        int error = IpcControl.checkRead(caller, IpcControl.space(caller).segments(), segment, any);
        if (error < 0) {
            return error;
        }
        byte[] bytes = new byte[SEGMENT_BYTES];
        segment.putPermissions(bytes);
        putLong(bytes, 48, segment.size());
        putLong(bytes, 56, IpcControl.seconds(segment.attachTime()));
        putLong(bytes, 64, IpcControl.seconds(segment.detachTime()));
        putLong(bytes, 72, IpcControl.seconds(segment.changeTime()));
        putInt(bytes, 80, segment.creatorProcess());
        putInt(bytes, 84, segment.lastProcess());
        putLong(bytes, 88, segment.attached());
        error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : result;
    }

    /** {@code struct shminfo64}; the result is the highest index in use. */
    private static long limits(UserThread caller, long buffer) {
        IpcSpace space = IpcControl.space(caller);
        byte[] bytes = new byte[LIMITS_BYTES];
        putLong(bytes, 0, space.largestSegment());
        putLong(bytes, 8, 1);
        putLong(bytes, 16, space.segments().limit());
        putLong(bytes, 24, space.segments().limit());
        putLong(bytes, 32, space.allSegments());
        int error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : space.segments().highestIndex();
    }

    /** {@code struct shm_info}. */
    private static long usage(UserThread caller, long buffer) {
        IpcSpace space = IpcControl.space(caller);
        long resident = 0;
        for (int i = space.segments().next(0); i >= 0; i = space.segments().next(i + 1)) {
            resident += space.segments().atIndex(i).pages();
        }
        byte[] bytes = new byte[USAGE_BYTES];
        putInt(bytes, 0, space.segments().size());
        putLong(bytes, 8, space.segmentPages());
        putLong(bytes, 16, resident);
        int error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : space.segments().highestIndex();
    }
}
