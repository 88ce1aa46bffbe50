package biscotti.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's command line. */
class KernelOptionsTest {
    @Test
    void optionsComeBeforeTheDashesAndTheCommandAfter() {
        KernelOptions options = KernelOptions.parse(
                "console=raw",
                "size=132x50",
                "env=A=b=c",
                "env=D=",
                "log=debug",
                "--",
                "sh",
                "-c",
                "--",
                "console=tty");
        assertTrue(options.rawConsole());
        assertEquals(132, options.columns());
        assertEquals(50, options.rows());
        assertEquals(List.of("A=b=c", "D="), options.environment());
        assertEquals("debug", options.logLevel());
        assertEquals(List.of("sh", "-c", "--", "console=tty"), options.command());
        assertEquals(List.of(), options.unknown());
    }

    @Test
    void withoutACommandThereIsNone() {
        assertEquals(List.of(), KernelOptions.parse("command-file=/run/command").command());
        assertEquals(
                "/run/command", KernelOptions.parse("command-file=/run/command").commandFile());
        assertFalse(KernelOptions.parse().rawConsole());
    }

    @Test
    void theRootsDiskIsNamedAsOnLinux() {
        assertFalse(KernelOptions.parse("ro").root().isGiven());
        KernelOptions options =
                KernelOptions.parse("root=/dev/sda1", "rw", "rootwait", "rootfstype=ext2", "rootflags=a,b=c");
        assertEquals(new RootDisk("/dev/sda1", "ext2", "a,b=c", false), options.root());
        assertEquals(List.of(), options.unknown());
        assertTrue(KernelOptions.parse("root=8:1").root().readOnly());
    }

    @Test
    void nonsenseIsReportedNotObeyed() {
        KernelOptions options = KernelOptions.parse("size=x", "size=99999999999x1", "quiet", "foo=bar");
        assertEquals(0, options.columns());
        assertEquals(List.of("quiet", "foo=bar"), options.unknown());
    }
}
