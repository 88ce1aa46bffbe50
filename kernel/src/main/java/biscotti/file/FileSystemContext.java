package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMSGSIZE;
import static biscotti.abi.Errno.ENODATA;

import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.abi.MountFlags;
import biscotti.abi.OpenFlags;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * What a file system is to be made with, or changed to: fsopen(2), fspick(2). fsconfig(2) gives it parameters one after the other; what is wrong with
 * one is read from it as a message.
 */
public final class FileSystemContext extends OpenFile {
    /** The most messages that are kept: as on Linux, newer ones push the oldest out. */
    private static final int MESSAGES = 8;

    private static final String NAME = "anon_inode:[fscontext]";

    private final FileSystemTypes types;
    private final String type;
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);
    // All below is guarded by the lock.
    private final byte[] options = new byte[Limits.PATH_MAX];
    private final String[] messages = new String[MESSAGES];
    private int length;
    private int firstMessage;
    private int messageCount;
    private Phase phase;
    private int flags;
    private int flagsTold;
    private String source = "";
    private FileSystem fileSystem;

    /** What is to come next. */
    private enum Phase {
        CREATE,
        MOUNT,
        CHANGE,
        /** A call is at work on it. */
        BUSY,
        FAILED
    }

    /** What kind of value a parameter has. */
    public enum Kind {
        /** None. */
        FLAG,
        /** A text. */
        TEXT,
        /** Bytes, a path, an open file. */
        OTHER
    }

    private FileSystemContext(
            AnonymousInode inode, FileSystemTypes types, String type, Phase phase, FileSystem fileSystem) {
        super(inode.place(NAME), OpenFlags.O_RDWR);
        this.types = types;
        this.type = type;
        this.phase = phase;
        this.fileSystem = fileSystem;
    }

    /** fsopen(2): for a file system of a type that there is. */
    public static FileSystemContext forNew(AnonymousInode inode, FileSystemTypes types, String type) {
        return new FileSystemContext(inode, types, type, Phase.CREATE, inode.fileSystem());
    }

    /** fspick(2): to change a file system that is mounted, and is kept for this as a mount keeps it. */
    public static FileSystemContext forChange(AnonymousInode inode, FileSystemTypes types, FileSystem picked) {
        return new FileSystemContext(inode, types, picked.type(), Phase.CHANGE, picked);
    }

    /** The type of its file system. */
    public String type() {
        return type;
    }

    /** Whether it takes nothing but flags and texts, which it looks at when the file system is made or changed. */
    public boolean isSimple() {
        return types.isSimple(type);
    }

    /** The file system is made or picked. Locked. */
    private boolean hasFileSystem() {
        return fileSystem != vnode().fileSystem();
    }

    @Override
    protected void closed() {
        if (hasFileSystem()) {
            fileSystem.lostMount();
        }
    }

    /** {@inheritDoc} One message, if there is one; one that does not fit stays. */
    @Override
    protected long doRead(Caller caller, Transfer to) {
        byte[] bytes;
        lock.lock();
        try {
            if (messageCount == 0) {
                return -ENODATA;
            }
            bytes = Latin1.bytes(messages[firstMessage]);
            if (bytes.length > to.remaining()) {
                return -EMSGSIZE;
            }
            firstMessage = (firstMessage + 1) % MESSAGES;
            messageCount--;
        } finally {
            lock.unlock();
        }
        int error = to.put(bytes, 0, bytes.length);
        return error < 0 ? error : bytes.length;
    }

    /** Adds an error message. Locked. */
    private int refuse(String text, String name, String behind) {
        int last = (firstMessage + messageCount) % MESSAGES;
        if (messageCount == MESSAGES) {
            firstMessage = (firstMessage + 1) % MESSAGES;
        } else {
            messageCount++;
        }
        messages[last] = "e " + text + name + behind + "\n";
        return -EINVAL;
    }

    /**
     * Takes a parameter.
     *
     * @param name at most 255 characters
     * @param value at most 255 characters; empty for a parameter without a text
     * @return 0; -EINVAL with a message; -EBUSY if this is not the time for parameters
     */
    public int set(String name, Kind kind, String value) {
        lock.lock();
        try {
            if (phase != Phase.CREATE && phase != Phase.CHANGE) {
                return -EBUSY;
            }
            return setFlag(name) ? 0 : setOption(name, kind, value);
        } finally {
            lock.unlock();
        }
    }

    /** Takes one of the parameters that all file systems have. */
    private boolean setFlag(String name) {
        int flag = switch (name) {
            case "dirsync" -> MountFlags.MS_DIRSYNC;
            case "lazytime", "nolazytime" -> MountFlags.MS_LAZYTIME;
            case "mand", "nomand" -> MountFlags.MS_MANDLOCK;
            case "ro", "rw" -> MountFlags.MS_RDONLY;
            case "sync", "async" -> MountFlags.MS_SYNCHRONOUS;
            default -> 0;
        };
        boolean clears = name.equals("rw") || name.equals("async") || name.startsWith("no");
        flags = clears ? flags & ~flag : flags | flag;
        flagsTold |= flag;
        return flag != 0;
    }

    private int setOption(String name, Kind kind, String value) {
        if (name.equals("source")) {
            return setSource(kind, value);
        }
        FileSystemTypes.Verdict verdict = types.check(type, name, kind, value);
        return switch (verdict) {
            case GOOD -> addOption(name, kind, value);
            case UNKNOWN -> refuse(type, ": Unknown parameter '", name + "'");
            case BAD -> refuse(type, ": Bad value for '", name + "'");
            case SURPLUS -> refuse(type, ": Unexpected value for '", name + "'");
        };
    }

    private int setSource(Kind kind, String value) {
        if (kind != Kind.TEXT) {
            return refuse("Non-string source", "", "");
        }
        if (!source.isEmpty()) {
            return refuse("Multiple sources", "", "");
        }
        source = value;
        return 0;
    }

    private int addOption(String name, Kind kind, String value) {
        boolean hasText = kind == Kind.TEXT;
        if (name.indexOf(',') >= 0 || isSimple() && value.indexOf(',') >= 0) {
            return refuse("VFS: Legacy: Option '", name, "' contained comma");
        }
        int added = name.length() + (hasText ? 1 + value.length() : 0);
        if (length + added + 2 > options.length) {
            return refuse("VFS: Legacy: Cumulative options too large", "", "");
        }
        if (length > 0) {
            options[length++] = ',';
        }
        Latin1.copy(name, 0, options, length, name.length());
        length += name.length();
        if (hasText) {
            options[length++] = '=';
            Latin1.copy(value, 0, options, length, value.length());
            length += value.length();
        }
        return 0;
    }

    /** What parameters ask for: flags of mount(2), those of them that are told, options with commas between. */
    public record Wish(String source, int flags, int flagsTold, String options) {}

    /**
     * FSCONFIG_CMD_CREATE begins; {@link #created} or {@link #failed} ends it.
     *
     * @return 0; -EBUSY if this is not the time for it
     */
    public int create(Slot<Wish> wish) {
        return begin(Phase.CREATE, wish);
    }

    /**
     * FSCONFIG_CMD_RECONFIGURE begins; {@link #changed} or {@link #failed} ends it.
     *
     * @return 0; -EBUSY if this is not the time for it
     */
    public int change(Slot<Wish> wish) {
        return begin(Phase.CHANGE, wish);
    }

    /**
     * fsmount(2) begins; {@link #changed} or {@link #notMounted} ends it.
     *
     * @return 0; -EBUSY if it is mounted already; -EINVAL if there is no file system yet
     */
    public int mount(Slot<Wish> wish) {
        lock.lock();
        boolean none = !hasFileSystem();
        lock.unlock();
        return none ? -EINVAL : begin(Phase.MOUNT, wish);
    }

    private int begin(Phase wanted, Slot<Wish> wish) {
        lock.lock();
        try {
            if (phase != wanted) {
                return -EBUSY;
            }
            phase = Phase.BUSY;
            return wish.put(new Wish(source, flags, flagsTold, Latin1.text(options, 0, length)));
        } finally {
            lock.unlock();
        }
    }

    /** Its file system; that of no file if there is none yet. */
    public FileSystem fileSystem() {
        lock.lock();
        try {
            return fileSystem;
        } finally {
            lock.unlock();
        }
    }

    /** The file system is there, kept for this as a mount keeps it. */
    public void created(FileSystem made) {
        lock.lock();
        fileSystem = made;
        phase = Phase.MOUNT;
        lock.unlock();
    }

    /** The file system has been mounted or changed; it can be changed again. */
    public void changed() {
        lock.lock();
        source = "";
        flags = 0;
        flagsTold = 0;
        length = 0;
        phase = Phase.CHANGE;
        lock.unlock();
    }

    /** There was no room for a mount. */
    public void notMounted() {
        lock.lock();
        phase = Phase.MOUNT;
        lock.unlock();
    }

    /**
     * The file system could not be made or changed: nothing more comes of it.
     *
     * @param message why, empty for nothing to say
     */
    public void failed(String message) {
        lock.lock();
        phase = Phase.FAILED;
        if (!message.isEmpty()) {
            refuse(message, "", "");
        }
        lock.unlock();
    }
}
