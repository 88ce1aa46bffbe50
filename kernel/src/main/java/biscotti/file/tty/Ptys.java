package biscotti.file.tty;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.DeviceNumber;
import biscotti.bounded.IdTable;
import biscotti.file.Caller;
import biscotti.file.Devices;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** All pseudo terminals by number, and the devices that lead to them: /dev/ptmx and /dev/pts/N (pts(4)). */
public final class Ptys {
    /** The most pseudo terminals at a time: their line disciplines lie on the kernel's heap. */
    public static final int LIMIT = 512;

    /** /dev/ptmx: each open(2) makes a pseudo terminal. */
    public static final int PTMX = DeviceNumber.of(5, 2);

    private static final int MAJOR = 136;

    private final Machine machine;
    private final FrameAllocator frames;
    private final ProcessGroups groups;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdTable<Optional<Pty>> ptys = new IdTable<>(LIMIT, Optional.empty());

    /** None yet. */
    public Ptys(Machine machine, FrameAllocator frames, ProcessGroups groups) {
        this.machine = machine;
        this.frames = frames;
        this.groups = groups;
    }

    /** The device of a slave. */
    static int deviceOf(int index) {
        return DeviceNumber.of(MAJOR + (index >>> 8), index & 0xff);
    }

    private static int indexOf(int device) {
        return DeviceNumber.major(device) - MAJOR << 8 | DeviceNumber.minor(device);
    }

    /** Registers the devices. */
    public void register(Devices devices) {
        devices.register(PTMX, this::openMaster);
        for (int i = 0; i < LIMIT; i++) {
            devices.register(deviceOf(i), this::openSlave);
        }
    }

    private int openMaster(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        lock.lock();
        try {
            int index = ptys.firstFree(0, LIMIT);
            if (index < 0) {
                return -ENOSPC;
            }
            int user = caller.identity().userId();
            Pty made = new Pty(
                    this,
                    machine,
                    frames,
                    groups,
                    index,
                    user,
                    caller.identity().groupId());
            made.chargeTo(caller.frameAccount());
            ptys.put(index, Optional.of(made));
            return opened.put(new PtyMaster(made, place, flags));
        } finally {
            lock.unlock();
        }
    }

    private int openSlave(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        int device = place.vnode().deviceNumber();
        Optional<Pty> pty = find(indexOf(device));
        if (pty.isEmpty()) {
            return device == 0 ? -ENXIO : -EIO;
        }
        return TtyFile.open(pty.get().slave(), caller, place, flags, opened);
    }

    /** The pseudo terminal with a number, while its master is open. Takes no lock. */
    Optional<Pty> find(int index) {
        return ptys.get(index);
    }

    /** The lowest number in use that is not below this one; -1 if there is none. */
    int next(int from) {
        return ptys.next(from);
    }

    void remove(Pty pty) {
        lock.lock();
        ptys.remove(pty.index());
        lock.unlock();
    }
}
