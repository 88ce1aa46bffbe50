package biscotti.driver.intel;

import biscotti.machine.PhysicalMemory;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;

/**
 * A ring of descriptors as the card has it (82599, 7.1.9 and 7.2.3.3), which checks who owns them: what the driver has given away by the tail it must
 * not change before the card has moved its head.
 */
final class DescriptorRingModel {
    private static final int BYTES = 16;

    /** A descriptor as it was when the driver gave it away. */
    record Descriptor(int index, long first, long second) {}

    private final PhysicalMemory memory;
    private final BiConsumer<Boolean, String> rule;
    private final String name;
    private final ArrayDeque<Descriptor> owned = new ArrayDeque<>();
    private long base;
    private int bytes;
    private int head;
    private int tail;
    private boolean enabled;
    private int delay;

    DescriptorRingModel(PhysicalMemory memory, BiConsumer<Boolean, String> rule, String name) {
        this.memory = memory;
        this.rule = rule;
        this.name = name;
    }

    private void check(boolean kept, String what) {
        rule.accept(kept, name + ": " + what);
    }

    /** Forgets all: a reset. */
    void reset() {
        owned.clear();
        base = 0;
        bytes = 0;
        head = 0;
        tail = 0;
        enabled = false;
    }

    /** One of the registers that all rings have; 0 for others. */
    int read(int offset) {
        return switch (offset) {
            case 0x00 -> (int) base;
            case 0x04 -> (int) (base >>> 32);
            case 0x08 -> bytes;
            case 0x10 -> head;
            case 0x18 -> tail;
            default -> 0;
        };
    }

    /** Writes one of them; false if there is no such. */
    boolean write(int offset, int value) {
        switch (offset) {
            case 0x00 -> base = whileOff(base & ~0xffff_ffffL | value & 0xffff_ffffL);
            case 0x04 -> base = whileOff(base & 0xffff_ffffL | (long) value << 32);
            case 0x08 -> bytes = (int) whileOff(value);
            case 0x10 -> {
                head = (int) whileOff(value);
                check(value == 0, "a head other than 0");
            }
            case 0x18 -> give(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private long whileOff(long value) {
        check(!enabled, "is changed while it is enabled");
        return value;
    }

    /** Whether it is enabled: that takes a while, in which nothing may be given to it. */
    boolean readEnabled() {
        delay = Math.max(delay - 1, 0);
        return enabled && delay == 0;
    }

    /** Enables it, or not. */
    void enable(boolean on) {
        if (on && !enabled) {
            check(base != 0 && base % 128 == 0, "its address is no multiple of 128");
            check(bytes > 0 && bytes % 128 == 0 && bytes <= 128 * 1024, "its length is no multiple of 128");
            delay = 2;
            head = 0;
        }
        if (!on) {
            owned.clear();
        }
        enabled = on;
    }

    boolean isEnabled() {
        return enabled;
    }

    private int count() {
        return bytes / BYTES;
    }

    private void give(int newTail) {
        if (!enabled) {
            check(newTail == 0, "the tail moves before it is enabled");
            tail = 0;
            return;
        }
        check(delay == 0, "the tail moves before it is known to be enabled");
        check(newTail >= 0 && newTail < count(), "the tail leaves it");
        int more = Math.floorMod(newTail - tail, count());
        check(owned.size() + more < count(), "the tail passes the head");
        for (int i = 0; i < more; i++) {
            long at = base + (long) BYTES * tail;
            owned.add(new Descriptor(tail, memory.readLong(at), memory.readLong(at + 8)));
            tail = (tail + 1) % count();
        }
    }

    /** How many descriptors the card has. */
    int size() {
        return owned.size();
    }

    /** Looks at one of those that the card has, without taking it. */
    Descriptor peek(int number) {
        return owned.stream().skip(number).findFirst().orElseThrow();
    }

    /** Takes the next descriptor of those that the card has. */
    Descriptor take() {
        Descriptor next = owned.remove();
        long at = base + (long) BYTES * next.index;
        check(
                memory.readLong(at) == next.first && memory.readLong(at + 8) == next.second,
                "the driver has changed descriptor " + next.index + ", which is the card's");
        return next;
    }

    /** Writes a descriptor back, all of it or its second half, the status last, and moves the head. */
    void writeBack(Descriptor done, long first, long second) {
        long at = base + (long) BYTES * done.index;
        memory.writeLong(at, first);
        memory.writeInt(at + 12, (int) (second >>> 32));
        memory.writeIntVolatile(at + 8, (int) second);
        head = (done.index + 1) % count();
    }

    /** Says in the second half of a descriptor that it is done, and moves the head. */
    void writeDone(Descriptor done, boolean report) {
        if (report) {
            memory.writeIntVolatile(base + (long) BYTES * done.index + 12, 1);
        }
        head = (done.index + 1) % count();
    }
}
