package biscotti.procfs;

import biscotti.file.Caller;

/** Takes what is written to a file. */
@FunctionalInterface
interface Setting {
    /**
     * Takes a number.
     *
     * @return 0 or a negative errno
     */
    int set(Caller writer, long value);
}
