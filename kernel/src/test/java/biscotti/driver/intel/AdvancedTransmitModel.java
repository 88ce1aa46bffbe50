package biscotti.driver.intel;

import biscotti.driver.intel.DescriptorRingModel.Descriptor;
import biscotti.driver.network.Segments;
import biscotti.machine.PhysicalMemory;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Makes frames of advanced transmit descriptors (82599, 7.2.3.2.3 and 7.2.3.2.4), and checks those. */
final class AdvancedTransmitModel {
    private static final int MOST_DESCRIPTORS = 40; // 82599, 7.2.1.1
    private static final int MOST_BYTES = 15_872; // of a descriptor, 7.2.3.2.4

    private final PhysicalMemory memory;
    private final BiConsumer<Boolean, String> rule;

    /** The context that a queue has at each of its two places. */
    private final long[][] contexts = new long[2][];

    AdvancedTransmitModel(PhysicalMemory memory, BiConsumer<Boolean, String> rule) {
        this.memory = memory;
        this.rule = rule;
    }

    private void check(boolean kept, String what) {
        rule.accept(kept, "transmit descriptor: " + what);
    }

    private static int bits(long word, int first, int count) {
        return (int) (word >>> first) & (1 << count) - 1;
    }

    private static int type(Descriptor descriptor) {
        return bits(descriptor.second(), 20, 4);
    }

    /** How many descriptors of a ring belong to its next packet; 0 if the last of them is not there. */
    static int packet(DescriptorRingModel ring) {
        for (int i = 0; i < ring.size(); i++) {
            Descriptor each = ring.peek(i);
            if (type(each) == 3 && bits(each.second(), 24, 1) != 0) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The frames of the descriptors of a packet. */
    List<byte[]> frames(List<Descriptor> descriptors) {
        List<Descriptor> data = new ArrayList<>();
        for (Descriptor each : descriptors) {
            check(bits(each.second(), 29, 1) == 1, "DEXT is clear");
            if (type(each) == 2) {
                check(data.isEmpty(), "a context in the middle of a packet");
                takeContext(each);
            } else {
                check(type(each) == 3, "of the type " + type(each));
                data.add(each);
            }
        }
        check(data.size() <= MOST_DESCRIPTORS, data.size() + " for one packet");
        return frames(data.getFirst().second(), bytes(data));
    }

    private void takeContext(Descriptor context) {
        int macLength = bits(context.first(), 9, 7);
        check(macLength >= 14 && macLength <= 127, "MACLEN " + macLength);
        check(context.first() >>> 16 == 0, "a VLAN, or reserved bits, in a context");
        check((context.second() & 0xff) == 0 && bits(context.second(), 13, 7) == 0, "reserved bits of a context");
        check((context.second() >>> 24 & 0xdf) == 0, "DCMD of a context");
        int index = bits(context.second(), 36, 4);
        check(index < 2, "context " + index);
        contexts[index] = new long[] {context.first(), context.second()};
    }

    private byte[] bytes(List<Descriptor> data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long first = data.getFirst().second();
        for (int i = 0; i < data.size(); i++) {
            long second = data.get(i).second();
            int length = bits(second, 0, 16);
            boolean last = i == data.size() - 1;
            check(length > 0 && length <= MOST_BYTES, "DTALEN " + length);
            check(bits(second, 16, 2) == 0 && bits(second, 18, 2) == 0, "reserved bits, or MAC bits");
            check((bits(second, 24, 1) == 1) == last, "EOP");
            check((bits(second, 27, 1) == 1) == last, "RS at another than the last");
            check(bits(second, 28, 1) == 0 && bits(second, 30, 1) == 0, "reserved bits, or VLE, of DCMD");
            check(second >>> 40 == first >>> 40, "POPTS and PAYLEN are the same for all of a packet");
            check((second & 1L << 31) == (first & 1L << 31), "TSE is the same for all of a packet");
            check(bits(second, 32, 4) == 0 && bits(second, 39, 1) == 0, "STA or CC is set");
            byte[] part = new byte[length];
            memory.copyOut(data.get(i).first(), part, 0, length);
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private List<byte[]> frames(long second, byte[] frame) {
        boolean segments = bits(second, 31, 1) == 1;
        boolean header = bits(second, 40, 1) == 1;
        boolean transport = bits(second, 41, 1) == 1;
        int payload = (int) (second >>> 46);
        check(bits(second, 25, 1) == 1, "IFCS is clear");
        if (!segments) {
            check(payload == frame.length, "PAYLEN " + payload + " of " + frame.length + " bytes");
            check(frame.length <= 1518 + 9000 - 1500, "a frame that is too long");
            check(!header, "IXSM, which this driver has no need of");
            if (transport) {
                long[] context = context(second, frame);
                boolean tcp = bits(context[1], 11, 2) == 1;
                int start = Segments.transport(frame);
                Segments.fillChecksum(frame, start, start + (tcp ? 16 : 6));
            }
            return List.of(frame);
        }
        long[] context = context(second, frame);
        int start = Segments.transport(frame);
        int headers = start + bits(context[1], 40, 8);
        boolean ipv4 = frame[12] == 8;
        check(transport && header == ipv4, "POPTS of segments");
        check(bits(context[1], 11, 2) == 1, "segments of something that is not TCP");
        check(bits(context[1], 40, 8) == (frame[start + 12] >>> 4 & 0xf) * 4, "L4LEN");
        check(payload == frame.length - headers, "PAYLEN " + payload + " of segments");
        check(ipv4 ? zero(frame, 16) && zero(frame, 24) : zero(frame, 18), "lengths and checksum before segments");
        int field = (frame[start + 16] & 0xff) << 8 | frame[start + 17] & 0xff;
        check(field % 0xffff == Segments.pseudoHeader(frame, 0) % 0xffff, "the pseudo header's sum, without a length");
        return Segments.of(frame, bits(context[1], 48, 16));
    }

    private static boolean zero(byte[] frame, int at) {
        return frame[at] == 0 && frame[at + 1] == 0;
    }

    /** The context of a packet, which must be of its headers. */
    private long[] context(long second, byte[] frame) {
        long[] context = contexts[bits(second, 36, 3)];
        check(context != null, "a context that was not given");
        int start = Segments.transport(frame);
        check(bits(context[0], 9, 7) == 14 && bits(context[0], 0, 9) == start - 14, "MACLEN or IPLEN");
        check((bits(context[1], 10, 1) == 1) == (frame[12] == 8), "IPV4");
        int protocol = frame[12] == 8 ? frame[23] : frame[20];
        check((bits(context[1], 11, 2) == 1) == (protocol == 6), "L4T");
        return context;
    }
}
