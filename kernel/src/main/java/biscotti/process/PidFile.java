package biscotti.process;

import biscotti.abi.OpenFlags;
import biscotti.file.AnonymousInode;
import biscotti.file.FileText;
import biscotti.file.OpenFile;
import biscotti.file.Watchers;

/** A process, or a thread, as a descriptor: pidfd_open(2), CLONE_PIDFD of clone(2). */
public final class PidFile extends OpenFile {
    private final PidReference reference;

    /**
     * A descriptor of a process.
     *
     * @param flags O_NONBLOCK or 0
     */
    public PidFile(AnonymousInode inode, PidReference reference, int flags) {
        super(inode.place("anon_inode:[pidfd]"), OpenFlags.O_RDWR | flags);
        this.reference = reference;
    }

    /** A descriptor of what clone(2) will make: a thread or a process. */
    public PidFile(AnonymousInode inode, boolean ofThread) {
        this(inode, new PidReference(ofThread), 0);
    }

    /** What it is a descriptor of. */
    public PidReference reference() {
        return reference;
    }

    @Override
    public int ownEvents() {
        return reference.events();
    }

    @Override
    public Watchers watchers() {
        return reference.watchers();
    }

    @Override
    public long describe(long record, FileText out) {
        int id = reference.process().map(Process::id).orElse(-1);
        out.append("Pid:\t").append(id).append("\nNSpid:\t").append(id).append("\n");
        return 0;
    }
}
