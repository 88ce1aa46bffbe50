package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that give a machine disks. */
public final class DiskOptions {
    /** Sockets of the disk controller that a q35 has. */
    private static final int SATA_PORTS = 6;

    @Option(
            names = "--disk",
            paramLabel = "FILE[,ahci|virtio|nvme]",
            description =
                    "a disk with the content of a raw image, on a controller of this kind (default: virtio); repeatable")
    private List<String> disks = List.of();

    @Option(names = "--snapshot", description = "throw away what is written to disks when the machine stops")
    private boolean snapshot;

    /** The options of QEMU's for them; a disk with the root is the first of its kind. */
    List<String> qemuOptions(Optional<DiskImage> root, MachineOptions.Type type) {
        List<DiskImage> all = new ArrayList<>(root.stream().toList());
        disks.forEach(disk -> all.add(DiskImage.parse("--disk", disk, DiskImage.Kind.VIRTIO)));
        return qemuOptions(all, snapshot, type);
    }

    /** The options of QEMU's for some disks. */
    static List<String> qemuOptions(List<DiskImage> disks, boolean snapshot, MachineOptions.Type type) {
        List<String> options = new ArrayList<>();
        int sata = 0;
        for (int i = 0; i < disks.size(); i++) {
            DiskImage disk = disks.get(i);
            if (type == MachineOptions.Type.MICROVM) {
                throw new ToolFailure(disk.option() + " " + disk.file() + ": a microvm has no disks");
            }
            if (disk.kind() == DiskImage.Kind.AHCI && sata == SATA_PORTS) {
                throw new ToolFailure(
                        disk.option() + " " + disk.file() + ": the machine has only " + SATA_PORTS + " SATA ports");
            }
            options.add("-drive");
            options.add("if=none,format=raw,id=disk" + i + (snapshot ? ",snapshot=on" : "") + ",file="
                    + disk.file().toAbsolutePath().toString().replace(",", ",,"));
            options.add("-device");
            options.add(
                    switch (disk.kind()) {
                        case VIRTIO -> "virtio-blk-pci,drive=disk" + i;
                        case AHCI -> "ide-hd,drive=disk" + i + ",bus=ide." + sata++;
                        case NVME -> "nvme,drive=disk" + i + ",serial=disk" + i;
                    });
        }
        return options;
    }
}
