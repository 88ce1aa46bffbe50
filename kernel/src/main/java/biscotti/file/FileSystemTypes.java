package biscotti.file;

import static biscotti.abi.Errno.ENODEV;

import biscotti.bounded.BoundedList;

/** The types of file systems that mount(2) knows: what /proc/filesystems lists. */
public final class FileSystemTypes {
    private static final int MOST = 16;

    private final BoundedList<Type> types = new BoundedList<>(MOST);

    private record Type(String name, Maker maker) {}

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

    /**
     * Adds a type, when the kernel starts.
     *
     * @param name as mount(2) has it
     * @param maker gives a file system for a mount's options
     */
    public void add(String name, Maker maker) {
        if (!types.add(new Type(name, maker))) {
            throw new IllegalStateException("no room for the type " + name);
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

    /**
     * A file system to mount.
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
