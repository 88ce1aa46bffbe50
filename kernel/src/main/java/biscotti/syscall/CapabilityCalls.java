package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.putInt;

import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.process.identity.Capabilities;
import java.util.Optional;

/** System calls about the capabilities of a thread (capabilities(7)), and the options of prctl(2) about them. */
public final class CapabilityCalls {
    private static final int VERSION_3 = 0x20080522;
    private static final int VERSION_2 = 0x20071026;
    private static final int VERSION_1 = 0x19980330;
    private static final int SET_BYTES = 12;

    private static final int AMBIENT_IS_SET = 1;
    private static final int AMBIENT_RAISE = 2;
    private static final int AMBIENT_LOWER = 3;
    private static final int AMBIENT_CLEAR_ALL = 4;

    /** The family has no state. */
    public CapabilityCalls() {}

    private static long apply(UserThread caller, Capabilities.Change change) {
        if (change instanceof Capabilities.Change.Refused refused) {
            return refused.error();
        }
        caller.setIdentity(caller.identity().with(((Capabilities.Change.To) change).capabilities()));
        return 0;
    }

    /** capget(2). */
    @SystemCall(number = 125, name = "capget")
    public long capget(UserThread caller, long header, long data) {
        long sets = setsOf(caller.memory(), header);
        if (sets < 0 || data == 0) {
            return data == 0 && sets == -EINVAL ? 0 : Math.min(sets, 0);
        }
        long pid = caller.memory().readInt(header + 4);
        if (pid < 0 || (int) pid < 0) {
            return pid < 0 ? pid : -EINVAL;
        }
        Optional<UserThread> thread = pid == 0
                ? Optional.of(caller)
                : caller.process().system().table().thread((int) pid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        Capabilities told = thread.get().identity().capabilities();
        byte[] bytes = new byte[(int) Math.clamp(sets, 1, 2) * SET_BYTES];
        for (int i = 0; i < bytes.length / SET_BYTES; i++) {
            putInt(bytes, i * SET_BYTES, (int) (told.effective() >>> 32 * i));
            putInt(bytes, i * SET_BYTES + 4, (int) (told.permitted() >>> 32 * i));
            putInt(bytes, i * SET_BYTES + 8, (int) (told.inheritable() >>> 32 * i));
        }
        return caller.memory().write(data, bytes, 0, bytes.length);
    }

    /** capset(2): a thread can set its own capabilities only. */
    @SystemCall(number = 126, name = "capset")
    public long capset(UserThread caller, long header, long data) {
        long sets = setsOf(caller.memory(), header);
        if (sets < 0) {
            return sets;
        }
        long pid = caller.memory().readInt(header + 4);
        if (pid < 0 || (pid != 0 && pid != caller.id())) {
            return pid < 0 ? pid : -EPERM;
        }
        byte[] bytes = new byte[2 * SET_BYTES];
        int error = caller.memory().read(data, bytes, 0, (int) Math.clamp(sets, 1, 2) * SET_BYTES);
        if (error < 0) {
            return error;
        }
        return apply(
                caller, caller.identity().capabilities().set(readSet(bytes, 4), readSet(bytes, 0), readSet(bytes, 8)));
    }

    private static long readSet(byte[] bytes, int offset) {
        long low = Integer.toUnsignedLong(getInt(bytes, offset));
        return (low | (long) getInt(bytes, offset + SET_BYTES) << 32) & Capabilities.ALL;
    }

    /** How many parts of 32 capabilities the header's version has; for an unknown one -EINVAL, and the newest is told. */
    private static long setsOf(UserMemory memory, long header) {
        long version = memory.readInt(header);
        if (version < 0) {
            return version;
        }
        return switch ((int) version) {
            case VERSION_1 -> 1;
            case VERSION_2, VERSION_3 -> 2;
            default -> {
                int error = memory.writeInt(header, VERSION_3);
                yield error < 0 ? error : -EINVAL;
            }
        };
    }

    /** PR_CAPBSET_READ of prctl(2): whether a capability is in the bounding set. */
    static long readBounding(UserThread caller, long capability) {
        if (!Capabilities.isValid(capability)) {
            return -EINVAL;
        }
        return caller.identity().capabilities().isBounding(capability) ? 1 : 0;
    }

    /** PR_CAPBSET_DROP. */
    static long dropBounding(UserThread caller, long capability) {
        return apply(caller, caller.identity().capabilities().dropBounding(capability));
    }

    /** PR_GET_SECUREBITS. */
    static long secureBits(UserThread caller) {
        return caller.identity().capabilities().secureBits();
    }

    /** PR_SET_SECUREBITS. */
    static long setSecureBits(UserThread caller, long bits) {
        return apply(caller, caller.identity().capabilities().setSecureBits(bits));
    }

    /** PR_GET_KEEPCAPS. */
    static long keeps(UserThread caller) {
        return caller.identity().capabilities().isSecure(Capabilities.SECURE_KEEP_CAPS) ? 1 : 0;
    }

    /** PR_SET_KEEPCAPS. */
    static long setKeeps(UserThread caller, long value) {
        return apply(caller, caller.identity().capabilities().setKeep(value));
    }

    /** PR_CAP_AMBIENT: the third argument of prctl(2) is a capability; none of those behind it has a meaning. */
    static long ambient(UserThread caller, long what, long capability, long none, long noneEither) {
        Capabilities sets = caller.identity().capabilities();
        boolean valid = (none | noneEither) == 0
                && (what == AMBIENT_CLEAR_ALL ? capability == 0 : Capabilities.isValid(capability));
        if (!valid) {
            return -EINVAL;
        }
        int number = (int) capability;
        return switch ((int) Math.clamp(what, 0, Integer.MAX_VALUE)) {
            case AMBIENT_IS_SET -> sets.isAmbient(number) ? 1 : 0;
            case AMBIENT_RAISE -> apply(caller, sets.raiseAmbient(number));
            case AMBIENT_LOWER -> apply(caller, sets.lowerAmbient(number));
            case AMBIENT_CLEAR_ALL -> apply(caller, sets.clearAmbient());
            default -> -EINVAL;
        };
    }
}
