package biscotti.file;

import static biscotti.abi.Errno.ENODEV;

import biscotti.bounded.BoundedList;
import biscotti.driver.disk.BlockDevice;
import java.util.Optional;

/** The types of file systems that mount(2) knows: what /proc/filesystems lists. */
public final class FileSystemTypes {
    private static final int MOST = 16;

    private final BoundedList<Type> types = new BoundedList<>(MOST);

    private static final Maker ON_NO_DISK = (options, made) -> -ENODEV;

    private static final ParameterCheck KNOWS_NONE = (name, kind, value) -> Verdict.UNKNOWN;

    private record Type(String name, Maker maker, Optional<Opener> opener, Optional<ParameterCheck> check) {}

    /** What is to be said of a parameter of fsconfig(2). */
    public enum Verdict {
        /** It can be taken. */
        GOOD,
        /** There is no such parameter. */
        UNKNOWN,
        /** Its value makes no sense. */
        BAD,
        /** It has a value and takes none. */
        SURPLUS
    }

    /** Looks at parameters of fsconfig(2) one by one. */
    public interface ParameterCheck {
        /**
         * Looks at one.
         *
         * @param value its text; empty if it is of another kind
         */
        Verdict check(String name, FileSystemContext.Kind kind, String value);
    }

    /** Gives a file system for a mount: a new one, or the only one of its type. */
    public interface Maker {
        /**
         * Gives it.
         *
         * @param options the data of mount(2): options, with commas between
         * @return 0, or -EINVAL for an option that it does not know
         */
        int make(String options, Slot<FileSystem> made);
    }

    /** Opens a file system that is kept on a disk. */
    public interface Opener {
        /**
         * Opens it.
         *
         * @param type the name by which it was asked for
         * @param readOnly whether nothing on the disk may change
         * @param options the data of mount(2): options, with commas between
         * @return 0; -EINVAL if there is none of this type, or for an option that it does not know; -EACCES if it can only be read;
         *     -EUCLEAN, -EIO, -ENOMEM
         */
        int open(String type, BlockDevice device, boolean readOnly, String options, Slot<FileSystem> opened);
    }

    /**
     * Adds a type, when the kernel starts.
     *
     * @param name as mount(2) has it
     * @param maker gives a file system for a mount's options
     */
    public void add(String name, Maker maker) {
        add(new Type(name, maker, Optional.empty(), Optional.empty()));
    }

    /** As {@link #add(String, Maker)}, for a type that looks at its options one by one, where fsconfig(2) gives them so. */
    public void add(String name, Maker maker, ParameterCheck check) {
        add(new Type(name, maker, Optional.empty(), Optional.of(check)));
    }

    /** As {@link #add(String, Maker)}, for a type that has no options at all in fsconfig(2). */
    public void addWithoutOptions(String name, Maker maker) {
        add(name, maker, KNOWS_NONE);
    }

    /** Adds a type of file systems on disks, which look at all their options at once, when the kernel starts. */
    public void addOnDisk(String name, Opener opener) {
        add(new Type(name, ON_NO_DISK, Optional.of(opener), Optional.empty()));
    }

    /** As {@link #addOnDisk(String, Opener)}, for a type that looks at its options one by one, where fsconfig(2) gives them so. */
    public void addOnDisk(String name, Opener opener, ParameterCheck check) {
        add(new Type(name, ON_NO_DISK, Optional.of(opener), Optional.of(check)));
    }

    private void add(Type type) {
        if (!types.add(type)) {
            throw new IllegalStateException("no room for the type " + type.name);
        }
    }

    /** How many types there are. */
    public int count() {
        return types.size();
    }

    /** The name of one, in the order in which they were added. */
    public String name(int index) {
        return types.get(index).name;
    }

    /** Whether one needs a disk. */
    public boolean isOnDisk(int index) {
        return types.get(index).opener.isPresent();
    }

    /** The index of a type; negative if there is none of that name. */
    public int indexOf(String name) {
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).name.equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a type looks at all its options at once, when a file system is made or changed; no if it is unknown. */
    boolean isSimple(String name) {
        int index = indexOf(name);
        return index >= 0 && types.get(index).check.isEmpty();
    }

    /** What is to be said of a parameter for a file system of a type. */
    Verdict check(String type, String name, FileSystemContext.Kind kind, String value) {
        int index = indexOf(type);
        ParameterCheck check = index < 0 ? KNOWS_NONE : types.get(index).check.orElse(KNOWS_NONE);
        return isSimple(type) ? Verdict.GOOD : check.check(name, kind, value);
    }

    /** What opens file systems of a type; nothing for one that is unknown, or needs no disk. */
    public Optional<Opener> opener(String name) {
        int index = indexOf(name);
        return index < 0 ? Optional.empty() : types.get(index).opener;
    }

    /**
     * A file system to mount, of a type that needs no disk.
     *
     * @param options the data of mount(2): options, with commas between
     * @return 0; -ENODEV for an unknown type; -EINVAL for an unknown option
     */
    public int make(String name, String options, Slot<FileSystem> made) {
        int index = indexOf(name);
        return index < 0 ? -ENODEV : types.get(index).maker.make(options, made);
    }
}
