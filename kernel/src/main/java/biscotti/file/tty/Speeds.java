package biscotti.file.tty;

import biscotti.abi.Termios;

/** Line speeds, by their code in {@code c_cflag}: termios(3). */
final class Speeds {
    private static final int[] LOW = {
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
    };
    private static final int[] HIGH = {
        0, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000,
        3500000, 4000000,
    };

    private Speeds() {}

    /** Bits in a second, of the code in some flags. */
    static int of(int control) {
        int[] speeds = (control & Termios.CBAUDEX) == 0 ? LOW : HIGH;
        return speeds[control & Termios.CBAUD & ~Termios.CBAUDEX];
    }
}
