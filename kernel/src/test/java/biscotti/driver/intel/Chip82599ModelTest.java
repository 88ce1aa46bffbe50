package biscotti.driver.intel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import biscotti.machine.DeviceRegisters;
import biscotti.machine.simulated.SimulatedMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The model of the 82599 notices drivers that do what the data sheet forbids. */
class Chip82599ModelTest {
    private static final int RDBAL = 0x1000;
    private static final long RING = SimulatedMachine.MEMORY_START + (1 << 16);
    private static final long BUFFERS = RING + 4096;
    private static final int ENABLE = 1 << 25;

    private final SimulatedMachine machine = SimulatedMachine.builder().build();
    private final Chip82599Model model = new Chip82599Model(machine);
    private DeviceRegisters registers;
    private Chip82599 chip;

    @BeforeEach
    void start() {
        registers = machine.deviceRegisters(0x38_1000_0000L, 1 << 17);
        chip = new Chip82599(registers, machine.clock());
    }

    @AfterEach
    void close() {
        model.close();
        machine.close();
    }

    private void refused(String rule, Runnable act) {
        assertEquals(rule, assertThrows(AssertionError.class, act::run).getMessage());
    }

    private void reset() {
        assertEquals(true, chip.reset());
        chip.prepare(1);
    }

    private void placeRing() {
        reset();
        for (int i = 0; i < 256; i++) {
            machine.memory().writeLong(RING + 16L * i, BUFFERS + 2048L * i);
            machine.memory().writeLong(RING + 16L * i + 8, 0);
        }
        chip.receiveRing(0).place(RING, 4096);
        registers.writeInt(RDBAL + 0x14, 2 | 1 << 25 | 1 << 28);
        registers.writeInt(RDBAL + 0x0c, 0);
    }

    private void enableRing() {
        placeRing();
        chip.receiveRing(0).enable();
        while (!chip.receiveRing(0).isEnabled()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aResetHasAnOrder() {
        refused("a reset begins with all interrupts masked", () -> registers.writeInt(0, 1 << 26));
        registers.writeInt(0x888, Integer.MAX_VALUE);
        refused("first no more requests on the bus", () -> registers.writeInt(0, 1 << 26));
        registers.writeInt(0, 4);
        refused("a reset before STATUS said that no request is under way", () -> registers.writeInt(0, 0x400_000c));
    }

    @Test
    void aResetIsWaitedFor() {
        registers.writeInt(0x888, Integer.MAX_VALUE);
        registers.writeInt(0, 4);
        registers.readInt(8);
        registers.writeInt(0, 0x400_000c);
        refused("interrupts are masked again after a reset", () -> registers.writeInt(0x5080, 0));
        registers.writeInt(0x888, Integer.MAX_VALUE);
        refused("the EEPROM was not waited for", () -> registers.writeInt(0x5080, 0));
    }

    @Test
    void aTailMovesOnlyAfterItsRingIsKnownToBeEnabled() {
        placeRing();
        refused(
                "receive ring 0: the tail moves before it is enabled",
                () -> chip.receiveRing(0).setTail(255));
        chip.receiveRing(0).enable();
        refused(
                "receive ring 0: the tail moves before it is known to be enabled",
                () -> chip.receiveRing(0).setTail(255));
    }

    @Test
    void aTailNeitherLeavesItsRingNorPassesTheHead() {
        enableRing();
        refused("receive ring 0: the tail leaves it", () -> chip.receiveRing(0).setTail(256));
        chip.receiveRing(0).setTail(200);
        refused(
                "receive ring 0: the tail passes the head",
                () -> chip.receiveRing(0).setTail(100));
    }

    @Test
    void aRingIsNotMovedWhileItIsEnabled() {
        enableRing();
        refused(
                "receive ring 0: is changed while it is enabled",
                () -> chip.receiveRing(0).place(RING, 4096));
        refused("SRRCTL is changed while its queue is enabled", () -> registers.writeInt(RDBAL + 0x14, 2 | 1 << 25));
    }

    @Test
    void twoDescriptorsHaveDifferentBuffers() {
        placeRing();
        machine.memory().writeLong(RING + 16, BUFFERS);
        chip.receiveRing(0).enable();
        while (!chip.receiveRing(0).isEnabled()) {
            Thread.onSpinWait();
        }
        refused(
                "two receive descriptors with the same buffer",
                () -> chip.receiveRing(0).setTail(255));
    }

    @Test
    void descriptorsOfTheCardAreNotChanged() {
        DescriptorRingModel ring = new DescriptorRingModel(
                machine.memory(),
                (kept, rule) -> {
                    if (!kept) {
                        throw new AssertionError(rule);
                    }
                },
                "ring");
        ring.write(0, (int) RING);
        ring.write(8, 4096);
        ring.enable(true);
        while (!ring.readEnabled()) {
            Thread.onSpinWait();
        }
        ring.write(0x18, 2);
        ring.take();
        machine.memory().writeLong(RING + 16, 7);
        refused("ring: the driver has changed descriptor 1, which is the card's", ring::take);
    }

    @Test
    void reservedBitsStayClear() {
        reset();
        refused("bit 31 of EIMS is reserved", () -> registers.writeInt(0x880, -1));
        refused("BSIZEPACKET", () -> registers.writeInt(RDBAL + 0x14, 1 << 25));
        refused("DESCTYPE is not advanced, one buffer", () -> registers.writeInt(RDBAL + 0x14, 2));
        refused("write of the register at 0x17654", () -> registers.writeInt(0x17654, 0));
        refused("a queue is enabled before DMATXCTL.TE", () -> registers.writeInt(0x6028, ENABLE));
        registers.writeInt(RDBAL + 0x14, 2 | 1 << 25);
        refused("bit 12 of DCA_RXCTRL is not cleared", () -> registers.writeInt(RDBAL + 0x28, ENABLE));
    }

    @Test
    void filtersAreChangedWhileTheReceiverIsOff() {
        reset();
        refused("the receiver is turned on while data may be on their way to it", () -> registers.writeInt(0x3000, 1));
        registers.writeInt(0x8d00, 2);
        registers.writeInt(0x3000, 1);
        refused("filters are changed while the receiver is on", () -> registers.writeInt(0x5080, 1 << 9));
    }
}
