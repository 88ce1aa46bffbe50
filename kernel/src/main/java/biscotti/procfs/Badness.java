package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;

import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.process.OutOfMemory;
import biscotti.process.Process;

/** oom_score_adj and oom_adj of /proc/PID (proc(5)): how readily a process is killed when memory is out, on the present and the old scale. */
final class Badness {
    private static final int MOST = -OutOfMemory.NEVER;
    private static final int OLD_NEVER = -17;
    private static final int OLD_MOST = 15;

    private final Process process;

    Badness(Process process) {
        this.process = process;
    }

    /** Takes an adjustment; one below what a privileged writer has set takes CAP_SYS_RESOURCE. */
    int adjust(Caller writer, long value) {
        return Math.abs(value) > MOST ? -EINVAL : adjust(writer, (int) value, process.oomScoreFloor());
    }

    private int adjust(Caller writer, int value, int floor) {
        boolean privileged = writer.identity().has(Identity.CAP_SYS_RESOURCE);
        if (value < floor && !privileged) {
            return -EACCES;
        }
        process.setOomScoreAdjustment(value);
        if (privileged) {
            process.setOomScoreFloor(value);
        }
        return 0;
    }

    /** The adjustment on the old scale: -17 to 15. */
    int old() {
        int value = process.oomScoreAdjustment();
        return value == MOST ? OLD_MOST : Math.min(OLD_MOST, value * -OLD_NEVER / MOST);
    }

    /** Takes an adjustment on the old scale; one below the present takes CAP_SYS_RESOURCE. */
    int adjustOld(Caller writer, long value) {
        if (value < OLD_NEVER || value > OLD_MOST) {
            return -EINVAL;
        }
        int scaled = value == OLD_MOST ? MOST : (int) value * MOST / -OLD_NEVER;
        return adjust(writer, scaled, process.oomScoreAdjustment());
    }
}
