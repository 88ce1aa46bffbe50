package biscotti.driver.intel;

import biscotti.machine.DeviceRegisters;

/** Spreads packets over queues by a hash of their addresses and ports, so that each flow stays with one (82576, 7.1.1.7; 82599, 7.1.2.8). */
final class ReceiveSideScaling {
    /** RXCSUM, the same in both families. */
    private static final int RXCSUM = 0x5000;

    /** "RSS hash is enabled": the hash takes the place of a fragment's checksum in descriptors (82576, 8.10.1; 82599, 8.2.3.7.5). */
    private static final int RXCSUM_PCSD = 1 << 13;

    /** The fields that are hashed, in MRQC: of TCP and of IP, over both versions. */
    static final int MRQC_FIELDS = 1 << 16 | 1 << 17 | 1 << 20 | 1 << 21;

    private static final int ENTRIES = 128;

    /** A key that spreads well: that of the examples in 82576, 7.1.1.7.3. */
    private static final int[] KEY = {
        0xda565a6d, 0xc20e5b25, 0x3d256741, 0xb08fa343, 0xcb2bcad0,
        0xb4307bae, 0xa32dcb77, 0x0cf23080, 0x3bb7426a, 0xfa01acbe
    };

    private ReceiveSideScaling() {}

    /** Writes the key and the table of queues, a byte for each entry. */
    static void write(DeviceRegisters registers, int rssrk, int reta, int queues) {
        for (int i = 0; i < KEY.length; i++) {
            registers.writeInt(rssrk + Integer.BYTES * i, KEY[i]);
        }
        for (int entry = 0; entry < ENTRIES; entry += Integer.BYTES) {
            int word = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                word |= (entry + i) % queues << Byte.SIZE * i;
            }
            registers.writeInt(reta + entry, word);
        }
        registers.writeInt(RXCSUM, registers.readInt(RXCSUM) | RXCSUM_PCSD);
    }
}
