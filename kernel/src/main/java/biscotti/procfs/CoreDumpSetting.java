package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.file.Caller;
import biscotti.process.Process;

/** /proc/PID/coredump_filter (core(5)): takes the kinds of memory, of which unknown ones are dropped. */
final class CoreDumpSetting implements Setting {
    private static final long KINDS = 0x1ff;

    private final Process process;

    CoreDumpSetting(Process process) {
        this.process = process;
    }

    @Override
    public int set(Caller writer, long value) {
        process.setCoreDumpFilter((int) (value & KINDS));
        return 0;
    }

    @Override
    public int setText(Caller writer, byte[] text, int length) {
        long value = Numbers.parseUnsigned(Setting.word(text, length));
        return value == Numbers.NONE ? -EINVAL : set(writer, value);
    }
}
