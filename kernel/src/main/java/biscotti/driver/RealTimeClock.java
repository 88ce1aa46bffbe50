package biscotti.driver;

import biscotti.machine.Ports;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The clock chip that knows the time while the machine is off (Motorola MC146818A data sheet): UTC, in 24 hours a day, as QEMU and
 * Linux have it.
 */
public final class RealTimeClock {
    private static final int INDEX = 0x70;
    private static final int DATA = 0x71;

    // Registers: seconds, minutes, hours, day of the month, month, year of the century; the data sheet's figure 2.
    private static final int[] FIELDS = {0, 2, 4, 7, 8, 9};
    private static final int REGISTER_A = 10;
    private static final int REGISTER_B = 11;

    private static final int A_UPDATE_IN_PROGRESS = 0x80;
    private static final int B_BINARY = 0x04;

    /** What a port reads where no device is. */
    private static final int ABSENT = 0xff;

    private static final int CENTURY = 2000;
    private static final int DAYS_FROM_MARCH_OF_YEAR_0_TO_1970 = 719468;

    private RealTimeClock() {}

    /** Seconds since 1970 UTC; empty if the machine has no such clock. */
    public static OptionalLong seconds(Ports ports) {
        if (register(ports, REGISTER_A) == ABSENT) {
            return OptionalLong.empty();
        }
        int[] fields = fields(ports);
        for (int[] again = fields(ports); !Arrays.equals(fields, again); again = fields(ports)) {
            fields = again; // it went on in between
        }
        if ((register(ports, REGISTER_B) & B_BINARY) == 0) {
            for (int i = 0; i < fields.length; i++) {
                fields[i] = (fields[i] & 0x0f) + (fields[i] >> 4) * 10;
            }
        }
        long days = days(CENTURY + fields[5], fields[4], fields[3]);
        return OptionalLong.of(((days * 24 + fields[2]) * 60 + fields[1]) * 60 + fields[0]);
    }

    private static int register(Ports ports, int register) {
        ports.writeByte(INDEX, register);
        return ports.readByte(DATA);
    }

    private static int[] fields(Ports ports) {
        while ((register(ports, REGISTER_A) & A_UPDATE_IN_PROGRESS) != 0) {
            Thread.onSpinWait();
        }
        int[] values = new int[FIELDS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = register(ports, FIELDS[i]);
        }
        return values;
    }

    /** Days since 1970. Years begin in March here, so that a leap day is the last of its year. */
    private static long days(int year, int month, int day) {
        int marchYear = month <= 2 ? year - 1 : year;
        int marchMonth = month <= 2 ? month + 9 : month - 3;
        int leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400;
        return 365L * marchYear + leapDays + (153 * marchMonth + 2) / 5 + day - 1 - DAYS_FROM_MARCH_OF_YEAR_0_TO_1970;
    }
}
