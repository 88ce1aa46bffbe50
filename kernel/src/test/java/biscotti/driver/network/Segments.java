package biscotti.driver.network;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a card does with the checksums and segments that are left to it: written from the RFCs, for models of cards and tests. */
public final class Segments {
    private static final int ETHERNET = 14;
    private static final int TCP_FIN_PSH = 0x09;
    private static final int TCP_CWR = 0x80;

    private Segments() {}

    /** The one's complement sum of a part of a frame. */
    public static int sum(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) sum;
    }

    /** Fills in a checksum, whose field has the sum of the pseudo header. */
    public static void fillChecksum(byte[] frame, int start, int field) {
        int checksum = ~sum(frame, start, frame.length) & 0xffff;
        ByteBuffer.wrap(frame).putShort(field, (short) (checksum == 0 ? 0xffff : checksum));
    }

    private static boolean isIpv6(byte[] frame) {
        return frame[12] == (byte) 0x86 && frame[13] == (byte) 0xdd;
    }

    /** Where the transport's header of a frame begins. */
    public static int transport(byte[] frame) {
        return ETHERNET + (isIpv6(frame) ? 40 : (frame[ETHERNET] & 0xf) * 4);
    }

    /** The sum of the pseudo header of a frame, for so many bytes of transport. */
    public static int pseudoHeader(byte[] frame, int length) {
        boolean wide = isIpv6(frame);
        int addresses = wide ? sum(frame, ETHERNET + 8, ETHERNET + 40) : sum(frame, ETHERNET + 12, ETHERNET + 20);
        int protocol = frame[ETHERNET + (wide ? 6 : 9)] & 0xff;
        int sum = addresses + protocol + length;
        return (sum & 0xffff) + (sum >>> 16);
    }

    /** Whether the checksums of a frame with TCP or UDP are right. */
    public static boolean isRight(byte[] frame) {
        int transport = transport(frame);
        int all = sum(frame, transport, frame.length) + pseudoHeader(frame, frame.length - transport);
        boolean header = isIpv6(frame) || sum(frame, ETHERNET, transport) == 0xffff;
        return header && (all & 0xffff) + (all >>> 16) == 0xffff;
    }

    /** The segments of a frame of TCP, each with {@code size} bytes of payload at most, with all fields as they should be. */
    public static List<byte[]> of(byte[] frame, int size) {
        int transport = transport(frame);
        int headers = transport + (frame[transport + 12] >>> 4 & 0xf) * 4;
        List<byte[]> segments = new ArrayList<>();
        int count = Math.max(1, (frame.length - headers + size - 1) / size);
        for (int i = 0; i < count; i++) {
            int from = headers + i * size;
            int length = Math.min(size, frame.length - from);
            byte[] segment = Arrays.copyOf(frame, headers + length);
            System.arraycopy(frame, from, segment, headers, length);
            fix(segment, transport, i, i * size, i == count - 1);
            segments.add(segment);
        }
        return segments;
    }

    private static void fix(byte[] segment, int transport, int index, int offset, boolean last) {
        ByteBuffer fields = ByteBuffer.wrap(segment);
        if (isIpv6(segment)) {
            fields.putShort(ETHERNET + 4, (short) (segment.length - ETHERNET - 40));
        } else {
            fields.putShort(ETHERNET + 2, (short) (segment.length - ETHERNET));
            fields.putShort(ETHERNET + 4, (short) (fields.getShort(ETHERNET + 4) + index));
            fields.putShort(ETHERNET + 10, (short) 0);
            fields.putShort(ETHERNET + 10, (short) ~sum(segment, ETHERNET, transport));
        }
        fields.putInt(transport + 4, fields.getInt(transport + 4) + offset);
        int flags = segment[transport + 13] & (last ? 0xff : ~TCP_FIN_PSH) & (index == 0 ? 0xff : ~TCP_CWR);
        segment[transport + 13] = (byte) flags;
        fields.putShort(transport + 16, (short) pseudoHeader(segment, segment.length - transport));
        fillChecksum(segment, transport, transport + 16);
    }
}
