package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.ipc.IpcSpace;

/** /proc/sys/kernel/sem: SEMMSL, SEMMNS, SEMOPM and SEMMNI of semget(2), with blanks between; those that are not written stay. */
final class SemaphoreSetting implements Setting {
    private static final int COUNT = 4;

    private final IpcSpace ipc;

    SemaphoreSetting(IpcSpace ipc) {
        this.ipc = ipc;
    }

    /** The four limits. */
    String text() {
        return ipc.semaphoresOfSet() + "\t" + ipc.allSemaphores() + "\t" + ipc.operations() + "\t"
                + ipc.sets().limit();
    }

    @Override
    public int set(Caller writer, long value) {
        return -EINVAL;
    }

    @Override
    public int setText(Caller writer, byte[] text, int length) {
        long[] wanted = {
            ipc.semaphoresOfSet(),
            ipc.allSemaphores(),
            ipc.operations(),
            ipc.sets().limit()
        };
        int at = 0;
        for (int i = 0; i < COUNT; i++) {
            int start = at;
            while (start < length && text[start] <= ' ') {
                start++;
            }
            int end = start;
            while (end < length && text[end] > ' ') {
                end++;
            }
            if (start < end) {
                wanted[i] = Numbers.parse(Latin1.text(text, start, end - start));
            }
            at = end;
        }
        int error = wanted[COUNT - 1] < 0 ? -EINVAL : ipc.setSemaphores(wanted[0], wanted[1], wanted[2]);
        return error < 0 ? error : ipc.sets().setLimit(wanted[COUNT - 1]);
    }
}
