package biscotti.process.identity;

import static biscotti.abi.Errno.EPERM;

import biscotti.file.Identity;

/** Who a thread acts as (credentials(7), capabilities(7)). Immutable; a change makes another. */
public final class Credentials implements Identity {
    /** Capability to send any signal. */
    public static final int CAP_KILL = 5;

    /** Capability to change group ids. */
    public static final int CAP_SETGID = 6;

    /** Capability to change user ids. */
    public static final int CAP_SETUID = 7;

    /** Capability to look into any process. */
    public static final int CAP_SYS_PTRACE = 19;

    /** Capability to stop the machine. */
    public static final int CAP_SYS_BOOT = 22;

    /** Capability to raise priority. */
    public static final int CAP_SYS_NICE = 23;

    /** Capability to set the clock. */
    public static final int CAP_SYS_TIME = 25;

    /** Set timers that wake the machine. */
    public static final int CAP_WAKE_ALARM = 35;

    /** Capability to say anew who has logged in: CAP_AUDIT_CONTROL. */
    public static final int CAP_AUDIT_CONTROL = 30;

    /** May give a child the number of one that was. */
    public static final int CAP_CHECKPOINT_RESTORE = 40;

    /** As an id: leave as it is. */
    public static final int KEEP = -1;

    /** The first process's: the superuser. */
    public static final Credentials ROOT =
            new Credentials(new Ids(0, 0, 0, 0), new Ids(0, 0, 0, 0), GroupList.EMPTY, Capabilities.FULL);

    /**
     * The four ids of one kind.
     *
     * @param real who started the process
     * @param effective who it acts as
     * @param saved whom it may become again
     * @param file who it acts as on files
     */
    public record Ids(int real, int effective, int saved, int file) {
        /** Whether an id is one of real, effective and saved, or to be kept. */
        boolean allows(int id) {
            return id == KEEP || id == real || id == effective || id == saved;
        }

        /** Whether real, effective and saved id are all this one. */
        public boolean areAll(int id) {
            return id == real && id == effective && id == saved;
        }

        /** Whether real, effective or saved id is 0. */
        boolean hasRoot() {
            return real == 0 || effective == 0 || saved == 0;
        }

        private static int or(int id, int otherwise) {
            return id == KEEP ? otherwise : id;
        }

        /** These, with some changed; the file id follows the effective one. */
        Ids with(int newReal, int newEffective, int newSaved) {
            int effectiveNow = or(newEffective, effective);
            return new Ids(or(newReal, real), effectiveNow, or(newSaved, saved), effectiveNow);
        }
    }

    private final Ids user;
    private final Ids group;
    private final GroupList groups;
    private final Capabilities capabilities;

    private Credentials(Ids user, Ids group, GroupList groups, Capabilities capabilities) {
        this.user = user;
        this.group = group;
        this.groups = groups;
        this.capabilities = capabilities;
    }

    /** The user ids. */
    public Ids user() {
        return user;
    }

    /** The group ids. */
    public Ids group() {
        return group;
    }

    /** The supplementary groups. */
    public GroupList groups() {
        return groups;
    }

    /** The capabilities. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** A bit for each capability that it may have. */
    public long permitted() {
        return capabilities.permitted();
    }

    @Override
    public int userId() {
        return user.file;
    }

    @Override
    public int groupId() {
        return group.file;
    }

    @Override
    public boolean inGroup(int id) {
        return id == group.file || groups.contains(id);
    }

    @Override
    public boolean has(int capability) {
        return capabilities.has(capability);
    }

    /** These with other user ids, and the capabilities that follow from them. */
    Credentials withUser(Ids newUser) {
        return new Credentials(newUser, group, groups, capabilities.afterUserChange(user, newUser));
    }

    /** These with other group ids. */
    Credentials withGroup(Ids newGroup) {
        return new Credentials(user, newGroup, groups, capabilities);
    }

    /** These with other supplementary groups. */
    public Credentials withGroups(GroupList newGroups) {
        return new Credentials(user, group, newGroups, capabilities);
    }

    /** These with other capabilities. */
    public Credentials with(Capabilities changed) {
        return new Credentials(user, group, groups, changed);
    }

    /** setfsuid(2): these with another user id for files, if that is allowed. */
    public Credentials withFileUser(int id) {
        boolean allowed = has(CAP_SETUID) || user.allows(id) || id == user.file;
        return id == KEEP || !allowed ? this : withUserFile(id);
    }

    private Credentials withUserFile(int id) {
        Ids changed = new Ids(user.real, user.effective, user.saved, id);
        return new Credentials(changed, group, groups, capabilities.afterFileUserChange(user.file, id));
    }

    /** setfsgid(2): these with another group id for files, if that is allowed. */
    public Credentials withFileGroup(int id) {
        boolean allowed = has(CAP_SETGID) || group.allows(id) || id == group.file;
        return id == KEEP || !allowed ? this : withGroup(new Ids(group.real, group.effective, group.saved, id));
    }

    /** These as access(2) uses them: the real ids in place of those for files. */
    public Credentials real() {
        Ids realUser = new Ids(user.real, user.effective, user.saved, user.real);
        Ids realGroup = new Ids(group.real, group.effective, group.saved, group.real);
        return new Credentials(realUser, realGroup, groups, capabilities.ofRealUser(user.real));
    }

    /** As a program begins with them. */
    Credentials ofProgram(int newUser, int newGroup, Capabilities newCapabilities) {
        return new Credentials(
                new Ids(user.real, newUser, newUser, newUser),
                new Ids(group.real, newGroup, newGroup, newGroup),
                groups,
                newCapabilities);
    }

    /**
     * Whether a thread that changes from these to others keeps its secrets from those who are as it was, and forgets who wanted a
     * signal at its end: as Linux has it in {@code commit_creds}.
     */
    public boolean hidesAfterChange(Credentials changed) {
        return user.effective != changed.user.effective
                || user.file != changed.user.file
                || group.effective != changed.group.effective
                || group.file != changed.group.file
                || (changed.permitted() & ~permitted()) != 0;
    }

    /** Whether it may signal a process with other credentials (kill(2)). */
    public boolean maySignal(Credentials other) {
        return has(CAP_KILL) || sharesUserWith(other);
    }

    /** Whether its real or effective user is the other's real or saved one. */
    public boolean sharesUserWith(Credentials other) {
        return user.effective == other.user.real
                || user.effective == other.user.saved
                || user.real == other.user.real
                || user.real == other.user.saved;
    }

    /** The result of an attempt to change ids: the new credentials, or why not. */
    public sealed interface Change {
        /** Allowed. */
        record To(Credentials credentials) implements Change {}

        /** Refused, with a negative errno. */
        record Refused(int error) implements Change {}
    }

    private static final Change NOT_PERMITTED = new Change.Refused(-EPERM);

    /** setuid(2). */
    public Change setUser(int id) {
        if (has(CAP_SETUID)) {
            return new Change.To(withUser(user.with(id, id, id)));
        }
        return id == user.real || id == user.saved ? new Change.To(withUser(user.with(KEEP, id, KEEP))) : NOT_PERMITTED;
    }

    /** setgid(2). */
    public Change setGroup(int id) {
        if (has(CAP_SETGID)) {
            return new Change.To(withGroup(group.with(id, id, id)));
        }
        return id == group.real || id == group.saved
                ? new Change.To(withGroup(group.with(KEEP, id, KEEP)))
                : NOT_PERMITTED;
    }

    /** setreuid(2). */
    public Change setUsers(int real, int newEffective) {
        boolean realAllowed = real == KEEP || real == user.real || real == user.effective;
        if (!has(CAP_SETUID) && !(realAllowed && user.allows(newEffective))) {
            return NOT_PERMITTED;
        }
        Ids changed = user.with(real, newEffective, KEEP);
        boolean save = real != KEEP || (newEffective != KEEP && newEffective != user.real);
        return new Change.To(withUser(save ? changed.with(KEEP, KEEP, changed.effective) : changed));
    }

    /** setregid(2). */
    public Change setGroups(int real, int newEffective) {
        boolean realAllowed = real == KEEP || real == group.real || real == group.effective;
        if (!has(CAP_SETGID) && !(realAllowed && group.allows(newEffective))) {
            return NOT_PERMITTED;
        }
        Ids changed = group.with(real, newEffective, KEEP);
        boolean save = real != KEEP || (newEffective != KEEP && newEffective != group.real);
        return new Change.To(withGroup(save ? changed.with(KEEP, KEEP, changed.effective) : changed));
    }

    /** setresuid(2). */
    public Change setUsers(int real, int newEffective, int saved) {
        boolean allowed = user.allows(real) && user.allows(newEffective) && user.allows(saved);
        return has(CAP_SETUID) || allowed
                ? new Change.To(withUser(user.with(real, newEffective, saved)))
                : NOT_PERMITTED;
    }

    /** setresgid(2). */
    public Change setGroups(int real, int newEffective, int saved) {
        boolean allowed = group.allows(real) && group.allows(newEffective) && group.allows(saved);
        return has(CAP_SETGID) || allowed
                ? new Change.To(withGroup(group.with(real, newEffective, saved)))
                : NOT_PERMITTED;
    }
}
