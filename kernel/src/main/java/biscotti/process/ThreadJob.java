package biscotti.process;

import biscotti.file.JobMember;
import biscotti.file.tty.ControllingTerminal;
import biscotti.process.signal.SignalSet;

/** A thread as a terminal sees it. */
final class ThreadJob implements JobMember {
    /** What a process has that gave its terminal up. */
    private static final ControllingTerminal NONE = new ControllingTerminal();

    private final UserThread thread;

    ThreadJob(UserThread thread) {
        this.thread = thread;
    }

    private Process process() {
        return thread.process();
    }

    @Override
    public int processGroup() {
        return process().group();
    }

    @Override
    public int session() {
        return process().sessionId();
    }

    @Override
    public boolean leadsSession() {
        return process().sessionId() == process().id();
    }

    @Override
    public boolean refuses(int signal) {
        return SignalSet.has(thread.signalMask(), signal)
                || SignalSet.has(process().actions().ignored(), signal);
    }

    @Override
    public boolean inOrphanedGroup() {
        return process().system().jobs().isOrphaned(process().group());
    }

    @Override
    public void signalGroup(int signal) {
        process().system().jobs().signal(process().group(), signal);
    }

    @Override
    public ControllingTerminal terminal() {
        return hasGivenUpTerminal() ? NONE : process().session().terminal();
    }

    @Override
    public boolean hasGivenUpTerminal() {
        return process().isWithoutTerminal();
    }

    @Override
    public void giveUpTerminal() {
        process().setWithoutTerminal(true);
    }
}
