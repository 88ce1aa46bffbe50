package biscotti.file;

/** Who asks for access to a file: the file-system ids and capabilities of a thread (credentials(7)). Immutable. */
public interface Identity {
    /** Capability to change any file's owner: CAP_CHOWN of capabilities(7). */
    int CAP_CHOWN = 0;

    /** Capability to pass over permission bits: CAP_DAC_OVERRIDE. */
    int CAP_DAC_OVERRIDE = 1;

    /** Capability to read any file and search any directory: CAP_DAC_READ_SEARCH. */
    int CAP_DAC_READ_SEARCH = 2;

    /** Capability to act as the owner of any file: CAP_FOWNER. */
    int CAP_FOWNER = 3;

    /** Capability to keep set-id bits: CAP_FSETID. */
    int CAP_FSETID = 4;

    /** Capability to protect files from all change: CAP_LINUX_IMMUTABLE. */
    int CAP_LINUX_IMMUTABLE = 9;

    /** Capability to lock memory: CAP_IPC_LOCK. */
    int CAP_IPC_LOCK = 14;

    /** Capability to pass over the permissions of System V IPC: CAP_IPC_OWNER. */
    int CAP_IPC_OWNER = 15;

    /** Capability to use ports and the like: CAP_SYS_RAWIO. */
    int CAP_SYS_RAWIO = 17;

    /** Capability to use chroot(2): CAP_SYS_CHROOT. */
    int CAP_SYS_CHROOT = 18;

    /** Capability to account processes: CAP_SYS_PACCT. */
    int CAP_SYS_PACCT = 20;

    /** Capability for mounts and the like: CAP_SYS_ADMIN. */
    int CAP_SYS_ADMIN = 21;

    /** Capability to raise limits: CAP_SYS_RESOURCE. */
    int CAP_SYS_RESOURCE = 24;

    /** Capability for terminals: CAP_SYS_TTY_CONFIG. */
    int CAP_SYS_TTY_CONFIG = 26;

    /** Capability to make device nodes: CAP_MKNOD. */
    int CAP_MKNOD = 27;

    /** Capability to take leases on any file: CAP_LEASE. */
    int CAP_LEASE = 28;

    /** Capability to read the kernel log: CAP_SYSLOG. */
    int CAP_SYSLOG = 34;

    /** Capability to give files capabilities: CAP_SETFCAP. */
    int CAP_SETFCAP = 31;

    /** The identity of the kernel itself, which may do everything: it owns what is made at boot. */
    Identity KERNEL = new Identity() {
        @Override
        public int userId() {
            return 0;
        }

        @Override
        public int groupId() {
            return 0;
        }

        @Override
        public boolean inGroup(int group) {
            return group == 0;
        }

        @Override
        public boolean has(int capability) {
            return true;
        }
    };

    /** The file-system user id: the effective one, unless setfsuid(2) changed it. */
    int userId();

    /** The file-system group id. */
    int groupId();

    /** Whether a group is the file-system group id or one of the supplementary groups. */
    boolean inGroup(int group);

    /** Whether it has a capability: one of the {@code CAP_} constants, which are Linux's numbers. */
    boolean has(int capability);
}
