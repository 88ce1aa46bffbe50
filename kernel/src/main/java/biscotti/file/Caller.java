package biscotti.file;

import biscotti.bounded.Rounds;
import biscotti.file.socket.TreePaths;
import biscotti.memory.FrameAccount;
import biscotti.memory.UserMemory;
import biscotti.net.Requester;
import biscotti.net.SocketPaths;

/** What files need to know of the thread behind a system call; sockets are among them. */
public interface Caller extends Requester {
    /** Who it acts as, on files. */
    Identity identity();

    /** Its memory. */
    UserMemory memory();

    /** Its descriptors. */
    FileTable files();

    /** Its root, current directory and umask. */
    FileContext fileContext();

    /** Its process as terminals see it. */
    JobMember job();

    /** What its process has of frames that are mapped nowhere. */
    FrameAccount frameAccount();

    /** What sends the signals of its files. */
    default FileSignals fileSignals() {
        return FileSignals.NONE;
    }

    /** Its process's number. */
    int processId();

    /** Its own number. */
    int threadId();

    /** The longest file that it may make, in bytes: RLIMIT_FSIZE; {@link Long#MAX_VALUE} for no limit. */
    long fileSizeLimit();

    @Override
    int openFilesLimit();

    @Override
    Rounds rounds();

    @Override
    default boolean hasCapability(int capability) {
        return identity().has(capability);
    }

    @Override
    default SocketPaths socketPaths() {
        return new TreePaths(this);
    }

    /** Counts a read, with its result: /proc/PID/io. */
    default void countRead(long result) {}

    /** Counts a write, with its result. */
    default void countWrite(long result) {}

    /** Sends a signal to this thread itself: SIGPIPE, SIGXFSZ. */
    void raise(int signal);
}
