package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Latin1;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.MountTable;
import biscotti.file.Slot;
import biscotti.process.UserThread;

/** System calls about file systems as such. */
public final class FileSystemCalls {
    private static final int USTAT_BYTES = 32;
    private static final int FREE_FILES = 8;

    private static final int NUMBER_OF_NAME = 1;
    private static final int NAME_OF_NUMBER = 2;
    private static final int COUNT = 3;

    private final FileSystemTypes types;

    /** Calls that know these types. */
    public FileSystemCalls(FileSystemTypes types) {
        this.types = types;
    }

    /** ustat(2). */
    @SystemCall(number = 136, name = "ustat")
    public long ustat(UserThread caller, int device, long result) {
        MountTable mounts = caller.fileContext().mounts();
        int id = mounts.next(0);
        while (id >= 0) {
            FileSystem fileSystem = mounts.get(id).root().fileSystem();
            if (fileSystem.device() == device) {
                FileSystem.Statistics statistics = fileSystem.statistics();
                byte[] bytes = new byte[USTAT_BYTES];
                putInt(bytes, 0, (int) statistics.freeBlocks());
                putLong(bytes, FREE_FILES, statistics.freeFiles());
                return caller.memory().write(result, bytes, 0, bytes.length);
            }
            id = mounts.next(id + 1);
        }
        return -EINVAL;
    }

    /** sysfs(2): the types of file systems have numbers, from 0. */
    @SystemCall(number = 139, name = "sysfs")
    public long sysfs(UserThread caller, int option, long argument, long buffer) {
        return switch (option) {
            case NUMBER_OF_NAME -> numberOf(caller, argument);
            case NAME_OF_NUMBER -> writeName(caller, argument, buffer);
            case COUNT -> types.count();
            default -> -EINVAL;
        };
    }

    private long numberOf(UserThread caller, long address) {
        Slot<String> name = new Slot<>();
        int error = UserPaths.read(caller, address, name);
        if (error < 0) {
            return error;
        }
        for (int i = 0; i < types.count(); i++) {
            if (types.name(i).equals(name.get())) {
                return i;
            }
        }
        return -EINVAL;
    }

    private long writeName(UserThread caller, long number, long buffer) {
        int index = (int) number;
        if (index < 0 || index >= types.count()) {
            return -EINVAL;
        }
        byte[] name = Latin1.withNul(types.name(index));
        return caller.memory().write(buffer, name, 0, name.length);
    }
}
