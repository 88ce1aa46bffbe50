package biscotti.driver.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The checksum of the Internet's protocols is that of RFC 1071, wherever the bytes lie. */
class InternetChecksumTest {
    private static final long START = SimulatedMachine.MEMORY_START;

    private final SimulatedMachine machine = SimulatedMachine.builder().build();

    @AfterEach
    void close() {
        machine.close();
    }

    private int sumOf(byte[] bytes, long address) {
        machine.memory().copyIn(address, bytes, 0, bytes.length);
        return InternetChecksum.sum(machine.memory(), address, bytes.length);
    }

    /** Word by word, as RFC 1071 has it in section 4.1. */
    static int expected(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            int value = bytes[i] & 0xff;
            sum += (i - from) % 2 == 0 ? value << 8 : value;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) sum;
    }

    @Test
    void theExampleOfTheRfc() { // RFC 1071, 3
        assertEquals(0xddf2, sumOf(HexFormat.of().parseHex("0001f203f4f5f6f7"), START));
    }

    @Test
    void aHeaderOfIpWithItsChecksumSumsToAllOnes() {
        byte[] header = HexFormat.of().parseHex("4500003c1c4640004006b1e6ac100a63ac100a0c");
        assertEquals(0xffff, sumOf(header, START));
        header[10] = 0;
        header[11] = 0;
        assertEquals(0xb1e6, InternetChecksum.finish(sumOf(header, START)));
    }

    @Test
    void anyLengthAtAnyAddress() {
        Random random = new Random(1071);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertEquals(expected(bytes, 0, bytes.length), sumOf(bytes, START + random.nextInt(64)), "round " + i);
        }
    }

    @Test
    void manyBytesOfOnesOverflowNothing() {
        byte[] bytes = new byte[65535];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        assertEquals(expected(bytes, 0, bytes.length), sumOf(bytes, START));
    }

    @Test
    void aChangedWordUpdatesTheChecksum() { // RFC 1624
        assertEquals(0x0000, InternetChecksum.updated(0xdd2f, 0x5555, 0x3285)); // its section 4
        Random random = new Random(1624);
        byte[] bytes = new byte[20];
        for (int i = 0; i < 2000; i++) {
            random.nextBytes(bytes);
            int before = InternetChecksum.finish(expected(bytes, 0, 20));
            int old = (bytes[4] & 0xff) << 8 | bytes[5] & 0xff;
            int fresh = random.nextInt(0x10000);
            bytes[4] = (byte) (fresh >> 8);
            bytes[5] = (byte) fresh;
            int after = InternetChecksum.finish(expected(bytes, 0, 20));
            assertEquals(after, InternetChecksum.updated(before, old, fresh), "round " + i);
        }
    }

    @Test
    void thePseudoHeaderOfIpv4IsThatOfItsMappedAddresses() {
        byte[] pseudo =
                HexFormat.of().parseHex("c0a80001c0a800c700060014"); // 192.168.0.1 to 192.168.0.199, TCP, 20 bytes
        int sum = InternetChecksum.pseudoHeader(0, 0xffff_c0a80001L, 0, 0xffff_c0a800c7L, 6, 20);
        assertEquals(expected(pseudo, 0, pseudo.length) % 0xffff, sum % 0xffff);
    }

    @Test
    void thePseudoHeaderOfIpv6() {
        byte[] pseudo = HexFormat.of()
                .parseHex("fe80000000000000021122fffe334455" + "ff0200000000000000000001ff33aabb" + "00000020"
                        + "0000003a");
        int sum = InternetChecksum.pseudoHeader(
                0xfe80_0000_0000_0000L, 0x0211_22ff_fe33_4455L, 0xff02_0000_0000_0000L, 0x0000_0001_ff33_aabbL, 58, 32);
        assertEquals(expected(pseudo, 0, pseudo.length), sum);
    }
}
