package biscotti.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SystemCallNamesTest {
    @Test
    void everyRunOfNumbersBeginsWhereLinuxPutsIt() {
        assertEquals(Optional.of("read"), SystemCallNames.of(0));
        assertEquals(Optional.of("getpid"), SystemCallNames.of(39));
        assertEquals(Optional.of("rseq"), SystemCallNames.of(334));
        assertEquals(Optional.of("pidfd_send_signal"), SystemCallNames.of(424));
        assertEquals(Optional.of("clone3"), SystemCallNames.of(435));
    }

    @Test
    void aNumberWithoutAMeaningHasNoName() {
        assertEquals(Optional.empty(), SystemCallNames.of(-1));
        assertEquals(Optional.empty(), SystemCallNames.of(400));
        assertEquals(Optional.empty(), SystemCallNames.of(Integer.MAX_VALUE));
    }
}
