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

    private record Type(String name, Maker maker, Optional<Opener> opener) {}

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
        add(new Type(name, maker, Optional.empty()));
    }

    /** Adds a type of file systems on disks, when the kernel starts. */
    public void addOnDisk(String name, Opener opener) {
        add(new Type(name, ON_NO_DISK, Optional.of(opener)));
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

    /** What opens file systems of a type; nothing for one that is unknown, or needs no disk. */
    public Optional<Opener> opener(String name) {
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).name.equals(name)) {
                return types.get(i).opener;
            }
        }
        return Optional.empty();
    }

    /**
     * A file system to mount, of a type that needs no disk.
     *
     * @param options the data of mount(2): options, with commas between
     * @return 0; -ENODEV for an unknown type; -EINVAL for an unknown option
     */
    public int make(String name, String options, Slot<FileSystem> made) {
        for (int i = 0; i < types.size(); i++) {
            Type type = types.get(i);
            if (type.name.equals(name)) {
                return type.maker.make(options, made);
            }
        }
        return -ENODEV;
    }
}
