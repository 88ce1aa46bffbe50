package biscotti.driver.intel;

import biscotti.driver.intel.DescriptorRingModel.Descriptor;
import biscotti.driver.network.CardModel;
import biscotti.driver.network.Segments;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An 82599 for the simulated machine, written from its data sheet (section numbers are of the "82599 10 GbE Controller Datasheet"). It checks what a driver
 * must not do: the order of a reset (4.6.3), of starting to receive (4.6.7) and to send (4.6.8), who owns descriptors, reserved bits.
 */
public final class Chip82599Model extends CardModel implements SimulatedPorts.Device {
    private static final long REGISTERS = 0x38_1000_0000L;
    private static final int LENGTH = 1 << 17;
    private static final long MESSAGES = 0xfd10_0000L;
    private static final int VECTORS = 16;
    private static final int QUEUES = 16;

    // Registers with a meaning here; those that only keep their value are in KEPT.
    private static final int CTRL = 0x0;
    private static final int STATUS = 0x8;
    private static final int CTRL_EXT = 0x18;
    private static final int EICR = 0x800;
    private static final int EIAC = 0x810;
    private static final int EIMS = 0x880;
    private static final int EIMC = 0x888;
    private static final int GPIE = 0x898;
    private static final int IVAR = 0x900;
    private static final int IVAR_MISC = 0xa00;
    private static final int RECEIVE_RINGS = 0x1000;
    private static final int RDRXCTL = 0x2f00;
    private static final int RXCTRL = 0x3000;
    private static final int HLREG0 = 0x4240;
    private static final int MAXFRS = 0x4268;
    private static final int AUTOC = 0x42a0;
    private static final int LINKS = 0x42a4;
    private static final int RTTDCS = 0x4900;
    private static final int DMATXCTL = 0x4a80;
    private static final int RXCSUM = 0x5000;
    private static final int FCTRL = 0x5080;
    private static final int MTA = 0x5200;
    private static final int TRANSMIT_RINGS = 0x6000;
    private static final int DTXMXSZRQ = 0x8100;
    private static final int SECRXCTRL = 0x8d00;
    private static final int SECRXSTAT = 0x8d04;
    private static final int RAL = 0xa200;
    private static final int RAH = 0xa204;
    private static final int RETA = 0xeb00;
    private static final int RSSRK = 0xeb80;
    private static final int MRQC = 0xec80;
    private static final int EEC = 0x10010;

    private static final int STRIDE = 0x40;
    private static final int LSC = 1 << 20;
    private static final int CRC = 4;

    /** How far the reset has come. */
    private enum Stage {
        UNKNOWN,
        MASKED,
        QUIET,
        RESET,
        MASKED_AGAIN,
        READY
    }

    private final SimulatedFunction function;
    private final PhysicalMemory memory;
    private final Map<Integer, Integer> values = new HashMap<>();
    private final DescriptorRingModel[] receive = new DescriptorRingModel[QUEUES];
    private final DescriptorRingModel[] transmit = new DescriptorRingModel[QUEUES];
    private final AdvancedTransmitModel[] formats = new AdvancedTransmitModel[QUEUES];
    private Stage stage = Stage.UNKNOWN;
    private int causes;
    private int mask;
    private int slowReads;

    /** A card with its cable in. */
    public Chip82599Model(SimulatedMachine machine) {
        super(machine);
        memory = machine.memory();
        for (int i = 0; i < QUEUES; i++) {
            receive[i] = new DescriptorRingModel(memory, this::rule, "receive ring " + i);
            transmit[i] = new DescriptorRingModel(memory, this::rule, "transmit ring " + i);
            formats[i] = new AdvancedTransmitModel(memory, this::rule);
        }
        function = new SimulatedFunction(machine, 0x8086, 0x10fb, 0x020000);
        function.bar(0, REGISTERS);
        function.messages(4, MESSAGES, VECTORS);
        forgetAll();
        machine.attach(REGISTERS, LENGTH, this);
    }

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return function;
    }

    private void forgetAll() {
        values.clear();
        values.put(RDRXCTL, 0x0008_8008 & ~8 | 8 | 0x40000); // DMAIDONE, and RSCFRSTSIZE as EEPROMs have it
        values.put(HLREG0, 0x6aa7 & ~7);
        for (int i = 0; i < QUEUES; i++) {
            receive[i].reset();
            transmit[i].reset();
            values.put(RECEIVE_RINGS + STRIDE * i + 0xc, 1 << 12);
        }
        causes = 0;
        mask = 0;
    }

    private int value(int register) {
        return values.getOrDefault(register, 0);
    }

    private boolean isSet(int register, int bits) {
        return (value(register) & bits) == bits;
    }

    @Override
    public synchronized int read(int offset, int bytes) {
        rule(bytes == 4, "registers are read by 32 bits"); // 8.1
        if (offset >= RECEIVE_RINGS && offset < RECEIVE_RINGS + STRIDE * QUEUES) {
            return readRing(receive[(offset - RECEIVE_RINGS) / STRIDE], offset % STRIDE, offset);
        }
        if (offset >= TRANSMIT_RINGS && offset < TRANSMIT_RINGS + STRIDE * QUEUES) {
            return readRing(transmit[(offset - TRANSMIT_RINGS) / STRIDE], offset % STRIDE, offset);
        }
        return switch (offset) {
            case STATUS -> isSet(CTRL, 4) && slow() ? 0 : 1 << 19;
            case EEC -> slow() ? 1 << 9 : 0;
            case EICR -> {
                int was = causes;
                causes = 0;
                yield was;
            }
            case EIMS -> mask;
            case LINKS -> linkUp() ? 1 << 30 | 3 << 28 : 0;
            case RAL -> Integer.reverseBytes((int) (ADDRESS >>> 16));
            case RAH -> 1 << 31 | Short.reverseBytes((short) ADDRESS) & 0xffff;
            case SECRXSTAT -> isSet(SECRXCTRL, 2) && slow() ? 1 : 0;
            default -> value(offset);
        };
    }

    /** What takes a while: true at every third look. */
    private boolean slow() {
        slowReads++;
        return slowReads % 3 == 0;
    }

    private int readRing(DescriptorRingModel ring, int offset, int register) {
        return offset == 0x28
                ? value(register) & ~(1 << 25) | (ring.readEnabled() ? 1 << 25 : 0)
                : offset == 0xc || offset == 0x14 && register < TRANSMIT_RINGS ? value(register) : ring.read(offset);
    }

    @Override
    public synchronized void write(int offset, int bytes, int value) {
        rule(bytes == 4, "registers are written by 32 bits");
        if (stage != Stage.READY) {
            writeWhileReset(offset, value);
        } else if (offset >= RECEIVE_RINGS && offset < RECEIVE_RINGS + STRIDE * QUEUES) {
            writeReceiveRing((offset - RECEIVE_RINGS) / STRIDE, offset % STRIDE, offset, value);
        } else if (offset >= TRANSMIT_RINGS && offset < TRANSMIT_RINGS + STRIDE * QUEUES) {
            writeTransmitRing((offset - TRANSMIT_RINGS) / STRIDE, offset % STRIDE, offset, value);
        } else {
            writeGeneral(offset, value);
        }
    }

    /** 4.6.3 and 5.2.5.3.2: interrupts off, no more requests, reset, interrupts off; then what is loaded by itself must be waited for. */
    private void writeWhileReset(int offset, int value) {
        switch (stage) {
            case UNKNOWN -> {
                rule(offset == EIMC && value == Integer.MAX_VALUE, "a reset begins with all interrupts masked");
                stage = Stage.MASKED;
            }
            case MASKED -> {
                rule(offset == CTRL && (value & 4) != 0 && (value & 1 << 26) == 0, "first no more requests on the bus");
                values.put(CTRL, value);
                stage = Stage.QUIET;
            }
            case QUIET -> {
                rule(slowReads > 0, "a reset before STATUS said that no request is under way");
                rule(offset == CTRL && (value & 0x400_0008) == 0x400_0008, "a reset of link and software");
                forgetAll();
                stage = Stage.RESET;
            }
            default -> {
                if (offset == EIMC) {
                    stage = Stage.MASKED_AGAIN;
                    slowReads = 0;
                } else {
                    rule(stage == Stage.MASKED_AGAIN, "interrupts are masked again after a reset");
                    rule(slowReads >= 3, "the EEPROM was not waited for");
                    stage = Stage.READY;
                    write(offset, 4, value);
                }
            }
        }
    }

    private void writeGeneral(int offset, int value) {
        boolean table = offset >= MTA && offset < MTA + 512
                || offset >= RETA && offset < RETA + 128
                || offset >= RSSRK && offset < RSSRK + 40
                || offset >= IVAR && offset < IVAR + 256;
        switch (offset) {
            case EIMC -> mask &= ~value;
            case EIMS -> {
                rule(value >= 0, "bit 31 of EIMS is reserved");
                mask |= value;
                fire();
            }
            case EICR -> causes &= ~value;
            case RXCTRL -> enableReceiver(value);
            case FCTRL, MRQC, RXCSUM, RDRXCTL, HLREG0, MAXFRS -> {
                rule(!isSet(RXCTRL, 1), "filters are changed while the receiver is on"); // 8.2.3.7.1
                values.put(offset, value);
            }
            case DTXMXSZRQ -> {
                rule(isSet(RTTDCS, 1 << 6), "DTXMXSZRQ is written while the arbiter is disabled"); // 4.6.11.3.1
                values.put(offset, value);
            }
            case CTRL, CTRL_EXT, EIAC, GPIE, IVAR_MISC, AUTOC, RTTDCS, DMATXCTL, SECRXCTRL -> values.put(offset, value);
            default -> {
                rule(table, "write of the register at 0x" + Integer.toHexString(offset));
                values.put(offset, value);
            }
        }
    }

    private void enableReceiver(int value) {
        if ((value & 1) != 0 && !isSet(RXCTRL, 1)) {
            rule(isSet(SECRXCTRL, 2), "the receiver is turned on while data may be on their way to it"); // 4.6.7
            rule(isSet(CTRL_EXT, 1 << 16), "NS_DIS is not set");
            rule(value(MRQC) == 0 || isSet(RXCSUM, 1 << 13), "packets are spread without PCSD"); // 8.2.3.7.5
            rule((value(RDRXCTL) >>> 17 & 0x1f) == 0, "RSCFRSTSIZE is not 0"); // 8.2.3.8.8
            rule(isSet(RDRXCTL, 1 << 25 | 1 << 26), "RSCACKC or FCOE_WRFIX is not set");
            rule(isSet(RDRXCTL, 2) == isSet(HLREG0, 2), "CRCSTRIP and RXCRCSTRP differ");
            rule(value(MAXFRS) >>> 16 <= 1518 || isSet(HLREG0, 4), "frames longer than 1518 bytes without JUMBOEN");
        }
        values.put(RXCTRL, value);
    }

    private void writeReceiveRing(int queue, int offset, int register, int value) {
        DescriptorRingModel ring = receive[queue];
        switch (offset) {
            case 0xc -> values.put(register, value);
            case 0x14 -> {
                rule(!ring.isEnabled(), "SRRCTL is changed while its queue is enabled");
                rule((value >>> 25 & 7) == 1, "DESCTYPE is not advanced, one buffer");
                rule((value & 0x1f) >= 1 && (value & 0x1f) <= 16 && (value & 0xe0) == 0, "BSIZEPACKET");
                values.put(register, value);
            }
            case 0x28 -> {
                boolean on = (value & 1 << 25) != 0;
                if (on) {
                    rule((value(register - 0x28 + 0xc) & 1 << 12) == 0, "bit 12 of DCA_RXCTRL is not cleared");
                    rule(value(register - 0x28 + 0x14) != 0, "a queue is enabled before its SRRCTL is written");
                } else {
                    rule(!isSet(RXCTRL, 1), "a queue is disabled while the receiver is on");
                }
                ring.enable(on);
                values.put(register, value);
            }
            default -> {
                rule(ring.write(offset, value), "write of the register at 0x" + Integer.toHexString(register));
                checkReceiveDescriptors(ring);
            }
        }
    }

    /** 7.1.6.1: a buffer of its own, no header buffer, done is clear. */
    private void checkReceiveDescriptors(DescriptorRingModel ring) {
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < ring.size(); i++) {
            Descriptor each = ring.peek(i);
            rule(each.second() == 0, "a receive descriptor with a header buffer, or done already");
            rule(each.first() != 0, "a receive descriptor without a buffer");
            seen.add(each.first());
        }
        rule(seen.stream().distinct().count() == seen.size(), "two receive descriptors with the same buffer");
    }

    private void writeTransmitRing(int queue, int offset, int register, int value) {
        DescriptorRingModel ring = transmit[queue];
        if (offset == 0x28) {
            boolean on = (value & 1 << 25) != 0;
            rule(!on || isSet(DMATXCTL, 1), "a queue is enabled before DMATXCTL.TE"); // 4.6.8
            ring.enable(on);
            values.put(register, value);
            return;
        }
        rule(ring.write(offset, value), "write of the register at 0x" + Integer.toHexString(register));
        if (offset == 0x18 && ring.isEnabled()) {
            later(() -> send(queue));
        }
    }

    private void send(int queue) {
        DescriptorRingModel ring = transmit[queue];
        boolean any = false;
        for (int count = AdvancedTransmitModel.packet(ring); count > 0; count = AdvancedTransmitModel.packet(ring)) {
            function.checkMaster();
            List<Descriptor> packet = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                packet.add(ring.take());
            }
            transmit(formats[queue].frames(packet));
            for (Descriptor each : packet) {
                ring.writeDone(each, (each.second() & 1 << 27) != 0 && each == packet.getLast());
            }
            any = true;
        }
        if (any) {
            interrupt(vector(queue, 8));
        }
    }

    /** 7.3.4.3: which message a queue's ring has. */
    private int vector(int queue, int shift) {
        int entry = value(IVAR + 4 * (queue / 2)) >>> shift + 16 * (queue % 2) & 0xff;
        rule((entry & 0x80) != 0 && (entry & 0x40) == 0, "a queue without an interrupt");
        return entry & 0x3f;
    }

    @Override
    protected void receive(int queue, byte[] frame) {
        boolean wanted = isSet(FCTRL, 1 << 9) || isForCard(frame) && ((frame[0] & 1) == 0 || isSet(FCTRL, 1 << 8));
        if (!linkUp() || !isSet(RXCTRL, 1) || isSet(SECRXCTRL, 2) || !wanted) {
            return;
        }
        if (frame.length + CRC > value(MAXFRS) >>> 16) {
            return;
        }
        rule(queue == 0 || isSet(MRQC, 1) && reaches(queue), "no packet goes to queue " + queue);
        DescriptorRingModel ring = receive[queue];
        int size = (value(RECEIVE_RINGS + STRIDE * queue + 0x14) & 0x1f) << 10;
        int needed = (frame.length + size - 1) / size;
        if (!ring.isEnabled() || ring.size() < needed) {
            rule(isSet(RECEIVE_RINGS + STRIDE * queue + 0x14, 1 << 28), "a full queue stops all others: no DROP_EN");
            return;
        }
        function.checkMaster();
        for (int i = 0; i < needed; i++) {
            Descriptor each = ring.take();
            int length = Math.min(size, frame.length - i * size);
            memory.copyIn(each.first(), frame, i * size, length);
            boolean last = i == needed - 1;
            ring.writeBack(each, 0, (long) length << 32 | (last ? status(frame) | 3 : 1));
        }
        interrupt(vector(queue, 0));
    }

    private boolean reaches(int queue) {
        for (int i = 0; i < 128; i++) {
            if ((value(RETA + (i & ~3)) >>> 8 * (i & 3) & 0xf) == queue) {
                return true;
            }
        }
        return false;
    }

    /** 7.1.6.2: which checksums were looked at, and which are wrong. */
    private static int status(byte[] frame) {
        boolean known = frame.length > 54 && (frame[12] == 8 || frame[12] == (byte) 0x86);
        return !known ? 0 : 0x60 | (Segments.isRight(frame) ? 0 : 1 << 30);
    }

    private void interrupt(int vector) {
        rule(isSet(GPIE, 1 << 4), "several messages without Multiple_MSIX");
        causes |= 1 << vector;
        fire();
    }

    private void fire() {
        for (int vector = 0; vector < VECTORS; vector++) {
            if ((causes & mask & 1 << vector) != 0) {
                causes &= ~(value(EIAC) & 1 << vector);
                function.interrupt(vector);
            }
        }
        if ((causes & mask & LSC) != 0) {
            mask &= ~LSC; // a message for a cause that stays is sent once
            function.interrupt(value(IVAR_MISC) >>> 8 & 0x3f);
        }
    }

    @Override
    protected void linkChanged() {
        causes |= LSC;
        fire();
    }
}
