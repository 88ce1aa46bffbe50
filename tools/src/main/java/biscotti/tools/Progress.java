package biscotti.tools;

/** Says on standard error what a long step is doing: one line a step, nothing for what is cached. */
public final class Progress {
    private Progress() {}

    /** A step begins that a person would otherwise wait for in silence. */
    public static void step(String what) {
        System.err.println("biscotti: " + what);
    }

    /** Something that the person should know but that does not stop the tool. */
    public static void warning(String what) {
        System.err.println("biscotti: warning: " + what);
    }
}
