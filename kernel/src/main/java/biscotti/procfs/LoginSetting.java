package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.file.Caller;
import biscotti.process.Process;
import biscotti.process.ThreadSettings;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** /proc/PID/loginuid: takes who has logged in, from the thread itself, once; CAP_AUDIT_CONTROL lets it change that (proc(5)). */
final class LoginSetting implements Setting {
    private static final long LARGEST = 0xffff_ffffL;
    private static final AtomicInteger LOGINS = new AtomicInteger();

    private final Process process;
    private final Optional<UserThread> thread;

    LoginSetting(Process process, Optional<UserThread> thread) {
        this.process = process;
        this.thread = thread;
    }

    @Override
    public int set(Caller writer, long value) {
        Optional<UserThread> changed = ProcessStat.representative(process, thread);
        if (changed.isEmpty() || changed.get().id() != writer.threadId()) {
            return -EPERM;
        }
        if (value < 0 || value > LARGEST) {
            return -EINVAL;
        }
        ThreadSettings settings = changed.get().settings();
        boolean told = settings.loginUser() != ThreadSettings.NOBODY;
        if (told && !writer.identity().has(Credentials.CAP_AUDIT_CONTROL)) {
            return -EPERM;
        }
        int user = (int) value;
        settings.setLogin(user, user == ThreadSettings.NOBODY ? ThreadSettings.NOBODY : LOGINS.incrementAndGet());
        return 0;
    }
}
