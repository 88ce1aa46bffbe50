package biscotti.driver.network;

import biscotti.machine.PhysicalMemory;

/**
 * The checksum of IP, ICMP, UDP and TCP (RFC 1071): the complement of the one's complement sum of all 16-bit words. A <i>sum</i> here is
 * such a sum before the complement, 0 to 0xffff, of words in the order of the network.
 */
public final class InternetChecksum {
    private static final int MASK = 0xffff;

    private InternetChecksum() {}

    /** The sum of two sums. */
    public static int add(int sum, int other) {
        int both = sum + other;
        return (both & MASK) + (both >>> Short.SIZE);
    }

    /** Adds the four words of a value, which is as the network has it, the first byte highest. */
    public static int addLong(int sum, long value) {
        return fold((value >>> Integer.SIZE) + (value & 0xffff_ffffL) + sum);
    }

    /** The checksum that belongs to a sum. */
    public static int finish(int sum) {
        return ~sum & MASK;
    }

    /**
     * The sum of the header that UDP, TCP and ICMPv6 put before theirs (RFC 9293, 3.1; RFC 8200, 8.1). One sum for both versions of IP: the
     * prefix of an IPv4-mapped address has the sum 0xffff, which is another zero.
     */
    public static int pseudoHeader(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int protocol, int length) {
        int source = addLong(addLong(0, sourceHigh), sourceLow);
        int destination = addLong(addLong(0, destinationHigh), destinationLow);
        return addLong(add(source, destination), (long) protocol + length);
    }

    /** The checksum of something of which a word has changed, and nothing else (RFC 1624, equation 3). */
    public static int updated(int checksum, int oldWord, int newWord) {
        return finish(add(add(finish(checksum), ~oldWord & MASK), newWord));
    }

    /** The sum of a piece of memory; an odd last byte counts as if a zero followed. */
    public static int sum(PhysicalMemory memory, long address, int length) {
        long sum = 0;
        long at = address;
        int left = length;
        for (; left >= Long.BYTES; left -= Long.BYTES) {
            long word = memory.readLong(at);
            sum += (word >>> Integer.SIZE) + (word & 0xffff_ffffL);
            at += Long.BYTES;
        }
        for (; left >= Short.BYTES; left -= Short.BYTES) {
            sum += memory.readShort(at) & MASK;
            at += Short.BYTES;
        }
        if (left != 0) {
            sum += memory.readByte(at) & 0xff;
        }
        return swapped(
                fold(sum)); // RFC 1071, 2(B): it does not matter in which order the bytes were, but for the result
    }

    /** The sum of a part of a packet, wherever its pieces lie. */
    public static int sum(PhysicalMemory memory, Packet packet, int offset, int length) {
        int sum = 0;
        int done = 0;
        while (done < length) {
            int run = Math.min(packet.runAt(offset + done), length - done);
            int part = sum(memory, packet.addressAt(offset + done), run);
            sum = add(sum, (done & 1) == 0 ? part : swapped(part));
            done += run;
        }
        return sum;
    }

    private static int fold(long sum) {
        long rest = (sum >>> Integer.SIZE) + (sum & 0xffff_ffffL);
        rest = (rest >>> Short.SIZE) + (rest & MASK);
        rest = (rest >>> Short.SIZE) + (rest & MASK);
        return (int) ((rest >>> Short.SIZE) + (rest & MASK));
    }

    private static int swapped(int sum) {
        return (sum & 0xff) << Byte.SIZE | sum >>> Byte.SIZE;
    }
}
