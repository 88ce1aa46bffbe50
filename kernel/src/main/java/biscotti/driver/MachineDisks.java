package biscotti.driver;

import biscotti.abi.DeviceNumber;
import biscotti.bounded.BoundedList;
import biscotti.driver.ahci.AhciController;
import biscotti.driver.disk.QueuedDevice;
import biscotti.driver.nvme.NvmeController;
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

    // Numbers as on Linux (Documentation/admin-guide/devices.txt), which gives out virtio's when that driver starts.
    private static final int VIRTIO_MAJOR = 254;

    private static final int SCSI_MAJOR = 8;

    /** The major of disks that have none of their own. */
    private static final int EXTENDED_MAJOR = 259;

    /** Numbers that a disk has, for itself and its partitions. */
    private static final int MINORS = 16;

    private static final int MEGABYTE_SHIFT = 20;

    private final Machine machine;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final KernelLog log;
    private final BoundedList<QueuedDevice> disks = new BoundedList<>(MOST_DISKS);
    private int threads;
    private int virtio;
    private int sata;
    private int nvme;
    private int nvmeControllers;

    private MachineDisks(Machine machine, Scheduler scheduler, FrameAllocator frames, KernelLog log) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.frames = frames;
        this.log = log;
    }

    /** Starts all disks that are on the bus; on a kernel thread, as that waits for them. */
    public static MachineDisks find(
            PciBus bus, Machine machine, Scheduler scheduler, FrameAllocator frames, KernelLog log) {
        MachineDisks all = new MachineDisks(machine, scheduler, frames, log);
        for (int i = 0; i < bus.count(); i++) {
            all.open(bus.function(i));
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return disks.size();
    }

    /** One of them. */
    public QueuedDevice disk(int index) {
        return disks.get(index);
    }

    /** How many kernel threads serve them. */
    public int threads() {
        return threads;
    }

    private void open(PciFunction function) {
        if (PciTransport.isBlockDevice(function)) {
            openVirtio(function);
        } else if (AhciController.isController(function)) {
            AhciController.open(machine, scheduler, frames, log, function)
                    .ifPresent(controller -> openPorts(controller, function));
        } else if (NvmeController.isController(function)) {
            NvmeController.open(machine, scheduler, frames, log, function).ifPresent(this::openNamespaces);
        }
    }

    private void openPorts(AhciController controller, PciFunction function) {
        threads++;
        for (int port = 0; port < AhciController.MOST_PORTS; port++) {
            if (controller.isConnected(port) && hasRoom()) {
                Optional<QueuedDevice> disk = controller.disk(port, name("sd", sata), number(SCSI_MAJOR, sata));
                add(disk, "AHCI", function + ", port " + port);
                sata += disk.isPresent() ? 1 : 0;
            }
        }
    }

    private void openNamespaces(NvmeController controller) {
        for (int namespace = 1; namespace <= controller.namespaces() && hasRoom(); namespace++) {
            Optional<QueuedDevice> disk = controller.disk(
                    namespace, "nvme" + nvmeControllers + "n" + namespace, number(EXTENDED_MAJOR, nvme));
            add(disk, "NVMe", controller.toString());
            nvme += disk.isPresent() ? 1 : 0;
        }
        nvmeControllers++;
    }

    private void openVirtio(PciFunction function) {
        Optional<PciTransport> transport = PciTransport.of(machine, function);
        if (transport.isEmpty()) {
            log.warning("virtio disk at " + function + ": of the time before VIRTIO 1.0, not supported");
        } else if (hasRoom()) {
            Optional<QueuedDevice> disk = VirtioDisk.open(
                    transport.get(), name("vd", virtio), number(VIRTIO_MAJOR, virtio), scheduler, frames, log);
            add(disk, "virtio", transport.get().place());
            virtio += disk.isPresent() ? 1 : 0;
        }
    }

    private boolean hasRoom() {
        boolean room = disks.size() < MOST_DISKS;
        if (!room) {
            log.warning("more than " + MOST_DISKS + " disks: the others are not used");
        }
        return room;
    }

    private static String name(String kind, int index) {
        return kind + (char) ('a' + index);
    }

    private static int number(int major, int index) {
        return DeviceNumber.of(major, index * MINORS);
    }

    private void add(Optional<QueuedDevice> found, String kind, String place) {
        if (found.isPresent()) {
            QueuedDevice disk = found.get();
            disks.add(disk);
            threads++;
            log.information(disk.name() + ": " + (disk.bytes() >>> MEGABYTE_SHIFT) + " MB, " + kind + " at " + place
                    + (disk.readOnly() ? ", read only" : ""));
        }
    }
}
