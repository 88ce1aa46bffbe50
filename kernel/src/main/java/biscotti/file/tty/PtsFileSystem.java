package biscotti.file.tty;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import java.util.function.LongSupplier;

/** devpts: a directory with a device node for each pseudo terminal. There is one in a machine, however often it is mounted. */
public final class PtsFileSystem extends FileSystem {
    private static final long MAGIC = 0x1cd1;
    private static final int BLOCK = 4096;
    private static final int UNKNOWN = -1;
    private static final int DECIMAL = 10;
    private static final int OCTAL = 8;

    private final Ptys ptys;
    private final Devices devices;
    private final PtsDirectory root;
    private volatile int mode = 0600;
    private volatile int masterMode;
    private volatile int user = UNKNOWN;
    private volatile int group = UNKNOWN;

    /** A file system of pseudo terminals, of which there may be none yet. */
    public PtsFileSystem(Ptys ptys, Devices devices, LongSupplier wallClock) {
        super("devpts", devices.nextAnonymous(), wallClock);
        this.ptys = ptys;
        this.devices = devices;
        this.root = new PtsDirectory(this);
    }

    /** {@inheritDoc} These are mode, ptmxmode (octal), uid, gid, max and newinstance of mount(8), of which the last two change nothing. */
    @Override
    public int configure(String options) {
        if (!areKnown(options)) {
            return -EINVAL;
        }
        mode = option(options, "mode=", OCTAL, 0600) & FileMode.PERMISSIONS;
        masterMode = option(options, "ptmxmode=", OCTAL, 0) & FileMode.PERMISSIONS;
        root.setMasterMode(masterMode);
        user = option(options, "uid=", DECIMAL, UNKNOWN);
        group = option(options, "gid=", DECIMAL, UNKNOWN);
        return 0;
    }

    private static boolean areKnown(String options) {
        int at = 0;
        while (at < options.length()) {
            int comma = options.indexOf(',', at);
            int end = comma < 0 ? options.length() : comma;
            boolean known = end == at
                    || options.startsWith("mode=", at)
                    || options.startsWith("ptmxmode=", at)
                    || options.startsWith("uid=", at)
                    || options.startsWith("gid=", at)
                    || options.startsWith("max=", at)
                    || options.startsWith("newinstance", at);
            if (!known) {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    /** The number behind a name among options with commas between them. */
    private static int option(String options, String name, int radix, int otherwise) {
        int at = 0;
        while (at >= 0 && !options.startsWith(name, at)) {
            int comma = options.indexOf(',', at);
            at = comma < 0 ? -1 : comma + 1;
        }
        if (at < 0) {
            return otherwise;
        }
        int value = 0;
        for (int i = at + name.length(); i < options.length() && options.charAt(i) != ','; i++) {
            int digit = Character.digit(options.charAt(i), radix);
            if (digit < 0) {
                return otherwise;
            }
            value = value * radix + digit;
        }
        return value;
    }

    Ptys ptys() {
        return ptys;
    }

    Devices devices() {
        return devices;
    }

    /** Permissions of a slave's node. */
    int mode() {
        return mode;
    }

    /** The owner of a slave's node. */
    int userOf(Pty pty) {
        return user == UNKNOWN ? pty.user() : user;
    }

    /** The group of a slave's node. */
    int groupOf(Pty pty) {
        return group == UNKNOWN ? pty.group() : group;
    }

    @Override
    public Directory root() {
        return root;
    }

    @Override
    public Statistics statistics() {
        return new Statistics(MAGIC, BLOCK, 0, 0, 0, 0);
    }

    @Override
    public String options() {
        return (user == UNKNOWN ? "" : ",uid=" + user) + (group == UNKNOWN ? "" : ",gid=" + group) + ",mode="
                + octal(mode) + ",ptmxmode=" + octal(masterMode);
    }

    /** Three digits. */
    private static String octal(int permissions) {
        return "" + (permissions >>> 6 & 7) + (permissions >>> 3 & 7) + (permissions & 7);
    }
}
