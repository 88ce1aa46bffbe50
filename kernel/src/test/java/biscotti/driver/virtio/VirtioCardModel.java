package biscotti.driver.virtio;

import biscotti.driver.network.CardModel;
import biscotti.driver.network.Segments;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.driver.virtio.VirtioRegistersModel.Chain;
import biscotti.driver.virtio.VirtioRegistersModel.Piece;
import biscotti.driver.virtio.VirtioRegistersModel.Queue;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A virtio network card on PCI (VIRTIO 1.2, 5.1), which checks its driver. */
public final class VirtioCardModel extends CardModel implements VirtioRegistersModel.Device {
    static final long CSUM = 1L;
    static final long GUEST_CSUM = 1L << 1;
    static final long MAC = 1L << 5;
    static final long TSO = 1L << 11 | 1L << 12;
    static final long MRG_RXBUF = 1L << 15;
    static final long STATUS = 1L << 16;
    static final long CTRL_VQ = 1L << 17;
    static final long CTRL_RX = 1L << 18;
    static final long MQ = 1L << 22;
    static final long INDIRECT = VirtioRegistersModel.INDIRECT;

    private static final int HEADER = 12;
    private static final int USUAL_FRAME = 1514;

    private final PhysicalMemory memory;
    private final VirtioRegistersModel registers;
    private final int pairs;
    private int usedPairs = 1;
    private boolean promiscuous = true;
    private boolean allMulticast;

    /** A card with features and pairs of queues. */
    public VirtioCardModel(SimulatedMachine machine, long features, int pairs, int queueSize) {
        super(machine);
        this.memory = machine.memory();
        this.pairs = pairs;
        boolean commands = (features & CTRL_VQ) != 0;
        registers = new VirtioRegistersModel(
                machine, 1, 0x020000, features, 2 * pairs + (commands ? 1 : 0), queueSize, this);
    }

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return registers.function();
    }

    private boolean agreed(long feature) {
        return (registers.accepted() & feature) == feature;
    }

    @Override
    public void check(boolean kept, String rule) {
        rule(kept, rule);
    }

    @Override
    public int configuration(int offset, int bytes) {
        if (offset < 6) {
            return (int) (ADDRESS >>> 40 - 8 * offset) & 0xff;
        }
        return switch (offset) {
            case 6 -> linkUp() ? 1 : 0;
            case 8 -> pairs;
            default -> 0;
        };
    }

    @Override
    public void reset() {
        usedPairs = 1;
        promiscuous = true;
        allMulticast = false;
    }

    @Override
    public void notified(int number) {
        if (number == 2 * pairs) {
            later(this::obey);
        } else if (number % 2 == 1) {
            rule(number / 2 < usedPairs, "sends by a queue that is not in use");
            later(() -> send(registers.queue(number)));
        }
    }

    private void obey() {
        Queue queue = registers.queue(2 * pairs);
        while (queue.hasNext()) {
            Chain chain = queue.next();
            List<Piece> pieces = chain.pieces();
            rule(pieces.size() == 3 && pieces.get(2).writable() && pieces.get(2).length() == 1, "shape of a command");
            rule(pieces.get(0).length() == 2, "a command has a class and a number");
            int command = Short.reverseBytes(memory.readShort(pieces.get(0).address())) & 0xffff;
            memory.writeByte(pieces.get(2).address(), (byte) (obey(command, pieces.get(1)) ? 0 : 1));
            queue.use(chain, 1);
        }
        queue.publish();
    }

    private boolean obey(int command, Piece data) {
        switch (command) {
            case 0x0000, 0x0001 -> {
                rule(agreed(CTRL_RX) && data.length() == 1, "a command of CTRL_RX");
                boolean on = memory.readByte(data.address()) != 0;
                promiscuous = command == 0 ? on : promiscuous;
                allMulticast = command == 1 ? on : allMulticast;
                return true;
            }
            case 0x0400 -> {
                rule(agreed(MQ) && data.length() == 2, "a command of MQ");
                usedPairs = memory.readShort(data.address());
                return usedPairs >= 1 && usedPairs <= pairs;
            }
            default -> {
                return false;
            }
        }
    }

    private void send(Queue queue) {
        boolean any = false;
        while (queue.hasNext()) {
            Chain chain = queue.next();
            send(bytes(chain));
            queue.use(chain, 0);
            any = true;
        }
        if (any) {
            queue.publish();
        }
    }

    private byte[] bytes(Chain chain) {
        byte[] all = new byte[chain.pieces().stream().mapToInt(Piece::length).sum()];
        int at = 0;
        for (Piece piece : chain.pieces()) {
            rule(!piece.writable(), "a packet to send is only read");
            memory.copyOut(piece.address(), all, at, piece.length());
            at += piece.length();
        }
        return all;
    }

    private void send(byte[] all) {
        ByteBuffer header = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        byte[] frame = Arrays.copyOfRange(all, HEADER, all.length);
        boolean checksum = (header.get(0) & 1) != 0;
        int type = header.get(1);
        int start = header.getShort(6);
        int offset = header.getShort(8);
        rule(header.get(0) <= 1 && header.getShort(10) == 0, "a header of a packet to send");
        rule(!checksum || agreed(CSUM), "a checksum is left to a card that does not fill it in");
        if (type == 0) {
            rule(frame.length <= USUAL_FRAME, "a frame of " + frame.length + " bytes");
            if (checksum) {
                Segments.fillChecksum(frame, start, start + offset);
            }
            transmit(List.of(frame));
        } else {
            rule(agreed(TSO) && checksum, "segments are left to a card that makes none");
            rule(type == (frame[12] == 8 ? 1 : 4), "the kind of segments");
            rule(start == Segments.transport(frame) && offset == 16, "where the checksum of TCP is");
            rule(header.getShort(2) == start + (frame[start + 12] >>> 4 & 0xf) * 4, "the length of the headers");
            transmit(Segments.of(frame, header.getShort(4)));
        }
    }

    @Override
    protected void receive(int pair, byte[] frame) {
        boolean wanted = promiscuous || isForCard(frame) && ((frame[0] & 1) == 0 || allMulticast);
        if (!linkUp() || !wanted) {
            return;
        }
        Queue queue = registers.queue(2 * Math.min(pair, usedPairs - 1));
        byte[] all = new byte[HEADER + frame.length];
        System.arraycopy(frame, 0, all, HEADER, frame.length);
        all[0] = (byte) (agreed(GUEST_CSUM) && frame.length > 40 && Segments.isRight(frame) ? 2 : 0);
        int done = 0;
        int buffers = 0;
        long first = 0;
        while (done < all.length) {
            if (!queue.hasNext()) {
                rule(buffers == 0, "the test's frames are too long for the queue");
                return; // no buffer: it is lost
            }
            Chain chain = queue.next();
            Piece piece = chain.pieces().getFirst();
            rule(piece.writable() && chain.pieces().size() == 1, "a buffer to receive into");
            rule(piece.length() >= (agreed(MRG_RXBUF) ? HEADER : HEADER + USUAL_FRAME), "a buffer is too short");
            rule(agreed(MRG_RXBUF) || piece.length() >= all.length, "the test's frame is too long");
            first = buffers == 0 ? piece.address() : first;
            int part = Math.min(piece.length(), all.length - done);
            memory.copyIn(piece.address(), all, done, part);
            done += part;
            buffers++;
            queue.use(chain, part);
        }
        memory.writeShort(first + 10, (short) buffers);
        queue.publish();
    }

    @Override
    protected void linkChanged() {
        registers.configurationChanged();
    }
}
