package biscotti.process;

import biscotti.abi.Poll;
import biscotti.file.Watchers;
import java.util.Optional;

/**
 * What a process descriptor holds on to: a process, or one of its threads, but not beyond the time when it has been waited for;
 * so a descriptor that is kept for long keeps nothing of it. Each process and thread has one of its own.
 */
public final class PidReference {
    /** Refers to nothing that ever was. */
    static final PidReference NONE = new PidReference(false);

    private final boolean ofThread;
    private final Watchers watchers = new Watchers();
    /** Null when it is gone. */
    private volatile Process process;
    /** Null for the whole process, or when it is gone. */
    private volatile UserThread thread;

    private volatile boolean ended;

    PidReference(Process process) {
        this.process = process;
        this.ofThread = false;
    }

    PidReference(UserThread thread) {
        this.process = thread.process();
        this.thread = thread;
        this.ofThread = true;
    }

    /** To nothing yet: to a process or thread that clone(2) is about to make. */
    PidReference(boolean ofThread) {
        this.ofThread = ofThread;
    }

    /** Refers to a new process from now on. */
    void bind(Process made) {
        process = made;
    }

    /** Refers to a new thread from now on. */
    void bind(UserThread made) {
        thread = made;
        process = made.process();
    }

    /** Whether it is one thread that is meant. */
    boolean isOfThread() {
        return ofThread;
    }

    /** The process; nothing once it has been waited for. */
    public Optional<Process> process() {
        return Optional.ofNullable(process);
    }

    /** The thread that is meant: of a process, its first; nothing when it has ended. */
    public Optional<UserThread> thread() {
        Process now = process;
        if (ended || now == null) {
            return Optional.empty();
        }
        return ofThread ? Optional.ofNullable(thread) : now.firstThread();
    }

    Watchers watchers() {
        return watchers;
    }

    /** What poll(2) says: readable from the end on, hung up when it has been waited for. */
    int events() {
        return (ended ? Poll.READABLE : 0) | (process == null ? Poll.POLLHUP : 0);
    }

    /** It has ended. May be called with the table's lock held. */
    void end() {
        ended = true;
        thread = null;
        watchers.tell(Poll.READABLE);
    }

    /** It has been waited for, or nobody will. */
    void forget() {
        end();
        process = null;
        watchers.tell(Poll.READABLE | Poll.POLLHUP);
    }
}
