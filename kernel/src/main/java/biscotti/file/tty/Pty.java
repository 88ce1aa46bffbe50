package biscotti.file.tty;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.FileMode;
import biscotti.abi.Poll;
import biscotti.file.KernelTransfer;
import biscotti.file.SpecialFile;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.file.pipe.ByteRing;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAccount;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * A pseudo terminal, pty(7): a terminal for programs, the <i>slave</i>, whose line leads to another program, the <i>master</i>.
 * What the master writes is typed; what programs write waits in a ring until the master reads it.
 *
 * <p>The ring's lock is taken with the terminal's lock held, never the other way round; the master's side takes the terminal's
 * lock only without it.
 */
final class Pty implements TerminalLine {
    private static final int RING_PAGES = 16;
    private static final int CHUNK = 512;

    private final Ptys ptys;
    private final PhysicalMemory memory;
    private final int index;
    private final int user;
    private final int group;
    private final Tty slave;

    private final RankedLock lock = new RankedLock(LockRank.PIPE);
    private final ByteRing ring;
    private final WaitQueue readers = new WaitQueue();
    private final WaitQueue writers = new WaitQueue();
    private final Watchers watchers = new Watchers();
    private SpecialFile node;
    private boolean masterClosed;
    private boolean slaveKnown;
    private int slaves;
    private int packetEvents;
    private volatile boolean packetMode;
    private volatile boolean locked = true;

    /**
     * A pair whose master is open.
     *
     * @param user who owns the slave's device node
     */
    Pty(Ptys ptys, Machine machine, FrameAllocator frames, ProcessGroups groups, int index, int user, int group) {
        this.ptys = ptys;
        this.memory = machine.memory();
        this.index = index;
        this.user = user;
        this.group = group;
        this.ring = new ByteRing(frames, RING_PAGES);
        this.slave = new Tty(this, groups, machine.clock(), Ptys.deviceOf(index), false);
        slave.setSettings(TerminalSettings.pseudo());
    }

    /** Charges what is written to the slave and not read yet. */
    void chargeTo(FrameAccount payer) {
        ring.chargeTo(payer);
    }

    int index() {
        return index;
    }

    /**
     * Its device node: one for all time, so that its mode and owner can be changed.
     *
     * @param pts the file system that it is in
     */
    SpecialFile node(PtsFileSystem pts) {
        lock.lock();
        try {
            if (node == null) {
                node = PtsDirectory.named(new SpecialFile(
                        pts,
                        PtsDirectory.numberOf(this),
                        FileMode.S_IFCHR | pts.mode(),
                        pts.userOf(this),
                        pts.groupOf(this),
                        slave.device(),
                        pts.devices()));
            }
            return node;
        } finally {
            lock.unlock();
        }
    }

    int user() {
        return user;
    }

    int group() {
        return group;
    }

    /** The terminal that programs see. */
    Tty slave() {
        return slave;
    }

    boolean isLocked() {
        return locked;
    }

    /** unlockpt(3): until it is unlocked, nobody can open the slave. */
    void setLocked(boolean lockIt) {
        locked = lockIt;
    }

    boolean inPacketMode() {
        return packetMode;
    }

    /** Whether the master is told what happens to the slave, and data has a byte in front of it: TIOCPKT. */
    void setPacketMode(boolean on) {
        lock.lock();
        if (on && !packetMode) {
            packetEvents = 0;
        }
        packetMode = on;
        lock.unlock();
    }

    // The line, for the slave.

    @Override
    public boolean isPseudo() {
        return true;
    }

    @Override
    public int outputRoom() {
        lock.lock();
        try {
            return ring.room();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int offer(byte[] from, int offset, int length) {
        lock.lock();
        try {
            if (masterClosed) {
                return length;
            }
            int put = ring.put(new KernelTransfer(memory, from, offset, length), Math.min(length, ring.room()));
            readers.wakeOne();
            watchers.tell(Poll.READABLE);
            return Math.max(0, put);
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} Not called: the terminal offers what there is {@link #outputRoom} for. */
    @Override
    public int write(KernelThread thread, byte[] from, int offset, int length) {
        return offer(from, offset, length);
    }

    /** {@inheritDoc} What is in the ring has left: nobody waits for the master. */
    @Override
    public int flush(KernelThread thread) {
        return 0;
    }

    @Override
    public void inputWanted() {
        lock.lock();
        writers.wakeAll();
        watchers.tell(Poll.WRITABLE);
        lock.unlock();
    }

    @Override
    public int mayOpen() {
        lock.lock();
        try {
            return locked || masterClosed ? -EIO : 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void opened() {
        lock.lock();
        slaves++;
        slaveKnown = true;
        lock.unlock();
    }

    @Override
    public void closed() {
        lock.lock();
        slaves--;
        if (slaves == 0) {
            readers.wakeAll();
            watchers.tell(Poll.READABLE | Poll.POLLHUP);
        }
        lock.unlock();
    }

    @Override
    public void noteEvents(int events) {
        if (!packetMode || events == 0) {
            return;
        }
        lock.lock();
        packetEvents = Packet.plus(packetEvents, events);
        readers.wakeAll();
        watchers.tell(Poll.READABLE | Poll.POLLPRI);
        lock.unlock();
    }

    @Override
    public void discardOutput() {
        lock.lock();
        ring.close();
        lock.unlock();
        slave.outputPossible();
    }

    // The master.

    Watchers masterWatchers() {
        return watchers;
    }

    /** How many bytes the master could read. */
    int available() {
        lock.lock();
        try {
            return ring.length();
        } finally {
            lock.unlock();
        }
    }

    int masterEvents() {
        boolean typing = slave.typingRoom() > 0;
        lock.lock();
        try {
            boolean told = packetMode && packetEvents != 0;
            boolean alone = slaveKnown && slaves == 0;
            return (ring.length() > 0 || told ? Poll.READABLE : 0)
                    | (told ? Poll.POLLPRI : 0)
                    | (alone ? Poll.POLLHUP : 0)
                    | (typing ? Poll.WRITABLE : 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The master's read(2): what programs wrote; in packet mode behind a byte that is 0, or the events alone.
     *
     * @return how many bytes; -EAGAIN; -EIO when nobody has the slave open any more and all was read
     */
    long readByMaster(Transfer to, boolean blocking) {
        if (to.remaining() == 0) {
            return 0;
        }
        long done;
        lock.lock();
        try {
            int error = awaitOutput(blocking);
            if (error < 0) {
                return error;
            }
            done = packetMode ? takePacket(to) : ring.take(to, (int) Math.min(to.remaining(), ring.length()));
        } finally {
            lock.unlock();
        }
        if (done > 0) {
            slave.outputPossible();
        }
        return done;
    }

    /** Waits until there is something to read: 0, or an errno. Lock held. */
    private int awaitOutput(boolean blocking) {
        while (ring.length() == 0 && !(packetMode && packetEvents != 0)) {
            if (slaveKnown && slaves == 0) {
                return -EIO;
            }
            if (!blocking) {
                return -EAGAIN;
            }
            if (readers.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                return -ERESTARTSYS;
            }
        }
        return 0;
    }

    private long takePacket(Transfer to) {
        byte[] header = {(byte) packetEvents};
        int error = to.put(header, 0, 1);
        if (error < 0 || packetEvents != 0) {
            packetEvents = 0;
            return error < 0 ? error : 1;
        }
        int taken = ring.take(to, (int) Math.min(to.remaining(), ring.length()));
        return Math.max(0, taken) + 1L;
    }

    /** The master's write(2): types. How many bytes, or an errno if none. */
    long writeByMaster(Transfer from, boolean blocking) {
        byte[] chunk = new byte[Math.clamp(from.remaining(), 0, CHUNK)];
        long done = 0;
        while (from.remaining() > 0) {
            int room = awaitTypingRoom(blocking);
            if (room < 0) {
                return done > 0 ? done : room;
            }
            int count = (int) Math.min(Math.min(chunk.length, room), from.remaining());
            int error = from.take(chunk, 0, count);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            slave.receive(chunk, count);
            done += count;
        }
        return done;
    }

    private int awaitTypingRoom(boolean blocking) {
        int room = slave.typingRoom();
        if (room > 0) {
            return room;
        }
        if (!blocking) {
            return -EAGAIN;
        }
        Waiter waiter = KernelThread.current().waiter();
        while (true) {
            waiter.reset();
            writers.join(waiter.entry());
            room = slave.typingRoom();
            int result = room > 0 ? 0 : waiter.sleep(Waiter.FOREVER);
            writers.leave(waiter.entry());
            if (room > 0 || result < 0) {
                return room > 0 ? room : -ERESTARTSYS;
            }
        }
    }

    /** The master has been closed for good: the slave hangs up and its device node is gone. */
    void closeMaster() {
        ptys.remove(this);
        lock.lock();
        masterClosed = true;
        ring.close();
        SpecialFile gone = node;
        lock.unlock();
        if (gone != null) {
            PtsDirectory.unname(gone);
        }
        slave.hangUp();
    }
}
