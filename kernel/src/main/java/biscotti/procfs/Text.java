package biscotti.procfs;

import biscotti.file.Caller;

/**
 * Makes the content of a file, as records that are told apart by numbers: a reader of a long text goes on at the record where he
 * stopped, whatever came and went meanwhile.
 */
@FunctionalInterface
interface Text {
    /** What {@link #write} answers for the last record. */
    long END = 0;

    /**
     * Appends a record; each char is a byte.
     *
     * @param record 0 for the first one, then what was answered for the one before
     * @return the number of the next record, greater than 0; {@link #END} if there is none; or an errno: -ESRCH for a process that is
     *     gone
     */
    long write(Caller reader, long record, TextWindow out);
}
