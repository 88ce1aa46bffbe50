package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.file.Caller;

/** /proc/PID/setgroups: whether setgroups(2) is allowed, which in the first user namespace it stays (user_namespaces(7)). */
final class GroupsSetting implements Setting {
    @Override
    public int set(Caller writer, long value) {
        return -EINVAL;
    }

    @Override
    public int setText(Caller writer, byte[] text, int length) {
        return switch (Setting.word(text, length)) {
            case "allow" -> 0;
            case "deny" -> -EPERM;
            default -> -EINVAL;
        };
    }
}
