package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EPERM;

import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.process.Process;
import biscotti.process.UserThread;

/** A text about a process: nobody changes its permissions, and of some texts these are not all that is asked for. */
final class ProcessText extends TextFile {
    private final Process process;
    private final boolean inspects;

    /** A text; one that inspects is opened only by who may look into the process: PTRACE_MODE_READ of ptrace(2). */
    ProcessText(ProcessDirectory in, long number, int permissions, Text text, Process process, boolean inspects) {
        super(
                in.proc(),
                number,
                permissions,
                ProcessDirectory.owner(process),
                ProcessDirectory.ownerGroup(process),
                text);
        this.process = process;
        this.inspects = inspects;
    }

    /** Whether a thread may look into a process, as what /proc/PID tells of its memory and its files asks for. */
    static boolean mayInspect(Caller caller, Process process) {
        return caller instanceof UserThread thread && process.mayBeInspectedBy(thread);
    }

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return inspects && !mayInspect(caller, process) ? -EACCES : super.open(caller, place, flags, opened);
    }

    @Override
    public int changeMode(Identity who, int permissions) {
        return -EPERM;
    }
}
