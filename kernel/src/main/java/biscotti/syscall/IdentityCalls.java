package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.putInt;

import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import biscotti.process.identity.GroupList;
import java.util.Optional;

/** System calls about users, groups and capabilities (credentials(7)). A process's threads have them in common. */
public final class IdentityCalls {
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAPABILITY_VERSION_2 = 0x20071026;
    private static final int CAPABILITY_VERSION_1 = 0x19980330;
    private static final int CAPABILITY_SET_BYTES = 12;

    /** The family has no state. */
    public IdentityCalls() {}

    private static Credentials of(UserThread caller) {
        return caller.process().credentials();
    }

    private static long apply(UserThread caller, Credentials.Change change) {
        if (change instanceof Credentials.Change.Refused refused) {
            return refused.error();
        }
        caller.process().setCredentials(((Credentials.Change.To) change).credentials());
        return 0;
    }

    /** getuid(2). */
    @SystemCall(number = 102, name = "getuid")
    public long getuid(UserThread caller) {
        return Integer.toUnsignedLong(of(caller).user().real());
    }

    /** geteuid(2). */
    @SystemCall(number = 107, name = "geteuid")
    public long geteuid(UserThread caller) {
        return Integer.toUnsignedLong(of(caller).user().effective());
    }

    /** getgid(2). */
    @SystemCall(number = 104, name = "getgid")
    public long getgid(UserThread caller) {
        return Integer.toUnsignedLong(of(caller).group().real());
    }

    /** getegid(2). */
    @SystemCall(number = 108, name = "getegid")
    public long getegid(UserThread caller) {
        return Integer.toUnsignedLong(of(caller).group().effective());
    }

    /** setuid(2). */
    @SystemCall(number = 105, name = "setuid")
    public long setuid(UserThread caller, int user) {
        return user == Credentials.KEEP ? -EINVAL : apply(caller, of(caller).setUser(user));
    }

    /** setgid(2). */
    @SystemCall(number = 106, name = "setgid")
    public long setgid(UserThread caller, int group) {
        return group == Credentials.KEEP ? -EINVAL : apply(caller, of(caller).setGroup(group));
    }

    /** setreuid(2). */
    @SystemCall(number = 113, name = "setreuid")
    public long setreuid(UserThread caller, int real, int effective) {
        return apply(caller, of(caller).setUsers(real, effective));
    }

    /** setregid(2). */
    @SystemCall(number = 114, name = "setregid")
    public long setregid(UserThread caller, int real, int effective) {
        return apply(caller, of(caller).setGroups(real, effective));
    }

    /** setresuid(2). */
    @SystemCall(number = 117, name = "setresuid")
    public long setresuid(UserThread caller, int real, int effective, int saved) {
        return apply(caller, of(caller).setUsers(real, effective, saved));
    }

    /** getresuid(2). */
    @SystemCall(number = 118, name = "getresuid")
    public long getresuid(UserThread caller, long real, long effective, long saved) {
        return write(caller.memory(), of(caller).user(), real, effective, saved);
    }

    /** setresgid(2). */
    @SystemCall(number = 119, name = "setresgid")
    public long setresgid(UserThread caller, int real, int effective, int saved) {
        return apply(caller, of(caller).setGroups(real, effective, saved));
    }

    /** getresgid(2). */
    @SystemCall(number = 120, name = "getresgid")
    public long getresgid(UserThread caller, long real, long effective, long saved) {
        return write(caller.memory(), of(caller).group(), real, effective, saved);
    }

    private static long write(UserMemory memory, Credentials.Ids ids, long real, long effective, long saved) {
        int error = memory.writeInt(real, ids.real());
        if (error == 0) {
            error = memory.writeInt(effective, ids.effective());
        }
        return error < 0 ? error : memory.writeInt(saved, ids.saved());
    }

    /** setfsuid(2): always answers with the old id. */
    @SystemCall(number = 122, name = "setfsuid")
    public long setfsuid(UserThread caller, int user) {
        Credentials before = of(caller);
        caller.process().setCredentials(before.withFileUser(user));
        return Integer.toUnsignedLong(before.user().file());
    }

    /** setfsgid(2): always answers with the old id. */
    @SystemCall(number = 123, name = "setfsgid")
    public long setfsgid(UserThread caller, int group) {
        Credentials before = of(caller);
        caller.process().setCredentials(before.withFileGroup(group));
        return Integer.toUnsignedLong(before.group().file());
    }

    /** getgroups(2). */
    @SystemCall(number = 115, name = "getgroups")
    public long getgroups(UserThread caller, int size, long list) {
        GroupList groups = of(caller).groups();
        if (size < 0 || (size > 0 && size < groups.size())) {
            return -EINVAL;
        }
        for (int i = 0; i < groups.size() && size > 0; i++) {
            int error = caller.memory().writeInt(list + i * 4L, groups.get(i));
            if (error < 0) {
                return error;
            }
        }
        return groups.size();
    }

    /** setgroups(2). */
    @SystemCall(number = 116, name = "setgroups")
    public long setgroups(UserThread caller, int size, long list) {
        if (!of(caller).has(Credentials.CAP_SETGID)) {
            return -EPERM;
        }
        if (size < 0 || size > GroupList.LIMIT) {
            return -EINVAL;
        }
        GroupList groups = new GroupList(size);
        for (int piece = 0; piece < groups.pieces(); piece++) {
            if (!caller.rounds().awaitRound()) {
                return -EINTR;
            }
            groups.makePiece(piece);
            long error = readGroups(caller.memory(), list, groups, piece * GroupList.PIECE);
            if (error < 0) {
                return error;
            }
        }
        groups.sort();
        caller.process().setCredentials(of(caller).withGroups(groups));
        return 0;
    }

    /** Reads the groups of a piece of the list, from one on: 0 or -EFAULT. */
    private static long readGroups(UserMemory memory, long list, GroupList groups, int from) {
        int end = Math.min(groups.size(), from + GroupList.PIECE);
        for (int i = from; i < end; i++) {
            long group = memory.readInt(list + i * 4L);
            if (group < 0) {
                return group;
            }
            groups.set(i, (int) group);
        }
        return 0;
    }

    /** capget(2). */
    @SystemCall(
            number = 125,
            name = "capget",
            support = Support.PARTIAL,
            note = "inheritable and ambient sets are always empty")
    public long capget(UserThread caller, long header, long data) {
        long sets = setsOf(caller.memory(), header);
        if (sets < 0) {
            return data == 0 && sets == -EINVAL ? 0 : sets;
        }
        long pid = caller.memory().readInt(header + 4);
        if (pid < 0) {
            return pid;
        }
        Optional<Process> process = pid == 0
                ? Optional.of(caller.process())
                : caller.process().system().table().process((int) pid);
        if (process.isEmpty()) {
            return -ESRCH;
        }
        Credentials credentials = process.get().credentials();
        byte[] bytes = new byte[(int) sets * CAPABILITY_SET_BYTES];
        for (int i = 0; i < sets; i++) {
            putInt(bytes, i * CAPABILITY_SET_BYTES, (int) (credentials.effective() >>> 32 * i));
            putInt(bytes, i * CAPABILITY_SET_BYTES + 4, (int) (credentials.permitted() >>> 32 * i));
        }
        return data == 0 ? 0 : caller.memory().write(data, bytes, 0, bytes.length);
    }

    /** capset(2). */
    @SystemCall(
            number = 126,
            name = "capset",
            support = Support.PARTIAL,
            note = "inheritable and ambient sets are always empty")
    public long capset(UserThread caller, long header, long data) {
        long sets = setsOf(caller.memory(), header);
        if (sets < 0) {
            return sets;
        }
        long pid = caller.memory().readInt(header + 4);
        if (pid < 0 || (pid != 0 && pid != caller.process().id())) {
            return pid < 0 ? pid : -EPERM;
        }
        byte[] bytes = new byte[(int) sets * CAPABILITY_SET_BYTES];
        int error = caller.memory().read(data, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        long effective = 0;
        long permitted = 0;
        for (int i = 0; i < sets; i++) {
            effective |= Integer.toUnsignedLong(getInt(bytes, i * CAPABILITY_SET_BYTES)) << 32 * i;
            permitted |= Integer.toUnsignedLong(getInt(bytes, i * CAPABILITY_SET_BYTES + 4)) << 32 * i;
        }
        permitted &= Credentials.ALL_CAPABILITIES;
        effective &= Credentials.ALL_CAPABILITIES;
        if ((permitted & ~of(caller).permitted()) != 0 || (effective & ~permitted) != 0) {
            return -EPERM;
        }
        caller.process().setCredentials(of(caller).withCapabilities(permitted, effective));
        return 0;
    }

    /** How many sets of 32 capabilities the header's version has; for an unknown one -EINVAL, and the newest is told. */
    private static long setsOf(UserMemory memory, long header) {
        long version = memory.readInt(header);
        if (version < 0) {
            return version;
        }
        return switch ((int) version) {
            case CAPABILITY_VERSION_1 -> 1;
            case CAPABILITY_VERSION_2, CAPABILITY_VERSION_3 -> 2;
            default -> {
                int error = memory.writeInt(header, CAPABILITY_VERSION_3);
                yield error < 0 ? error : -EINVAL;
            }
        };
    }
}
