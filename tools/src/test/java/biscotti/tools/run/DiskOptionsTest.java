package biscotti.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.run.DiskOptions.Disk;
import biscotti.tools.run.DiskOptions.Kind;
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

    @Test
    void theKindFollowsTheFile() throws IOException {
        Path file = image("a,b.img");
        assertEquals(new Disk(file, Kind.VIRTIO), Disk.parse(file.toString()));
        assertEquals(new Disk(file, Kind.AHCI), Disk.parse(file + ",ahci"));
        assertEquals(new Disk(file, Kind.NVME), Disk.parse(file + ",nvme"));
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        ToolFailure failure = assertThrows(ToolFailure.class, () -> Disk.parse("/no/such.img,ahci"));
        assertEquals("--disk /no/such.img: no such file", failure.getMessage());
        assertThrows(ToolFailure.class, () -> Disk.parse(directory.toString()));
    }

    @Test
    void eachSataDiskHasAPortOfItsOwn() throws IOException {
        Disk sata = new Disk(image("a"), Kind.AHCI);
        List<String> options = DiskOptions.qemuOptions(
                List.of(sata, new Disk(image("b,c"), Kind.NVME), sata), true, MachineOptions.Type.Q35);
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
