package biscotti.file;

import static biscotti.abi.Errno.ENODEV;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The types of file systems that mount(2) knows: what /proc/filesystems lists. */
public final class FileSystemTypes {
    private final List<Type> types = new CopyOnWriteArrayList<>();

    private record Type(String name, Function<String, FileSystem> make) {}

    /**
     * Adds a type.
     *
     * @param name as mount(2) has it
     * @param make gives a file system for a mount's options: a new one, or the only one of its type
     */
    public void add(String name, Function<String, FileSystem> make) {
        types.add(new Type(name, make));
    }

    /** The names, in the order in which they were added. */
    public List<String> names() {
        return types.stream().map(Type::name).toList();
    }

    /**
     * A file system to mount.
     *
     * @param options the data of mount(2): options, with commas between
     * @return 0, or -ENODEV for an unknown type
     */
    public int make(String name, String options, Slot<FileSystem> made) {
        for (Type type : types) {
            if (type.name.equals(name)) {
                return made.put(type.make.apply(options));
            }
        }
        return -ENODEV;
    }
}
