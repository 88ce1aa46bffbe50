package biscotti.file;

/** A watch that stays when the call that made it has returned, but not beyond its file: one that epoll(7) keeps. */
public abstract class LastingWatch extends Watchers.Watch {
    /** The next one of the same open file; guarded by that file. */
    LastingWatch nextOfFile;

    /** A watch of nothing yet. */
    protected LastingWatch() {}

    /** The open file has been closed for good. Called once, with no lock held. */
    protected abstract void fileClosed();
}
