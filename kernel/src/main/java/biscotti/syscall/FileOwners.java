package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.putInt;

import biscotti.abi.Ioctl;
import biscotti.abi.SignalNumber;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.OpenFile;
import biscotti.file.SignalTarget;
import biscotti.file.Slot;

/** Who hears of a file by signal, and by which: "Managing signals" of fcntl(2), and the requests of socket(7) for it. */
final class FileOwners {
    private static final int EXTENDED_BYTES = 8;

    private FileOwners() {}

    private static SignalTarget targetOf(OpenFile file) {
        return file.owner().map(FileOwner::target).orElse(SignalTarget.NOBODY);
    }

    /** F_SETOWN: a process, a negated group, or 0 for nobody. */
    static long set(Caller caller, OpenFile file, int who) {
        if (who == Integer.MIN_VALUE) {
            return -EINVAL;
        }
        return choose(caller, file, who < 0 ? SignalTarget.GROUP : SignalTarget.PROCESS, Math.abs(who));
    }

    private static long choose(Caller caller, OpenFile file, int type, int number) {
        if (number < 0) {
            return -ESRCH;
        }
        Slot<SignalTarget> chosen = new Slot<>();
        int error = number == 0
                ? chosen.put(SignalTarget.NOBODY)
                : caller.fileSignals().find(caller, type, number, chosen);
        if (error == 0) {
            file.owner(caller).setTarget(chosen.get());
        }
        return error;
    }

    /** F_GETOWN. */
    static long get(OpenFile file) {
        SignalTarget target = targetOf(file);
        return target.type() == SignalTarget.GROUP ? -target.number() : target.number();
    }

    /** F_SETOWN_EX. */
    static long setExtended(Caller caller, OpenFile file, long address) {
        byte[] bytes = new byte[EXTENDED_BYTES];
        int error = caller.memory().read(address, bytes, 0, EXTENDED_BYTES);
        if (error < 0) {
            return error;
        }
        int type = getInt(bytes, 0);
        boolean known = type >= SignalTarget.THREAD && type <= SignalTarget.GROUP;
        return known ? choose(caller, file, type, getInt(bytes, 4)) : -EINVAL;
    }

    /** F_GETOWN_EX. */
    static long getExtended(Caller caller, OpenFile file, long address) {
        SignalTarget target = targetOf(file);
        byte[] bytes = new byte[EXTENDED_BYTES];
        putInt(bytes, 0, target.type());
        putInt(bytes, 4, target.number());
        return caller.memory().write(address, bytes, 0, EXTENDED_BYTES);
    }

    /** F_SETSIG: 0 for SIGIO, which tells nothing. */
    static long setSignal(Caller caller, OpenFile file, long signal) {
        if (signal < 0 || signal > SignalNumber.LAST) {
            return -EINVAL;
        }
        file.owner(caller).setSignal((int) signal);
        return 0;
    }

    /** ioctl(2) of a socket: FIOSETOWN and its kin. */
    static long control(Caller caller, OpenFile file, int request, long address) {
        if (request == Ioctl.FIOGETOWN || request == Ioctl.SIOCGPGRP) {
            return caller.memory().writeInt(address, (int) get(file));
        }
        long who = caller.memory().readInt(address);
        return who < 0 ? who : set(caller, file, (int) who);
    }
}
