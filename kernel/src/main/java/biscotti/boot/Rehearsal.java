package biscotti.boot;

import biscotti.machine.StandInShim;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Boots the kernel once in an ordinary process of the host, over a stand-in for the shim, while HotSpot records what it loads
 * and links for its AOT cache. The tool runs this when it makes the boot archive; in a machine it never runs.
 */
final class Rehearsal {
    /** The option that asks for a rehearsal, before the name of the root archive. */
    static final String OPTION = "rehearse=";

    private static final String COMMAND_LINE =
            "jvm=96 -- -jar /kernel.jar console=raw size=80x24 env=TERM=linux -- busybox %74rue";

    private static final int FAILED = 1;

    private Rehearsal() {}

    /** Rehearses with a root archive, and ends the JVM. */
    static void rehearse(Path root) throws IOException {
        StandInShim shim = StandInShim.install(root, COMMAND_LINE);
        Thread.ofPlatform().daemon().start(Rehearsal::boot);
        while (!shim.stopped()) {
            Thread.onSpinWait();
        }
        System.exit(0); // the carrier goes on: there is nobody to stop it
    }

    private static void boot() {
        try {
            Main.boot();
        } catch (Exception e) {
            System.err.println("the rehearsal failed: " + e);
            System.exit(FAILED);
        }
    }
}
