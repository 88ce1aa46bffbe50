package biscotti.syscall;

import static biscotti.abi.Errno.EPERM;

import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.tty.Tty;
import java.util.Optional;

/** System calls about terminals that are no ioctl. */
public final class TerminalCalls {
    /** vhangup(2). */
    @SystemCall(number = 153, name = "vhangup")
    public long vhangup(Caller caller) {
        if (!caller.identity().has(Identity.CAP_SYS_TTY_CONFIG)) {
            return -EPERM;
        }
        Optional<Tty> tty = caller.job().terminal().get();
        tty.ifPresent(Tty::hangUp);
        return 0;
    }
}
