package biscotti.tools.guest;

/** A machine that does not do what is asked of it: it hangs, dies, or its command cannot be started. */
public final class MachineFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure that is described by {@code message}, of several lines perhaps. */
    public MachineFailure(String message) {
        super(message, null, false, false);
    }
}
