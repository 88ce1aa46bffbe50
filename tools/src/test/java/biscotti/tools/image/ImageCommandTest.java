package biscotti.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.tools.boot.KernelCommandLine;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageCommandTest {
    @Test
    void everyWordReachesTheShimAsItIs() {
        String line = KernelCommandLine.of(List.of("jvm=208"), List.of("a.B", "--", "sh", "-c", "echo '$x' \"y\" ; z"));
        assertEquals("""
                set timeout=0
                menuentry Biscotti {
                  multiboot2 /boot/shim.elf 'jvm=208' '--' 'a.B' '--' 'sh' '-c' 'echo%20%27%24x%27%20%22y%22%20%3B%20z'
                  module2 /boot/jvm.cpio
                  module2 /boot/root1.cpio
                }
                """, ImageCommand.configuration(line, List.of("jvm.cpio", "root1.cpio")));
    }
}
