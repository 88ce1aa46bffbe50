package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Numbers of acct(5). */
class AccountingTest {
    private static long value(short compressed) {
        int bits = Short.toUnsignedInt(compressed);
        return (long) (bits & 0x1fff) << 3 * (bits >>> 13);
    }

    @Test
    void aNumberOfThirteenBitsIsKeptAsItIs() {
        assertEquals(0, Accounting.compressed(0));
        assertEquals(8191, Accounting.compressed(8191));
    }

    @Test
    void aLargerOneIsRoundedToThirteenBits() {
        assertEquals(8192, value(Accounting.compressed(8192)));
        assertEquals(8200, value(Accounting.compressed(8196)));
        assertEquals(65536, value(Accounting.compressed(65535)));
        assertEquals(1_000_000, value(Accounting.compressed(1_000_000)), 256);
    }

    @Test
    void whatDoesNotFitIsTheGreatest() {
        assertEquals((short) 0xffff, Accounting.compressed(Long.MAX_VALUE));
    }
}
