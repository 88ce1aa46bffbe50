package biscotti.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The clock chip's time becomes seconds since 1970 in each of its forms, and is never half of one second and half of the next. */
class RealTimeClockTest {
    /** The chip, with registers as its data sheet has them. */
    private static final class Chip implements SimulatedPorts.Device {
        private final boolean binary;
        private LocalDateTime now;
        private int index;
        private int updatesSeen;
        private int readsToTick = Integer.MAX_VALUE;

        Chip(boolean binary, LocalDateTime now) {
            this.binary = binary;
            this.now = now;
        }

        @Override
        public int read(int offset, int bytes) {
            if (index == 10) {
                return updatesSeen++ == 0 ? 0xa6 : 0x26; // in the middle of an update at first
            }
            if (index == 11) {
                return binary ? 0x06 : 0x02;
            }
            if (--readsToTick == 0) {
                now = now.plusSeconds(1);
            }
            int value = switch (index) {
                case 0 -> now.getSecond();
                case 2 -> now.getMinute();
                case 4 -> now.getHour();
                case 7 -> now.getDayOfMonth();
                case 8 -> now.getMonthValue();
                case 9 -> now.getYear() % 100;
                default -> throw new IllegalArgumentException("register " + index);
            };
            return binary ? value : value / 10 << 4 | value % 10;
        }

        @Override
        public void write(int offset, int bytes, int value) {
            assertEquals(0, offset, "only the index is written");
            index = value;
        }
    }

    private static OptionalLong seconds(Chip chip) {
        try (SimulatedMachine machine = SimulatedMachine.builder().build()) {
            machine.ports().attach(0x70, 2, chip);
            return RealTimeClock.seconds(machine.ports());
        }
    }

    private static void tells(LocalDateTime time) {
        for (boolean binary : new boolean[] {false, true}) {
            assertEquals(OptionalLong.of(time.toEpochSecond(ZoneOffset.UTC)), seconds(new Chip(binary, time)));
        }
    }

    @Test
    void tellsAnyDayInEitherForm() {
        tells(LocalDateTime.of(2000, 1, 1, 0, 0, 0));
        tells(LocalDateTime.of(2000, 2, 29, 23, 59, 59));
        tells(LocalDateTime.of(2023, 3, 1, 9, 8, 7));
        tells(LocalDateTime.of(2024, 2, 29, 12, 34, 56));
        tells(LocalDateTime.of(2024, 12, 31, 23, 59, 59));
        tells(LocalDateTime.of(2099, 12, 31, 0, 0, 1));
    }

    @Test
    void readsAgainWhatChangedMeanwhile() {
        LocalDateTime time = LocalDateTime.of(2026, 12, 31, 23, 59, 59);
        for (int reads = 2; reads <= 6; reads++) {
            Chip chip = new Chip(false, time);
            chip.readsToTick = reads;
            assertEquals(
                    OptionalLong.of(time.plusSeconds(1).toEpochSecond(ZoneOffset.UTC)),
                    seconds(chip),
                    "changed at read " + reads);
        }
    }

    @Test
    void aMachineMayHaveNone() {
        try (SimulatedMachine machine = SimulatedMachine.builder().build()) {
            assertEquals(OptionalLong.empty(), RealTimeClock.seconds(machine.ports()));
        }
    }
}
