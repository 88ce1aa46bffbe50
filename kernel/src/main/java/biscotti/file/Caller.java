package biscotti.file;

import biscotti.bounded.Rounds;
import biscotti.memory.UserMemory;

/** What files need to know of the thread behind a system call. */
public interface Caller {
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

    /** Its process's number. */
    int processId();

    /** Its own number. */
    int threadId();

    /** The longest file that it may make, in bytes: RLIMIT_FSIZE; {@link Long#MAX_VALUE} for no limit. */
    long fileSizeLimit();

    /** One more than the highest descriptor that it may have: RLIMIT_NOFILE. */
    int openFilesLimit();

    /** How its long work goes on in rounds. */
    Rounds rounds();

    /** Sends a signal to this thread itself: SIGPIPE, SIGXFSZ. */
    void raise(int signal);
}
