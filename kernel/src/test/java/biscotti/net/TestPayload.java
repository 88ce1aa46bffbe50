package biscotti.net;

import biscotti.machine.PhysicalMemory;

/** A user's bytes, in an array. */
public final class TestPayload implements Payload {
    private final PhysicalMemory memory;
    private final byte[] bytes;
    private int at;

    /** All bytes of an array. */
    public TestPayload(PhysicalMemory memory, byte[] bytes) {
        this.memory = memory;
        this.bytes = bytes;
    }

    @Override
    public long remaining() {
        return bytes.length - at;
    }

    @Override
    public int toPhysical(long physical, int length) {
        memory.copyIn(physical, bytes, at, length);
        at += length;
        return 0;
    }

    @Override
    public int fromPhysical(long physical, int length) {
        memory.copyOut(physical, bytes, at, length);
        at += length;
        return 0;
    }
}
