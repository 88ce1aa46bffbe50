package biscotti.driver.network;

import java.nio.ByteBuffer;
import java.util.Random;

/** Ethernet frames with right headers and checksums and a payload that a seed gives, for tests of cards. */
public final class Frames {
    private static final int ETHERNET = 14;
    private static final int UDP = 17;
    private static final int TCP = 6;

    private Frames() {}

    /** A frame of UDP to the model's card, over a version of IP. */
    public static byte[] udp(int version, int payload, long seed) {
        byte[] frame = ip(version, UDP, 8, payload, seed);
        int start = Segments.transport(frame);
        ByteBuffer fields = ByteBuffer.wrap(frame);
        fields.putShort(start, (short) 1024);
        fields.putShort(start + 2, (short) 53);
        fields.putShort(start + 4, (short) (8 + payload));
        return finish(frame, start, 6);
    }

    /** A frame of TCP with a time stamp option. */
    public static byte[] tcp(int version, int payload, long seed) {
        byte[] frame = ip(version, TCP, 32, payload, seed);
        int start = Segments.transport(frame);
        ByteBuffer fields = ByteBuffer.wrap(frame);
        fields.putInt(start, 80 << 16 | 40000);
        fields.putInt(start + 4, 0xffff_f000); // wraps around in long ones
        fields.putInt(start + 8, 77);
        frame[start + 12] = (byte) 0x80;
        frame[start + 13] = 0x19; // ACK, PSH, FIN
        fields.putShort(start + 14, (short) 1000);
        fields.putInt(start + 20, 0x0101080a);
        return finish(frame, start, 16);
    }

    private static byte[] finish(byte[] frame, int start, int field) {
        ByteBuffer.wrap(frame).putShort(start + field, (short) Segments.pseudoHeader(frame, frame.length - start));
        Segments.fillChecksum(frame, start, start + field);
        return frame;
    }

    private static byte[] ip(int version, int protocol, int header, int payload, long seed) {
        int ip = version == 4 ? 20 : 40;
        byte[] frame = new byte[ETHERNET + ip + header + payload];
        byte[] content = new byte[payload];
        new Random(seed).nextBytes(content);
        System.arraycopy(content, 0, frame, frame.length - payload, payload);
        ByteBuffer fields = ByteBuffer.wrap(frame);
        fields.putShort(0, (short) (CardModel.ADDRESS >>> 32));
        fields.putInt(2, (int) CardModel.ADDRESS);
        fields.putShort(6, (short) 0x0200);
        fields.putShort(12, (short) (version == 4 ? 0x0800 : 0x86dd));
        if (version == 4) {
            fields.putShort(14, (short) 0x4500);
            fields.putShort(16, (short) (frame.length - ETHERNET));
            fields.putShort(18, (short) 0xfffe);
            fields.putShort(20, (short) 0x4000);
            fields.putShort(22, (short) (64 << 8 | protocol));
            fields.putInt(26, 0x0a00020f);
            fields.putInt(30, 0x0a000202);
            fields.putShort(24, (short) ~Segments.sum(frame, ETHERNET, ETHERNET + 20));
        } else {
            fields.putInt(14, 6 << 28);
            fields.putShort(18, (short) (header + payload));
            fields.putShort(20, (short) (protocol << 8 | 64));
            fields.putLong(22, 0xfe80_0000_0000_0000L);
            fields.putLong(30, 0x5054_00ff_fe12_3456L);
            fields.putLong(38, 0xfe80_0000_0000_0000L);
            fields.putLong(46, 2);
        }
        return frame;
    }

    /** All bytes of a packet. */
    public static byte[] bytes(Packet packet) {
        byte[] bytes = new byte[packet.length()];
        packet.copyOut(0, bytes, 0, bytes.length);
        return bytes;
    }
}
