package biscotti.procfs;

import biscotti.file.Caller;

/** Makes the content of a file. */
@FunctionalInterface
interface Text {
    /**
     * Appends the content; each char is a byte.
     *
     * @return 0, or an errno: -ESRCH for a process that is gone
     */
    int write(Caller reader, StringBuilder out);
}
