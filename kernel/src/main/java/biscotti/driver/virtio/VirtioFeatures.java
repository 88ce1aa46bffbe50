package biscotti.driver.virtio;

/** Features that all virtio devices may have (VIRTIO, chapter 6). */
final class VirtioFeatures {
    /** A descriptor may name a table of others. */
    static final long INDIRECT_DESCRIPTORS = 1L << 28;

    /** The device is not one of the time before the standard. */
    static final long VERSION_1 = 1L << 32;

    /** The device reaches memory as the platform has it: by physical addresses here. */
    static final long ACCESS_PLATFORM = 1L << 33;

    private VirtioFeatures() {}
}
