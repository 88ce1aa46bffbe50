package biscotti.file;

import static biscotti.abi.Errno.ENODEV;

import biscotti.bounded.BoundedList;
import java.util.function.Function;

/** The types of file systems that mount(2) knows: what /proc/filesystems lists. */
public final class FileSystemTypes {
    private static final int MOST = 16;

    private final BoundedList<Type> types = new BoundedList<>(MOST);

    private record Type(String name, Function<String, FileSystem> make) {}

    /**
     * Adds a type, when the kernel starts.
     *
     * @param name as mount(2) has it
     * @param make gives a file system for a mount's options: a new one, or the only one of its type
     */
    public void add(String name, Function<String, FileSystem> make) {
        if (!types.add(new Type(name, make))) {
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
     * @return 0, or -ENODEV for an unknown type
     */
    public int make(String name, String options, Slot<FileSystem> made) {
        for (int i = 0; i < types.size(); i++) {
            Type type = types.get(i);
            if (type.name.equals(name)) {
                return made.put(type.make.apply(options));
            }
        }
        return -ENODEV;
    }
}
