package biscotti.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.run.DiskImage.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --disk} means. */
class DiskOptionsTest {
    @TempDir
    private Path directory;

    private Path image(String name) throws IOException {
        return Files.createFile(directory.resolve(name));
    }

    private static DiskImage disk(Path file, Kind kind) {
        return new DiskImage("--disk", file, kind);
    }

    private static DiskImage parse(String value) {
        return DiskImage.parse("--disk", value, Kind.VIRTIO);
    }

    @Test
    void theKindFollowsTheFile() throws IOException {
        Path file = image("a,b.img");
        assertEquals(disk(file, Kind.VIRTIO), parse(file.toString()));
        assertEquals(disk(file, Kind.AHCI), parse(file + ",ahci"));
        assertEquals(disk(file, Kind.NVME), parse(file + ",nvme"));
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        ToolFailure failure = assertThrows(ToolFailure.class, () -> parse("/no/such.img,ahci"));
        assertEquals("--disk /no/such.img: no such file or directory", failure.getMessage());
        assertThrows(ToolFailure.class, () -> parse(directory.toString()));
    }

    @Test
    void eachSataDiskHasAPortOfItsOwn() throws IOException {
        DiskImage sata = disk(image("a"), Kind.AHCI);
        List<String> options = DiskOptions.qemuOptions(
                List.of(sata, disk(image("b,c"), Kind.NVME), sata), true, MachineOptions.Type.Q35);
        assertTrue(options.contains("ide-hd,drive=disk0,bus=ide.0"));
        assertTrue(options.contains("nvme,drive=disk1,serial=disk1"));
        assertTrue(options.contains("ide-hd,drive=disk2,bus=ide.1"));
        assertTrue(options.contains("if=none,format=raw,id=disk1,snapshot=on,file=" + directory.resolve("b,,c")));
        assertThrows(
                ToolFailure.class,
                () -> DiskOptions.qemuOptions(
                        List.of(sata, sata, sata, sata, sata, sata, sata), false, MachineOptions.Type.Q35));
        assertThrows(
                ToolFailure.class, () -> DiskOptions.qemuOptions(List.of(sata), false, MachineOptions.Type.MICROVM));
    }
}
