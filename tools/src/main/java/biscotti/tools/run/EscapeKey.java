package biscotti.tools.run;

/** Looks for Ctrl-A X among the keys, which stops the machine; Ctrl-A Ctrl-A sends one Ctrl-A, as QEMU itself has it. */
final class EscapeKey {
    private static final byte CONTROL_A = 1;

    private boolean escaped;
    private boolean stop;

    /** Takes the escape sequences out of the first {@code length} bytes of {@code keys} and returns how many remain. */
    int filter(byte[] keys, int length) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            byte key = keys[i];
            if (escaped) {
                escaped = false;
                if (key == 'x' || key == 'X') {
                    stop = true;
                } else {
                    keys[kept++] = key; // the escape key itself, or a key that it means nothing with
                }
            } else if (key == CONTROL_A) {
                escaped = true;
            } else {
                keys[kept++] = key;
            }
        }
        return kept;
    }

    /** Whether Ctrl-A X was typed. */
    boolean stop() {
        return stop;
    }
}
