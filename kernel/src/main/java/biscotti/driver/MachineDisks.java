package biscotti.driver;

import biscotti.driver.disk.QueuedDevice;
import biscotti.driver.pci.PciBus;
import biscotti.driver.pci.PciFunction;
import biscotti.driver.virtio.PciTransport;
import biscotti.driver.virtio.VirtioDisk;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** The disks of the machine, in the order in which they were found. Made once, at boot. */
public final class MachineDisks {
    /** The most disks that are used: as many as have a letter. */
    public static final int MOST_DISKS = 26;

    // Numbers as on Linux (Documentation/admin-guide/devices.txt); virtio's major is given out there when the driver
    // starts, as
    // this one mostly.
    private static final int VIRTIO_MAJOR = 254;

    /** Numbers that a disk has, for itself and its partitions. */
    private static final int MINORS = 16;

    private static final int MEGABYTE_SHIFT = 20;

    private final Machine machine;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final KernelLog log;
    private final QueuedDevice[] disks = new QueuedDevice[MOST_DISKS];
    private int count;
    private int virtio;

    private MachineDisks(Machine machine, Scheduler scheduler, FrameAllocator frames, KernelLog log) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.frames = frames;
        this.log = log;
    }

    /** Finds and starts all disks; on a kernel thread, as that waits for them. */
    public static MachineDisks find(Machine machine, Scheduler scheduler, FrameAllocator frames, KernelLog log) {
        MachineDisks all = new MachineDisks(machine, scheduler, frames, log);
        PciBus bus = PciBus.scan(machine, log);
        for (int i = 0; i < bus.count(); i++) {
            all.open(bus.function(i));
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** One of them. */
    public QueuedDevice disk(int index) {
        return disks[index];
    }

    private void open(PciFunction function) {
        if (PciTransport.isBlockDevice(function)) {
            Optional<PciTransport> transport = PciTransport.of(machine, function);
            if (transport.isEmpty()) {
                log.warning("virtio disk at " + function + ": of the time before VIRTIO 1.0, not supported");
            } else if (hasRoom()) {
                add(
                        VirtioDisk.open(
                                transport.get(),
                                name("vd", virtio),
                                number(VIRTIO_MAJOR, virtio),
                                scheduler,
                                frames,
                                log),
                        "virtio",
                        transport.get().place());
                virtio++;
            }
        }
    }

    private boolean hasRoom() {
        if (count == MOST_DISKS) {
            log.warning("more than " + MOST_DISKS + " disks: the others are not used");
        }
        return count < MOST_DISKS;
    }

    private static String name(String kind, int index) {
        return kind + (char) ('a' + index);
    }

    private static int number(int major, int index) {
        return major << 8 | index * MINORS & 0xff | (index * MINORS & ~0xff) << 12;
    }

    private void add(Optional<QueuedDevice> found, String kind, String place) {
        if (found.isPresent()) {
            QueuedDevice disk = found.get();
            disks[count++] = disk;
            log.information(disk.name() + ": " + (disk.bytes() >>> MEGABYTE_SHIFT) + " MB, " + kind + " at " + place
                    + (disk.readOnly() ? ", read only" : ""));
        }
    }
}
