package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** Takes a thread's name, which the threads of its process may write (proc(5), /proc/PID/comm). */
final class NameSetting implements Setting {
    private static final int LONGEST = 15;

    private final Process process;
    private final Optional<UserThread> thread;

    NameSetting(Process process, Optional<UserThread> thread) {
        this.process = process;
        this.thread = thread;
    }

    @Override
    public int set(Caller writer, long value) {
        return -EINVAL;
    }

    @Override
    public int setText(Caller writer, byte[] text, int length) {
        Optional<UserThread> named = ProcessStat.representative(process, thread);
        if (named.isEmpty() || writer.processId() != process.id()) {
            return -EINVAL;
        }
        int end = 0;
        while (end < Math.min(length, LONGEST) && text[end] != 0) {
            end++;
        }
        named.get().setName(Latin1.text(text, 0, Math.min(end, LONGEST)));
        return 0;
    }
}
