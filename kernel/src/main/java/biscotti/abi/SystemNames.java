package biscotti.abi;

/** What uname(2) and /proc/version tell of the system: programs look at it to know which interface they have. */
public final class SystemNames {
    /** The name of the system whose interface this is. */
    public static final String SYSTEM = "Linux";

    /** The version of that interface. */
    public static final String RELEASE = "6.1.0-biscotti";

    /** The build. */
    public static final String VERSION = "#1 SMP Biscotti";

    /** The kind of machine. */
    public static final String MACHINE = "x86_64";

    private SystemNames() {}
}
