package biscotti.file;

import biscotti.abi.Latin1;

/** Receives the names of a directory, as getdents64(2) packs them or a test collects them. */
public interface DirectoryReader {
    /**
     * Takes one name.
     *
     * @param number the inode number
     * @param type the file's type, as in a mode's {@code S_IFMT} bits
     * @param next the position to go on from after this name
     * @return false if there is no room: the name was not taken, and the listing ends
     */
    boolean take(String name, long number, int type, long next);

    /** As {@link #take}, for a name that is not text yet: the first bytes of an array, which are used again after the call. */
    default boolean take(byte[] name, int length, long number, int type, long next) {
        return take(Latin1.text(name, 0, length), number, type, next);
    }
}
