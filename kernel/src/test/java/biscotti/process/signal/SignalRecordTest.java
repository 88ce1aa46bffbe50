package biscotti.process.signal;

import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import org.junit.jupiter.api.Test;

/** What signalfd(2) tells of each kind of signal: offsets of {@code linux/signalfd.h}. */
class SignalRecordTest {
    private final byte[] record = new byte[SignalRecord.BYTES];

    private void write(SignalInfo signal) {
        java.util.Arrays.fill(record, (byte) 0x5a);
        SignalRecord.write(signal, record);
        assertEquals(signal.number(), getInt(record, 0));
        assertEquals(signal.code(), getInt(record, 8));
        assertEquals(0, getLong(record, 120));
    }

    @Test
    void killTellsItsSender() {
        write(SignalInfo.fromProcess(SignalNumber.SIGUSR1, Signal.SI_USER, 12, 34));
        assertEquals(12, getInt(record, 12));
        assertEquals(34, getInt(record, 16));
        assertEquals(0, getLong(record, 48));
    }

    @Test
    void aChildTellsItsStatusAndTimes() {
        write(SignalInfo.child(SignalNumber.SIGCHLD, Signal.CLD_EXITED, 12, 34, 3, 5, 6));
        assertEquals(12, getInt(record, 12));
        assertEquals(3, getInt(record, 40));
        assertEquals(5, getLong(record, 56));
        assertEquals(6, getLong(record, 64));
    }

    @Test
    void aTimerTellsItsNumberOverrunsAndValue() {
        write(SignalInfo.timer(SignalNumber.SIGALRM, 7, 9, 0x1_0000_0002L));
        assertEquals(0, getInt(record, 12));
        assertEquals(7, getInt(record, 24));
        assertEquals(9, getInt(record, 32));
        assertEquals(2, getInt(record, 44));
        assertEquals(0x1_0000_0002L, getLong(record, 48));
    }

    @Test
    void aFaultTellsItsAddress() {
        write(SignalInfo.fault(SignalNumber.SIGSEGV, Signal.SEGV_MAPERR, 0x1234_5678_9abcL));
        assertEquals(0, getInt(record, 12));
        assertEquals(0x1234_5678_9abcL, getLong(record, 72));
    }
}
