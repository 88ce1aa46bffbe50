package biscotti.driver.virtio;

import biscotti.driver.Polling;
import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;
import java.util.function.LongUnaryOperator;

/** How a virtio device is spoken to, whatever bus it is on (VIRTIO, chapters 2 to 4). */
public abstract class VirtioTransport {
    /** The device type of network cards (VIRTIO, 5.1). */
    public static final int TYPE_NETWORK = 1;

    /** The device type of disks (VIRTIO, 5.2). */
    public static final int TYPE_BLOCK = 2;

    // Device status field: VIRTIO, 2.1.
    private static final int STATUS_ACKNOWLEDGE = 1;
    private static final int STATUS_DRIVER = 2;
    private static final int STATUS_DRIVER_OK = 4;
    private static final int STATUS_FEATURES_OK = 8;
    private static final int STATUS_FAILED = 128;

    private static final int RESET_MILLISECONDS = 1000;

    /** For subclasses. */
    protected VirtioTransport() {}

    /** Where it was found, for the log. */
    public abstract String place();

    /** The registers that only devices of its type have. */
    public abstract DeviceRegisters configuration();

    /** The device status field. */
    protected abstract int status();

    /** Writes the device status field; 0 resets the device. */
    protected abstract void setStatus(int status);

    /** What the device can do: a bit for each feature. */
    protected abstract long offeredFeatures();

    /** What of that the driver uses. */
    protected abstract void acceptFeatures(long features);

    /** The most descriptors that a queue can have; 0 if there is no such queue. */
    public abstract int queueSize(int queue);

    /** How many different interrupts it has. */
    public abstract int interrupts();

    /** Has an interrupt set a pending bit. False if that is not possible. */
    public abstract boolean routeInterrupt(int interrupt, int cpu, int bit);

    /** Has a queue tell by an interrupt what it has used; before the queue is enabled, and again after a reset. False if that is not possible. */
    public abstract boolean assignInterrupt(int queue, int interrupt);

    /** Has the device tell by an interrupt that its configuration has changed. False if that is not possible. */
    public abstract boolean assignConfigurationInterrupt(int interrupt);

    /** Tells the device where a queue lies, and lets it look there once it is started. */
    public abstract void enableQueue(int queue, SplitQueue memory);

    /** Tells the device that there is something new in a queue. */
    public abstract void notifyDevice(int queue);

    /** An interrupt came, and what it tells is about to be looked at. */
    public void interruptSeen() {}

    /** What an interrupt told has been looked at. */
    public void interruptServed() {}

    /**
     * Resets the device and agrees with it on features (VIRTIO, 3.1.1).
     *
     * @param wanted those that the driver knows
     * @return those of them that the device has; 0 if it is not to be used
     */
    public final long negotiate(Clock clock, long wanted) {
        return negotiate(clock, offered -> offered & wanted);
    }

    /**
     * Resets the device and agrees with it on features (VIRTIO, 3.1.1).
     *
     * @param wanted which of those that are offered the driver uses
     * @return those; 0 if the device is not to be used
     */
    public final long negotiate(Clock clock, LongUnaryOperator wanted) {
        setStatus(0);
        if (!Polling.await(clock, RESET_MILLISECONDS, () -> status() == 0)) {
            return 0;
        }
        setStatus(STATUS_ACKNOWLEDGE | STATUS_DRIVER);
        long offered = offeredFeatures();
        long features = wanted.applyAsLong(offered) | offered & VirtioFeatures.VERSION_1;
        if ((features & VirtioFeatures.VERSION_1) == 0) {
            refuse();
            return 0;
        }
        acceptFeatures(features);
        setStatus(STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
        if ((status() & STATUS_FEATURES_OK) == 0) {
            refuse();
            return 0;
        }
        return features;
    }

    /** Starts the device. */
    public final void start() {
        setStatus(STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
    }

    /** Gives the device up: it looks into no queue any more. */
    public final void refuse() {
        setStatus(0);
        setStatus(STATUS_FAILED);
    }
}
