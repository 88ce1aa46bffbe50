package biscotti.process.identity;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

/**
 * The capability sets of a thread and its securebits (capabilities(7)). Immutable; a change makes another. In a set, each
 * capability has the bit of its number.
 *
 * @param permitted what it may make effective
 * @param effective what it has
 * @param inheritable what it keeps over execve(2) of a program whose file allows that
 * @param bounding what execve(2) may give it
 * @param ambient what it keeps over execve(2) of any program without privileges; in permitted and inheritable, too
 * @param secureBits a union of the {@code SECURE_} bits
 */
public record Capabilities(
        long permitted, long effective, long inheritable, long bounding, long ambient, int secureBits) {
    /** The greatest number of a capability: CAP_LAST_CAP. */
    public static final int LAST = 40;

    /** Every capability. */
    public static final long ALL = (1L << LAST + 1) - 1;

    /** User id 0 means nothing to execve(2): SECURE_NOROOT. */
    public static final int SECURE_NO_ROOT = 1;

    /** Nor to changes of user ids: SECURE_NO_SETUID_FIXUP. */
    public static final int SECURE_NO_SETUID_FIXUP = 1 << 2;

    /** The permitted set stays when the last user id 0 goes, until execve(2): SECURE_KEEP_CAPS. */
    public static final int SECURE_KEEP_CAPS = 1 << 4;

    /** Nothing is added to the ambient set: SECURE_NO_CAP_AMBIENT_RAISE. */
    public static final int SECURE_NO_AMBIENT_RAISE = 1 << 6;

    private static final int SECURE_BITS =
            SECURE_NO_ROOT | SECURE_NO_SETUID_FIXUP | SECURE_KEEP_CAPS | SECURE_NO_AMBIENT_RAISE;

    /** The bit beside each of them keeps it as it is. */
    private static final int SECURE_LOCKS = SECURE_BITS << 1;

    private static final int CAP_SETPCAP = 8;
    private static final int CAP_LINUX_IMMUTABLE = 9;
    private static final int CAP_MKNOD = 27;
    private static final int CAP_MAC_OVERRIDE = 32;

    /** What follows the file-system user id: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID and these. */
    private static final long OF_FILES = 0x1f | 1L << CAP_LINUX_IMMUTABLE | 1L << CAP_MKNOD | 1L << CAP_MAC_OVERRIDE;

    /** The first process's: all, and no restriction. */
    public static final Capabilities FULL = new Capabilities(ALL, ALL, 0, ALL, 0, 0);

    /** Whether a number is one of a capability. */
    public static boolean isValid(long capability) {
        return capability >= 0 && capability <= LAST;
    }

    private static boolean isSubset(long set, long of) {
        return (set & ~of) == 0;
    }

    private static boolean has(long set, long capability) {
        return (set >>> capability & 1) != 0;
    }

    private static long bit(long capability) {
        return 1L << capability;
    }

    /** Whether a capability is effective. */
    public boolean has(int capability) {
        return has(effective, capability);
    }

    /** Whether one of the {@code SECURE_} bits is set. */
    public boolean isSecure(int bit) {
        return (secureBits & bit) != 0;
    }

    /** Whether a capability is in the bounding set: prctl(2), PR_CAPBSET_READ. */
    public boolean isBounding(long capability) {
        return has(bounding, capability);
    }

    /** Whether a capability is in the ambient set: PR_CAP_AMBIENT_IS_SET. */
    public boolean isAmbient(long capability) {
        return has(ambient, capability);
    }

    /** These, with other permitted and effective ones. */
    Capabilities with(long newPermitted, long newEffective) {
        return new Capabilities(newPermitted, newEffective, inheritable, bounding, ambient, secureBits);
    }

    private Capabilities withAmbient(long set) {
        return new Capabilities(permitted, effective, inheritable, bounding, set, secureBits);
    }

    private Capabilities withSecureBits(int bits) {
        return new Capabilities(permitted, effective, inheritable, bounding, ambient, bits);
    }

    /** The result of an attempt to change them: how they are then, or a negative errno. */
    public sealed interface Change {
        /** Allowed. */
        record To(Capabilities capabilities) implements Change {}

        /** Refused. */
        record Refused(int error) implements Change {}
    }

    private static final Change NOT_PERMITTED = new Change.Refused(-EPERM);

    /** capset(2). */
    public Change set(long newPermitted, long newEffective, long newInheritable) {
        boolean mayInherit = has(CAP_SETPCAP) || isSubset(newInheritable, inheritable | permitted);
        if (!mayInherit
                || !isSubset(newInheritable, inheritable | bounding)
                || !isSubset(newPermitted, permitted)
                || !isSubset(newEffective, newPermitted)) {
            return NOT_PERMITTED;
        }
        long newAmbient = ambient & newPermitted & newInheritable;
        return new Change.To(
                new Capabilities(newPermitted, newEffective, newInheritable, bounding, newAmbient, secureBits));
    }

    /** PR_CAPBSET_DROP: takes one from the bounding set; EPERM, EINVAL. */
    public Change dropBounding(long capability) {
        if (!has(CAP_SETPCAP)) {
            return NOT_PERMITTED;
        }
        return isValid(capability)
                ? new Change.To(new Capabilities(
                        permitted, effective, inheritable, bounding & ~bit(capability), ambient, secureBits))
                : new Change.Refused(-EINVAL);
    }

    /** PR_CAP_AMBIENT_RAISE: EPERM for what is not permitted and inheritable, and if a securebit forbids it. */
    public Change raiseAmbient(int capability) {
        return has(permitted & inheritable, capability) && !isSecure(SECURE_NO_AMBIENT_RAISE)
                ? new Change.To(withAmbient(ambient | bit(capability)))
                : NOT_PERMITTED;
    }

    /** PR_CAP_AMBIENT_LOWER. */
    public Change lowerAmbient(int capability) {
        return new Change.To(withAmbient(ambient & ~bit(capability)));
    }

    /** PR_CAP_AMBIENT_CLEAR_ALL. */
    public Change clearAmbient() {
        return new Change.To(withAmbient(0));
    }

    /** PR_SET_SECUREBITS: EPERM without CAP_SETPCAP, for unknown bits, and for changes that a lock forbids. */
    public Change setSecureBits(long bits) {
        int locked = (secureBits & SECURE_LOCKS) >> 1;
        boolean allowed = (locked & (secureBits ^ bits)) == 0
                && (secureBits & SECURE_LOCKS & ~bits) == 0
                && isSubset(bits, SECURE_BITS | SECURE_LOCKS)
                && has(CAP_SETPCAP);
        return allowed ? new Change.To(withSecureBits((int) bits)) : NOT_PERMITTED;
    }

    /** PR_SET_KEEPCAPS: EINVAL for what is not 0 or 1, EPERM if it is locked. */
    public Change setKeep(long value) {
        if (value != 0 && value != 1) {
            return new Change.Refused(-EINVAL);
        }
        if (isSecure(SECURE_KEEP_CAPS << 1)) {
            return NOT_PERMITTED;
        }
        return new Change.To(
                withSecureBits(value == 1 ? secureBits | SECURE_KEEP_CAPS : secureBits & ~SECURE_KEEP_CAPS));
    }

    /** What follows from other real, effective and saved user ids: "Effect of user ID changes on capabilities". */
    Capabilities afterUserChange(Credentials.Ids before, Credentials.Ids after) {
        if (isSecure(SECURE_NO_SETUID_FIXUP)) {
            return this;
        }
        long newPermitted = permitted;
        long newEffective = effective;
        long newAmbient = ambient;
        if (before.hasRoot() && !after.hasRoot()) {
            if (!isSecure(SECURE_KEEP_CAPS)) {
                newPermitted = 0;
                newEffective = 0;
            }
            newAmbient = 0;
        }
        if (before.effective() == 0 && after.effective() != 0) {
            newEffective = 0;
        } else if (before.effective() != 0 && after.effective() == 0) {
            newEffective = newPermitted;
        }
        return new Capabilities(newPermitted, newEffective, inheritable, bounding, newAmbient, secureBits);
    }

    /** What follows from another file-system user id: those for files come and go with id 0. */
    Capabilities afterFileUserChange(int before, int after) {
        if (isSecure(SECURE_NO_SETUID_FIXUP) || (before == 0) == (after == 0)) {
            return this;
        }
        return with(permitted, after == 0 ? effective | permitted & OF_FILES : effective & ~OF_FILES);
    }

    /** As access(2) has them, for which the real user id counts. */
    Capabilities ofRealUser(int realUser) {
        return isSecure(SECURE_NO_SETUID_FIXUP) ? this : with(permitted, realUser == 0 ? permitted : 0);
    }

    /** As a program begins with them. */
    Capabilities ofProgram(long newPermitted, long newEffective, long newAmbient) {
        return new Capabilities(
                newPermitted, newEffective, inheritable, bounding, newAmbient, secureBits & ~SECURE_KEEP_CAPS);
    }
}
