package biscotti.file.pipe;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENXIO;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.EPIPE;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.Limits;
import biscotti.abi.Poll;
import biscotti.abi.SignalNumber;
import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAccount;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * A pipe or an open FIFO: a ring of bytes, its readers and its writers (pipe(7)).
 *
 * <p>A reader waits while the ring is empty and there are writers. A writer waits while there is no room: for all of its
 * bytes if it has at most PIPE_BUF of them, so that they stay together, else for one. Whoever leaves something behind for
 * another of its kind (bytes, room) wakes the next one, as each wake goes to one thread only.
 */
final class Pipe {
    private static final int DEFAULT_PAGES = 16;
    private final RankedLock lock = new RankedLock(LockRank.PIPE);
    private final ByteRing ring;
    private int readers;
    private int writers;
    /** How many readers and writers there have ever been: who opens a FIFO waits for one of the other kind to come. */
    private long readersSeen;

    private long writersSeen;

    private final WaitQueue readable = new WaitQueue();
    private final WaitQueue writable = new WaitQueue();
    private final WaitQueue opened = new WaitQueue();
    private final Watchers watchers = new Watchers();

    /** An empty pipe without readers and writers. */
    Pipe(FrameAllocator frames) {
        ring = new ByteRing(frames, DEFAULT_PAGES);
    }

    /** How many bytes a pipe has room for that was asked to have room for some: a power of two of pages. */
    static int rounded(int bytes) {
        return Math.max(PhysicalMemory.FRAME_SIZE, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
    }

    /** Who is told when readiness changes. */
    Watchers watchers() {
        return watchers;
    }

    /**
     * read(2).
     *
     * @return how many bytes; 0 when all writers are gone; -EAGAIN
     */
    long read(Transfer to, boolean blocking) {
        if (to.remaining() == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (ring.length() == 0) {
                if (writers == 0) {
                    return 0;
                }
                if (!blocking) {
                    return -EAGAIN;
                }
                if (readable.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                    return -ERESTARTSYS;
                }
            }
            int count = ring.take(to, (int) Math.min(to.remaining(), ring.length()));
            if (ring.length() > 0) {
                readable.wakeOne();
            }
            writable.handOverToOne();
            watchers.tell(Poll.WRITABLE);
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * write(2).
     *
     * @param packets whether what is written is one packet, or several of PIPE_BUF bytes (pipe2(2), O_DIRECT)
     * @return how many bytes; -EPIPE after SIGPIPE when all readers are gone; -EAGAIN
     */
    long write(Caller caller, Transfer from, boolean blocking, boolean packets) {
        long wanted = from.remaining();
        if (wanted == 0) {
            return 0;
        }
        int atOnce = wanted <= Limits.PIPE_BUF ? (int) wanted : 1;
        long done = 0;
        lock.lock();
        try {
            if (packets) {
                ring.expectPackets();
                done = joinLast(from);
            }
            while (done < wanted) {
                if (readers == 0) {
                    return done > 0 ? done : broken(caller);
                }
                if (packets ? ring.hasRoomForPacket() : ring.room() >= atOnce) {
                    int most = packets ? Limits.PIPE_BUF : ring.room();
                    int part = (int) Math.min(wanted - done, most);
                    int count = packets ? ring.putPacket(from, part) : ring.put(from, part);
                    if (count < 0) {
                        return done > 0 ? done : count;
                    }
                    done += count;
                    readable.handOverToOne();
                    watchers.tell(Poll.READABLE);
                } else if (!blocking) {
                    return done > 0 ? done : -EAGAIN;
                } else if (writable.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                    return done > 0 ? done : -ERESTARTSYS;
                }
            }
            if (ring.room() > 0) {
                writable.wakeOne();
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** As on Linux, what does not fill packets goes behind bytes that are no packet, if there is room. How many bytes did so. */
    private long joinLast(Transfer from) {
        int rest = (int) (from.remaining() & Limits.PIPE_BUF - 1);
        if (readers == 0 || !ring.joinsLast(rest)) {
            return 0;
        }
        int count = Math.max(0, ring.put(from, rest));
        readable.handOverToOne();
        watchers.tell(Poll.READABLE);
        return count;
    }

    private static int broken(Caller caller) {
        caller.raise(SignalNumber.SIGPIPE);
        return -EPIPE;
    }

    /** What a reader, a writer or both would find ready. */
    int events(boolean reads, boolean writes) {
        lock.lock();
        try {
            int events = 0;
            if (reads) {
                events |= ring.length() > 0 ? Poll.READABLE : 0;
                events |= writers == 0 && writersSeen > 0 ? Poll.POLLHUP : 0;
            }
            if (writes) {
                events |= ring.room() >= Limits.PIPE_BUF ? Poll.WRITABLE : 0;
                events |= readers == 0 ? Poll.POLLERR : 0;
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** Adds an end of a pipe without a name; waits for nobody. */
    void open(boolean reads, boolean writes, FrameAccount payer) {
        lock.lock();
        ring.chargeTo(payer);
        join(reads, writes);
        lock.unlock();
    }

    /**
     * Adds a reader, a writer or one that is both of a FIFO; waits until there is somebody at the other end (fifo(7)).
     *
     * @return 0; -ENXIO for a writer that does not wait and finds no reader; -ERESTARTSYS
     */
    int open(boolean reads, boolean writes, boolean blocking, FrameAccount payer) {
        lock.lock();
        try {
            ring.chargeTo(payer);
            if (writes && !reads && !blocking && readers == 0) {
                return -ENXIO;
            }
            join(reads, writes);
            int error = blocking && reads != writes ? awaitPartner(reads) : 0;
            if (error < 0) {
                leave(reads, writes);
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    private void join(boolean reads, boolean writes) {
        if (reads) {
            readers++;
            readersSeen++;
        }
        if (writes) {
            writers++;
            writersSeen++;
        }
        opened.wakeAll();
    }

    private int awaitPartner(boolean reads) {
        long seen = reads ? writersSeen : readersSeen;
        while ((reads ? writers : readers) == 0 && (reads ? writersSeen : readersSeen) == seen) {
            if (opened.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                return -ERESTARTSYS;
            }
        }
        return 0;
    }

    /** Takes away what {@link #open} added; when nobody is left, the bytes are lost. */
    void close(boolean reads, boolean writes) {
        lock.lock();
        try {
            leave(reads, writes);
        } finally {
            lock.unlock();
        }
    }

    private void leave(boolean reads, boolean writes) {
        readers -= reads ? 1 : 0;
        writers -= writes ? 1 : 0;
        if (writers == 0) {
            readable.wakeAll();
        }
        if (readers == 0) {
            writable.wakeAll();
        }
        if (readers == 0 && writers == 0) {
            ring.close();
        }
        watchers.tell(
                (writers == 0 ? Poll.READABLE | Poll.POLLHUP : 0) | (readers == 0 ? Poll.WRITABLE | Poll.POLLERR : 0));
    }

    /** FIONREAD: how many bytes are in it. */
    int length() {
        lock.lock();
        try {
            return ring.length();
        } finally {
            lock.unlock();
        }
    }

    /** F_GETPIPE_SZ: how many bytes fit. */
    int capacity() {
        lock.lock();
        try {
            return ring.capacity();
        } finally {
            lock.unlock();
        }
    }

    /**
     * F_SETPIPE_SZ.
     *
     * @param bytes at least 0; rounded up to a power of two of pages
     * @return the new capacity; -EBUSY if it holds more now; -EPERM beyond what unprivileged users may have
     */
    int setCapacity(Identity who, int bytes) {
        if (bytes > 1 << 30) {
            return -EPERM;
        }
        int size = rounded(bytes);
        boolean large = size > Pipes.largest() && size > capacity();
        if (large && !who.has(Identity.CAP_SYS_RESOURCE)) {
            return -EPERM;
        }
        if (bytes > ByteRing.MOST_PAGES * PhysicalMemory.FRAME_SIZE) {
            return -ENOMEM;
        }
        lock.lock();
        try {
            int error = ring.resize(size >>> PhysicalMemory.FRAME_SHIFT);
            if (error < 0) {
                return error;
            }
            writable.wakeOne();
            watchers.tell(Poll.WRITABLE);
            return size;
        } finally {
            lock.unlock();
        }
    }
}
