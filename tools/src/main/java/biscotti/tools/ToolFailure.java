package biscotti.tools;

/**
 * The tool cannot go on, and the person who started it can be told why in one line.
 *
 * <p>{@link Main} prints the message and exits with the status; nothing else is shown, so the message names the
 * thing (file, option, package) and what is wrong with it.
 */
public final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The exit status of a failure of the tool itself, as {@code docker run} has it. */
    public static final int TOOL = 125;

    /** The exit status when COMMAND is there but cannot be run. */
    public static final int NOT_EXECUTABLE = 126;

    /** The exit status when COMMAND is not there. */
    public static final int NOT_FOUND = 127;

    /** The exit status when the time of {@code --timeout} is over, as {@code timeout(1)} has it. */
    public static final int TIMED_OUT = 124;

    private final int status;

    /** A failure of the tool itself: {@link #TOOL}. */
    public ToolFailure(String message) {
        this(TOOL, message);
    }

    /** A failure that exits with {@code status} (1 to 255). */
    public ToolFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The exit status of the tool. */
    public int status() {
        return status;
    }
}
