package biscotti.process.signal;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.abi.Signal;

/** The stack on which a thread takes signals whose action has SA_ONSTACK (sigaltstack(2)). Its thread's own. */
public final class AlternateStack {
    private long base;
    private long size;
    private boolean autoDisarm;

    /** Its lowest address. */
    public long base() {
        return base;
    }

    /** Its size in bytes; 0 if there is none. */
    public long size() {
        return size;
    }

    /** The address behind its end. */
    public long top() {
        return base + size;
    }

    /** Whether a stack pointer lies in it. */
    private boolean holds(long stackPointer) {
        return size != 0 && !autoDisarm && stackPointer > base && stackPointer - base <= size;
    }

    /** The flags that sigaltstack and a signal frame show. */
    public int flags(long stackPointer) {
        int mode = autoDisarm ? Signal.SS_AUTODISARM : 0;
        return mode | (size == 0 ? Signal.SS_DISABLE : holds(stackPointer) ? Signal.SS_ONSTACK : 0);
    }

    /** Whether a handler is to be put at its top: it is there, and not in use already. */
    public boolean canEnter(long stackPointer) {
        return size != 0 && !holds(stackPointer);
    }

    /** A handler was called; it may be on this stack. */
    public void entered() {
        if (autoDisarm) {
            disable();
        }
    }

    /** No alternate stack from now on. */
    public void disable() {
        base = 0;
        size = 0;
        autoDisarm = false;
    }

    /** Takes over another thread's, as fork does. */
    public void copyFrom(AlternateStack other) {
        base = other.base;
        size = other.size;
        autoDisarm = other.autoDisarm;
    }

    /** Sets it; 0, -EINVAL for bad flags, -ENOMEM if it is too small. */
    public int set(long newBase, int flags, long newSize) {
        int mode = flags & ~Signal.SS_AUTODISARM;
        if (mode != 0 && mode != Signal.SS_ONSTACK && mode != Signal.SS_DISABLE) {
            return -EINVAL;
        }
        if (mode == Signal.SS_DISABLE) {
            disable();
            return 0;
        }
        if (Long.compareUnsigned(newSize, Signal.MINSIGSTKSZ) < 0) {
            return -ENOMEM;
        }
        base = newBase;
        size = newSize;
        autoDisarm = (flags & Signal.SS_AUTODISARM) != 0;
        return 0;
    }

    /** Sets it from a signal frame; what is no good there changes nothing. */
    public void restore(long newBase, int flags, long newSize) {
        set(newBase, flags, newSize);
    }
}
