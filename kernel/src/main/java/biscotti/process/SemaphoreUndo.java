package biscotti.process;

import biscotti.ipc.UndoList;
import java.util.Optional;

/** What a thread's end undoes of System V semaphores: semop(2) with SEM_UNDO. For the thread itself, or before it runs. */
public final class SemaphoreUndo {
    /** Made when it is first asked for. */
    private Optional<UndoList> list = Optional.empty();

    SemaphoreUndo() {}

    /** The list of it. */
    public UndoList list() {
        if (list.isEmpty()) {
            list = Optional.of(new UndoList());
        }
        return list.get();
    }

    /** What tells threads apart that do not share a list: the list, or this where there is none. */
    public Object identity() {
        return list.isPresent() ? list.get() : this;
    }

    /** Has it undo together with another thread: CLONE_SYSVSEM. */
    void share(UndoList shared) {
        list = Optional.of(shared.join());
    }

    /** The thread has nothing to do with semaphores any more; what is to be undone is, if no other thread shares the list. */
    public void leave(int processId) {
        if (list.isPresent()) {
            list.get().leave(processId);
            list = Optional.empty();
        }
    }
}
