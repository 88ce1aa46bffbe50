package biscotti.file;

import static biscotti.abi.Errno.ESRCH;

/** Sends the signals of files, O_ASYNC of fcntl(2): files know processes by this only. */
public interface FileSignals {
    /** Where no processes are: nobody is found. */
    FileSignals NONE = new FileSignals() {
        @Override
        public int find(Caller caller, int type, int number, Slot<SignalTarget> target) {
            return -ESRCH;
        }

        @Override
        public void note(FileOwner owner) {
            throw new IllegalStateException("there are no processes");
        }
    };

    /**
     * Finds a process, thread or group, which will get signals if the caller, as it is now, may send them.
     *
     * @param type one of the types of {@link SignalTarget}
     * @return 0 or -ESRCH
     */
    int find(Caller caller, int type, int number, Slot<SignalTarget> target);

    /** Has an owner's {@link FileOwner#takeBands} sent soon. Called where watches are told: takes no lock. */
    void note(FileOwner owner);
}
