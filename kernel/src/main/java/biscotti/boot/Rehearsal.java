package biscotti.boot;

import biscotti.machine.StandInShim;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Boots the kernel once in an ordinary process of the host, over a stand-in for the shim, while HotSpot records what it loads
 * and links for its AOT cache. The tool runs this when it makes the boot archive; in a machine it never runs.
 */
final class Rehearsal {
    private static final int FAILED = 1;

    private Rehearsal() {}

    /** Rehearses with the root archive that the first argument names. */
    public static void main(String... arguments) throws IOException {
        StandInShim shim = StandInShim.install(Path.of(arguments[0]));
        Thread.ofPlatform().daemon().start(() -> boot("console=raw", "--", "busybox", "true"));
        while (!shim.stopped()) {
            Thread.onSpinWait();
        }
        System.exit(0); // the carrier goes on: there is nobody to stop it
    }

    private static void boot(String... options) {
        try {
            Main.main(options);
        } catch (Exception e) {
            System.err.println("the rehearsal failed: " + e);
            System.exit(FAILED);
        }
    }
}
