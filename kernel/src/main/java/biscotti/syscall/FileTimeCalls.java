package biscotti.syscall;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.InodeFlags;
import biscotti.file.Access;
import biscotti.file.Caller;
import biscotti.file.FileFlags;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.memory.UserMemory;

/** System calls that set the times of files. */
public final class FileTimeCalls {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1000;
    private static final long MOST_FUTURE = Long.MAX_VALUE / NANOS_PER_SECOND - 1;
    private static final long MOST_PAST = -MOST_FUTURE;
    /** In {@code tv_nsec}: the time of the call. */
    private static final long UTIME_NOW = (1L << 30) - 1;
    /** In {@code tv_nsec}: do not change. */
    private static final long UTIME_OMIT = (1L << 30) - 2;

    /** The two times asked for: seconds and nanoseconds of each, in the form of utimensat(2). */
    private record Times(long accessSeconds, long accessNanos, long modifySeconds, long modifyNanos) {
        static final Times NOW = new Times(0, UTIME_NOW, 0, UTIME_NOW);

        boolean areValid() {
            return isValid(accessNanos) && isValid(modifyNanos);
        }

        private static boolean isValid(long nanos) {
            return nanos >= 0 && nanos < NANOS_PER_SECOND || nanos == UTIME_NOW || nanos == UTIME_OMIT;
        }

        boolean areBothNow() {
            return accessNanos == UTIME_NOW && modifyNanos == UTIME_NOW;
        }

        boolean areBothOmitted() {
            return accessNanos == UTIME_OMIT && modifyNanos == UTIME_OMIT;
        }
    }

    /** utimensat(2). */
    @SystemCall(number = 280, name = "utimensat")
    public long utimensat(Caller caller, int directory, long path, long times, int flags) {
        Slot<Times> wanted = new Slot<>();
        int error = read(caller, times, 1, wanted);
        if (error < 0) {
            return error;
        }
        if (wanted.get().areBothOmitted()) {
            return 0;
        }
        Slot<Vnode> vnode = new Slot<>();
        if (path == 0 && directory != AT_FDCWD) {
            if (flags != 0) {
                return -EINVAL;
            }
            error = AttributeCalls.changeable(caller, directory, vnode);
            return error < 0 ? error : set(caller, vnode.get(), wanted.get());
        }
        error = AttributeCalls.changeable(caller, directory, path, flags, vnode);
        return error < 0 ? error : set(caller, vnode.get(), wanted.get());
    }

    /** utimes(2): in microseconds. */
    @SystemCall(number = 235, name = "utimes")
    public long utimes(Caller caller, long path, long times) {
        return futimesat(caller, AT_FDCWD, path, times);
    }

    /** futimesat(2): in microseconds; without a path, of the descriptor's file. */
    @SystemCall(number = 261, name = "futimesat")
    public long futimesat(Caller caller, int directory, long path, long times) {
        Slot<Times> wanted = new Slot<>();
        int error = read(caller, times, NANOS_PER_MICRO, wanted);
        Slot<Vnode> vnode = new Slot<>();
        if (error == 0) {
            error = path == 0 && directory != AT_FDCWD
                    ? AttributeCalls.changeable(caller, directory, vnode)
                    : AttributeCalls.changeable(caller, directory, path, 0, vnode);
        }
        return error < 0 ? error : set(caller, vnode.get(), wanted.get());
    }

    /** utime(2): in seconds. */
    @SystemCall(number = 132, name = "utime")
    public long utime(Caller caller, long path, long times) {
        Times wanted = Times.NOW;
        if (times != 0) {
            UserMemory memory = caller.memory();
            int error = memory.readLong(times);
            long access = memory.value();
            error = error < 0 ? error : memory.readLong(times + Long.BYTES);
            if (error < 0) {
                return error;
            }
            wanted = new Times(access, 0, memory.value(), 0);
        }
        Slot<Vnode> vnode = new Slot<>();
        int error = AttributeCalls.changeable(caller, AT_FDCWD, path, 0, vnode);
        return error < 0 ? error : set(caller, vnode.get(), wanted);
    }

    /** Reads two times of two longs each; an address of 0 means now. The fraction is in units of {@code unit} nanoseconds. */
    private static int read(Caller caller, long address, long unit, Slot<Times> times) {
        if (address == 0) {
            return times.put(Times.NOW);
        }
        long[] values = new long[4];
        for (int i = 0; i < values.length; i++) {
            int error = caller.memory().readLong(address + (long) i * Long.BYTES);
            if (error < 0) {
                return error;
            }
            values[i] = caller.memory().value();
        }
        boolean micros = unit != 1;
        if (micros && !(isMicros(values[1]) && isMicros(values[3]))) {
            return -EINVAL;
        }
        Times read = new Times(values[0], values[1] * unit, values[2], values[3] * unit);
        return read.areValid() ? times.put(read) : -EINVAL;
    }

    private static boolean isMicros(long value) {
        return value >= 0 && value < NANOS_PER_SECOND / NANOS_PER_MICRO;
    }

    /** The owner may set any times; who may write may set both to now (utimensat(2), "Permissions requirements"). */
    private static int set(Caller caller, Vnode vnode, Times times) {
        boolean kept = times.areBothNow() ? FileFlags.has(vnode, InodeFlags.IMMUTABLE) : FileFlags.isProtected(vnode);
        if (kept) {
            return -EPERM;
        }
        if (!Access.owns(caller.identity(), vnode)) {
            if (!times.areBothNow()) {
                return -EPERM;
            }
            if (Access.check(caller.identity(), vnode, Access.WRITE) < 0) {
                return -EACCES;
            }
        }
        long now = vnode.fileSystem().now();
        vnode.changeTimes(
                resolve(times.accessSeconds, times.accessNanos, vnode.accessTime(), now),
                resolve(times.modifySeconds, times.modifyNanos, vnode.modifyTime(), now));
        return 0;
    }

    private static long resolve(long seconds, long nanos, long present, long now) {
        if (nanos == UTIME_NOW) {
            return now;
        }
        if (nanos == UTIME_OMIT) {
            return present;
        }
        // As any file system does, to the nearest time that it can keep.
        return Math.clamp(seconds, MOST_PAST, MOST_FUTURE) * NANOS_PER_SECOND + nanos;
    }
}
