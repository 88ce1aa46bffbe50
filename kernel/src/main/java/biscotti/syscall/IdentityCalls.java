package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.process.UserTotals;
import biscotti.process.identity.Credentials;
import biscotti.process.identity.GroupList;

/** System calls about users and groups (credentials(7)). Each thread has its own. */
public final class IdentityCalls {
    /** The family has no state. */
    public IdentityCalls() {}

    private static Credentials of(UserThread caller) {
        return caller.identity();
    }

    private static long apply(UserThread caller, Credentials.Change change) {
        if (change instanceof Credentials.Change.Refused refused) {
            return refused.error();
        }
        int before = caller.identity().user().real();
        caller.setIdentity(((Credentials.Change.To) change).credentials());
        UserTotals.noteUserChange(caller, before);
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
        caller.setIdentity(before.withFileUser(user));
        return Integer.toUnsignedLong(before.user().file());
    }

    /** setfsgid(2): always answers with the old id. */
    @SystemCall(number = 123, name = "setfsgid")
    public long setfsgid(UserThread caller, int group) {
        Credentials before = of(caller);
        caller.setIdentity(before.withFileGroup(group));
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
        caller.setIdentity(of(caller).withGroups(groups));
        return 0;
    }

    /** Reads the groups of a piece of the list, from one on: 0, -EFAULT, or -EINVAL for the group that is none. */
    private static long readGroups(UserMemory memory, long list, GroupList groups, int from) {
        int end = Math.min(groups.size(), from + GroupList.PIECE);
        for (int i = from; i < end; i++) {
            long group = memory.readInt(list + i * 4L);
            if (group < 0 || (int) group == -1) {
                return group < 0 ? group : -EINVAL;
            }
            groups.set(i, (int) group);
        }
        return 0;
    }
}
