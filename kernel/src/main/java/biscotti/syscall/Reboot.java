package biscotti.syscall;

/** Commands of reboot(2) ({@code linux/reboot.h}). */
final class Reboot {
    /** Restart the machine. */
    static final int RESTART = 0x01234567;

    /** Halt. */
    static final int HALT = 0xcdef0123;

    /** Switch the power off. */
    static final int POWER_OFF = 0x4321fedc;

    /** The three keys restart at once. */
    static final int CTRL_ALT_DEL_ON = 0x89abcdef;

    /** The three keys send SIGINT to the first process. */
    static final int CTRL_ALT_DEL_OFF = 0;

    private Reboot() {}

    /** Whether a number is one of the second magic numbers. */
    static boolean isSecondMagic(int number) {
        return number == 0x28121969 || number == 0x05121996 || number == 0x16041998 || number == 0x20112000;
    }
}
