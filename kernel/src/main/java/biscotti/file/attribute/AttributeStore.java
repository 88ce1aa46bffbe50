package biscotti.file.attribute;

import biscotti.memory.FrameChains;

/** Where a file system keeps the values of extended attributes, and how many there may be. */
public interface AttributeStore {
    /** Where the bytes are. */
    FrameChains chains();

    /** Whether values may take so many more frames; they are counted then. */
    boolean charge(long frames);

    /** Counts frames less. */
    void credit(long frames);

    /** Whether there may be one more attribute; it is counted then. */
    boolean addAttribute();

    /** Counts one attribute less. */
    void removeAttribute();
}
