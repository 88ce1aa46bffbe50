package biscotti.file;

/** Who is to hear of a file by signal: a process, a thread or a process group, as somebody chose it who may do so. */
public interface SignalTarget {
    /** One thread: F_OWNER_TID of fcntl(2). */
    int THREAD = 0;

    /** A process: F_OWNER_PID. */
    int PROCESS = 1;

    /** A process group: F_OWNER_PGRP. */
    int GROUP = 2;

    /** Nobody. */
    SignalTarget NOBODY = new SignalTarget() {
        @Override
        public int type() {
            return THREAD;
        }

        @Override
        public int number() {
            return 0;
        }
    };

    /** One of the constants. */
    int type();

    /** Its number; 0 once it is gone. */
    int number();
}
