package biscotti.process.identity;

import static biscotti.abi.Errno.EPERM;

/**
 * What execve(2) makes of credentials: set-id bits, file capabilities and the superuser's privileges, as capabilities(7) has it in
 * "Transformation of capabilities during execve()" and "Capabilities and execution of programs by root". Made for one call.
 */
public final class ProgramStart {
    private final Credentials before;
    private final Capabilities sets;
    private final FileCapabilities file;
    private int user;
    private int group;
    private long permitted;
    private long ambient;
    private boolean effective;
    private final boolean changesIds;
    private final Credentials after;

    /**
     * For a program's file.
     *
     * @param setUser who its set-user-ID bit makes the caller; {@link Credentials#KEEP} for none
     * @param setGroup the same for the set-group-ID bit
     * @param confined whether it must get no more than the caller has: prctl(2), PR_SET_NO_NEW_PRIVS
     */
    public ProgramStart(Credentials before, int setUser, int setGroup, FileCapabilities file, boolean confined) {
        this.before = before;
        this.sets = before.capabilities();
        this.file = file;
        this.user = setUser == Credentials.KEEP ? before.user().effective() : setUser;
        this.group = setGroup == Credentials.KEEP ? before.group().effective() : setGroup;
        this.changesIds =
                user != before.user().real() || group != before.group().real();
        this.after = transform(confined);
    }

    private Credentials transform(boolean confined) {
        permitted = sets.bounding() & file.permitted() | sets.inheritable() & file.inheritable();
        effective = file.effective();
        ambient = sets.ambient();
        privilegeRoot();
        boolean gains = (permitted & ~sets.permitted()) != 0;
        if (confined && (changesIds || gains)) {
            user = before.user().real();
            group = before.group().real();
            permitted &= sets.permitted();
        }
        if (file.present() || changesIds) {
            ambient = 0;
        }
        permitted |= ambient;
        return before.ofProgram(user, group, sets.ofProgram(permitted, effective ? permitted : ambient, ambient));
    }

    /** The superuser's programs have all capabilities; a set-user-ID program with file capabilities has only those. */
    private void privilegeRoot() {
        boolean realRoot = before.user().real() == 0;
        boolean root = user == 0;
        boolean mixed = file.present() && root && !realRoot;
        if (sets.isSecure(Capabilities.SECURE_NO_ROOT) || mixed) {
            return;
        }
        if (root || realRoot) {
            permitted = sets.bounding() | sets.inheritable();
        }
        effective |= root;
    }

    /** 0; or -EPERM if the program cannot know that it lacks capabilities which its file gives, because of the bounding set. */
    public int error() {
        long given = sets.bounding() & file.permitted() | sets.inheritable() & file.inheritable();
        return file.effective() && (file.permitted() & ~given) != 0 ? -EPERM : 0;
    }

    /** Who the program acts as. */
    public Credentials credentials() {
        return after;
    }

    /** Whether it is to be careful with what the caller gave it: AT_SECURE of getauxval(3). */
    public boolean isSecure() {
        boolean raised = effective || (after.permitted() & ~ambient) != 0;
        return changesIds || before.user().real() != 0 && raised;
    }
}
