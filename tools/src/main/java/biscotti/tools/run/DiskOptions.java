package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** The controllers that a disk can be on. */
    enum Kind {
        VIRTIO,
        AHCI,
        NVME
    }

    /**
     * One {@code --disk}.
     *
     * @param file the raw image
     * @param kind what it is attached to
     */
    record Disk(Path file, Kind kind) {
        /** Reads the option's value. What follows the last comma is part of the file's name if it is no kind. */
        static Disk parse(String value) {
            int comma = value.lastIndexOf(',');
            Path file = Path.of(value);
            Kind kind = Kind.VIRTIO;
            for (Kind each : Kind.values()) {
                if (comma > 0 && value.substring(comma + 1).equals(each.name().toLowerCase(Locale.ROOT))) {
                    file = Path.of(value.substring(0, comma));
                    kind = each;
                }
            }
            if (!Files.exists(file)) {
                throw new ToolFailure("--disk " + file + ": no such file");
            }
            if (Files.isDirectory(file)) {
                throw new ToolFailure("--disk " + file + ": is a directory, not a disk image");
            }
            return new Disk(file, kind);
        }
    }

    /** The options of QEMU's for them. */
    List<String> qemuOptions(MachineOptions.Type type) {
        return qemuOptions(disks.stream().map(Disk::parse).toList(), snapshot, type);
    }

    /** The options of QEMU's for some disks. */
    static List<String> qemuOptions(List<Disk> disks, boolean snapshot, MachineOptions.Type type) {
        List<String> options = new ArrayList<>();
        int sata = 0;
        for (int i = 0; i < disks.size(); i++) {
            Disk disk = disks.get(i);
            if (type == MachineOptions.Type.MICROVM) {
                throw new ToolFailure("--disk " + disk.file() + ": a microvm has no disks");
            }
            if (disk.kind() == Kind.AHCI && sata == SATA_PORTS) {
                throw new ToolFailure("--disk " + disk.file() + ": the machine has only " + SATA_PORTS + " SATA ports");
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
