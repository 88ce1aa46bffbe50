package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Prctl.PR_CAPBSET_DROP;
import static biscotti.abi.Prctl.PR_CAPBSET_READ;
import static biscotti.abi.Prctl.PR_CAP_AMBIENT;
import static biscotti.abi.Prctl.PR_GET_AUXV;
import static biscotti.abi.Prctl.PR_GET_CHILD_SUBREAPER;
import static biscotti.abi.Prctl.PR_GET_DUMPABLE;
import static biscotti.abi.Prctl.PR_GET_KEEPCAPS;
import static biscotti.abi.Prctl.PR_GET_NAME;
import static biscotti.abi.Prctl.PR_GET_NO_NEW_PRIVS;
import static biscotti.abi.Prctl.PR_GET_PDEATHSIG;
import static biscotti.abi.Prctl.PR_GET_SECUREBITS;
import static biscotti.abi.Prctl.PR_GET_TID_ADDRESS;
import static biscotti.abi.Prctl.PR_SET_CHILD_SUBREAPER;
import static biscotti.abi.Prctl.PR_SET_DUMPABLE;
import static biscotti.abi.Prctl.PR_SET_KEEPCAPS;
import static biscotti.abi.Prctl.PR_SET_NAME;
import static biscotti.abi.Prctl.PR_SET_NO_NEW_PRIVS;
import static biscotti.abi.Prctl.PR_SET_PDEATHSIG;
import static biscotti.abi.Prctl.PR_SET_SECUREBITS;

import biscotti.abi.SignalNumber;
import biscotti.machine.UserContext;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.nio.charset.StandardCharsets;

/** prctl(2) and its relations: small settings of a process or thread. */
public final class ControlCalls {
    private static final int NAME_BYTES = 16;
    private static final long USER_END = 0x7fff_ffff_f000L;
    private static final long KEEP_PERSONALITY = 0xffff_ffffL;

    /** What is kept of the auxiliary vector: room for 26 entries, as on Linux. */
    private static final int AUXILIARY_BYTES = 416;

    private static final int ARCH_SET_GS = 0x1001;
    private static final int ARCH_SET_FS = 0x1002;
    private static final int ARCH_GET_FS = 0x1003;
    private static final int ARCH_GET_GS = 0x1004;
    private static final int ARCH_GET_CPUID = 0x1011;
    private static final int ARCH_SET_CPUID = 0x1012;

    /** The family has no state. */
    public ControlCalls() {}

    /** prctl(2). */
    @SystemCall(
            number = 157,
            name = "prctl",
            support = Support.PARTIAL,
            note =
                    "no SET_MM, SET_VMA, SET_MDWE, SET_MEMORY_MERGE, SET_SECCOMP, SET_SYSCALL_USER_DISPATCH, SCHED_CORE, TSC_SIGSEGV;"
                            + " SET_PTRACER, TIMERSLACK, IO_FLUSHER and MCE_KILL have nothing to act on")
    public long prctl(UserThread caller, int option, long argument, long argument3, long argument4, long argument5) {
        Process process = caller.process();
        long behind = argument3 | argument4 | argument5;
        return switch (option) {
            case PR_SET_PDEATHSIG -> setDeathSignal(process, argument);
            case PR_GET_PDEATHSIG -> caller.memory().writeInt(argument, process.deathSignal());
            case PR_GET_DUMPABLE -> process.dumpable() ? 1 : 0;
            case PR_SET_DUMPABLE -> setDumpable(process, argument);
            case PR_SET_NAME -> setName(caller, argument);
            case PR_GET_NAME -> getName(caller, argument);
            case PR_CAPBSET_READ -> CapabilityCalls.readBounding(caller, argument);
            case PR_CAPBSET_DROP -> CapabilityCalls.dropBounding(caller, argument);
            case PR_GET_SECUREBITS -> CapabilityCalls.secureBits(caller);
            case PR_SET_SECUREBITS -> CapabilityCalls.setSecureBits(caller, argument);
            case PR_GET_KEEPCAPS -> CapabilityCalls.keeps(caller);
            case PR_SET_KEEPCAPS -> CapabilityCalls.setKeeps(caller, argument);
            case PR_CAP_AMBIENT -> CapabilityCalls.ambient(caller, argument, argument3, argument4, argument5);
            case PR_SET_CHILD_SUBREAPER -> {
                process.setSubreaper(argument != 0);
                yield 0;
            }
            case PR_GET_CHILD_SUBREAPER -> caller.memory().writeInt(argument, process.isSubreaper() ? 1 : 0);
            case PR_SET_NO_NEW_PRIVS -> setNoNewPrivileges(caller, argument, behind);
            case PR_GET_NO_NEW_PRIVS ->
                (argument | behind) != 0 ? -EINVAL : caller.settings().noNewPrivileges() ? 1 : 0;
            case PR_GET_TID_ADDRESS -> caller.memory().writeLong(argument, caller.clearChildTid());
            case PR_GET_AUXV -> getAuxiliaryVector(caller, argument, argument3, argument4 | argument5);
            default -> ControlOptions.call(caller, option, argument, argument3, argument4, argument5);
        };
    }

    private static long setDeathSignal(Process process, long signal) {
        if (signal < 0 || signal > SignalNumber.LAST) {
            return -EINVAL;
        }
        process.setDeathSignal((int) signal);
        return 0;
    }

    private static long setDumpable(Process process, long value) {
        if (value != 0 && value != 1) {
            return -EINVAL;
        }
        process.setDumpable(value == 1);
        return 0;
    }

    private static long setNoNewPrivileges(UserThread caller, long value, long behind) {
        if (value != 1 || behind != 0) {
            return -EINVAL;
        }
        caller.settings().setNoNewPrivileges();
        return 0;
    }

    private static long setName(UserThread caller, long address) {
        byte[] bytes = new byte[NAME_BYTES];
        int length = 0;
        while (length < NAME_BYTES - 1) {
            int error = caller.memory().read(address + length, bytes, length, 1);
            if (error < 0) {
                return error;
            }
            if (bytes[length] == 0) {
                break;
            }
            length++;
        }
        caller.setName(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        return 0;
    }

    private static long getName(UserThread caller, long address) {
        byte[] bytes = new byte[NAME_BYTES];
        byte[] name = caller.name().getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(name, 0, bytes, 0, Math.min(name.length, NAME_BYTES - 1));
        return caller.memory().write(address, bytes, 0, NAME_BYTES);
    }

    /** PR_GET_AUXV: as much as there is room for; the result is how much there is. */
    private static long getAuxiliaryVector(UserThread caller, long address, long size, long behind) {
        if (behind != 0) {
            return -EINVAL;
        }
        byte[] bytes = new byte[AUXILIARY_BYTES];
        byte[] vector = caller.process().program().auxiliaryVector();
        System.arraycopy(vector, 0, bytes, 0, Math.min(vector.length, AUXILIARY_BYTES));
        int room = size < 0 ? AUXILIARY_BYTES : (int) Math.min(size, AUXILIARY_BYTES);
        int error = caller.memory().write(address, bytes, 0, room);
        return error < 0 ? error : AUXILIARY_BYTES;
    }

    /** arch_prctl(2). */
    @SystemCall(
            number = 158,
            name = "arch_prctl",
            support = Support.PARTIAL,
            note = "the bases of fs and gs; CPUID cannot be made to fault")
    public long archPrctl(UserThread caller, int code, long address) {
        UserContext context = caller.context();
        boolean sets = code == ARCH_SET_FS || code == ARCH_SET_GS;
        if (sets && (address < 0 || address >= USER_END)) {
            return -EPERM;
        }
        return switch (code) {
            case ARCH_SET_FS -> {
                context.setFsBase(address);
                yield 0;
            }
            case ARCH_SET_GS -> {
                context.setGsBase(address);
                yield 0;
            }
            case ARCH_GET_FS -> caller.memory().writeLong(address, context.fsBase());
            case ARCH_GET_GS -> caller.memory().writeLong(address, context.gsBase());
            case ARCH_GET_CPUID -> 1;
            case ARCH_SET_CPUID -> -ENODEV;
            default -> -EINVAL;
        };
    }

    /** personality(2). */
    @SystemCall(
            number = 135,
            name = "personality",
            support = Support.PARTIAL,
            note = "ADDR_NO_RANDOMIZE and STICKY_TIMEOUTS have effect; other bits are kept only")
    public long personality(UserThread caller, long persona) {
        long before = caller.process().personality();
        if ((persona & KEEP_PERSONALITY) != KEEP_PERSONALITY) {
            caller.process().setPersonality(persona & KEEP_PERSONALITY);
        }
        return before;
    }

    /** Whether a caller may stop the machine or name it. */
    static boolean administers(UserThread caller) {
        return caller.identity().has(Credentials.CAP_SYS_ADMIN);
    }
}
