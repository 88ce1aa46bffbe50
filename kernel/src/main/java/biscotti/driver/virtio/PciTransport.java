package biscotti.driver.virtio;

import biscotti.driver.pci.PciFunction;
import biscotti.driver.pci.PciMessages;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Machine;
import java.util.Optional;

/** Virtio over PCI (VIRTIO, 4.1). */
public final class PciTransport extends VirtioTransport {
    private static final int VENDOR = 0x1af4;

    // Device numbers: VIRTIO, 4.1.2. Those of transitional devices are different.
    private static final int MODERN = 0x1040;
    private static final int TRANSITIONAL_NETWORK = 0x1000;
    private static final int TRANSITIONAL_BLOCK = 0x1001;

    // Capabilities of the vendor: VIRTIO, 4.1.4.
    private static final int VENDOR_SPECIFIC = 0x09;
    private static final int CAPABILITY_TYPE = 3;
    private static final int CAPABILITY_BAR = 4;
    private static final int CAPABILITY_OFFSET = 8;
    private static final int CAPABILITY_LENGTH = 12;
    private static final int CAPABILITY_NOTIFY_MULTIPLIER = 16;
    private static final int TYPE_COMMON = 1;
    private static final int TYPE_NOTIFY = 2;
    private static final int TYPE_DEVICE = 4;
    private static final int MOST_BYTES = 1 << 20;

    // Common configuration: VIRTIO, 4.1.4.3.
    private static final int DEVICE_FEATURE_SELECT = 0;
    private static final int DEVICE_FEATURE = 4;
    private static final int DRIVER_FEATURE_SELECT = 8;
    private static final int DRIVER_FEATURE = 12;
    private static final int CONFIG_MSIX_VECTOR = 16;
    private static final int DEVICE_STATUS = 20;
    private static final int QUEUE_SELECT = 22;
    private static final int QUEUE_SIZE = 24;
    private static final int QUEUE_MSIX_VECTOR = 26;
    private static final int QUEUE_ENABLE = 28;
    private static final int QUEUE_NOTIFY_OFF = 30;
    private static final int QUEUE_DESC = 32;
    private static final int QUEUE_DRIVER = 40;
    private static final int QUEUE_DEVICE = 48;

    private static final int NO_VECTOR = 0xffff;

    /** The most queues that are used. */
    private static final int MOST_QUEUES = 64;

    private final PciFunction function;
    private final PciMessages messages;
    private final DeviceRegisters common;
    private final DeviceRegisters notify;
    private final DeviceRegisters device;
    private final int notifyMultiplier;
    private final int[] notifyOffsets = new int[MOST_QUEUES];

    private PciTransport(
            Machine machine,
            PciFunction function,
            DeviceRegisters common,
            DeviceRegisters notify,
            DeviceRegisters device,
            int notifyMultiplier) {
        this.function = function;
        this.messages = new PciMessages(machine, function);
        this.common = common;
        this.notify = notify;
        this.device = device;
        this.notifyMultiplier = notifyMultiplier;
    }

    /** Whether a function is a virtio disk. */
    public static boolean isBlockDevice(PciFunction function) {
        int number = function.device();
        return function.vendor() == VENDOR && (number == MODERN + TYPE_BLOCK || number == TRANSITIONAL_BLOCK);
    }

    /** Whether a function is a virtio network card. */
    public static boolean isNetworkCard(PciFunction function) {
        int number = function.device();
        return function.vendor() == VENDOR && (number == MODERN + TYPE_NETWORK || number == TRANSITIONAL_NETWORK);
    }

    /** The transport of a function; nothing if it has not the registers of a device that follows the standard. */
    public static Optional<PciTransport> of(Machine machine, PciFunction function) {
        function.enable();
        int notifyAt = find(function, TYPE_NOTIFY);
        Optional<DeviceRegisters> common = registers(machine, function, find(function, TYPE_COMMON));
        Optional<DeviceRegisters> notify = registers(machine, function, notifyAt);
        Optional<DeviceRegisters> device = registers(machine, function, find(function, TYPE_DEVICE));
        if (common.isEmpty() || notify.isEmpty() || device.isEmpty()) {
            return Optional.empty();
        }
        int multiplier = function.readInt(notifyAt + CAPABILITY_NOTIFY_MULTIPLIER);
        return Optional.of(new PciTransport(machine, function, common.get(), notify.get(), device.get(), multiplier));
    }

    private static int find(PciFunction function, int type) {
        int at = function.capability(VENDOR_SPECIFIC, 0);
        while (at != 0 && function.readByte(at + CAPABILITY_TYPE) != type) {
            at = function.capability(VENDOR_SPECIFIC, at);
        }
        return at;
    }

    private static Optional<DeviceRegisters> registers(Machine machine, PciFunction function, int capability) {
        if (capability == 0) {
            return Optional.empty();
        }
        long base = function.registers(function.readByte(capability + CAPABILITY_BAR));
        long offset = function.readInt(capability + CAPABILITY_OFFSET) & 0xffff_ffffL;
        int length = Math.clamp(function.readInt(capability + CAPABILITY_LENGTH) & 0xffff_ffffL, 0, MOST_BYTES);
        return base == 0 || length == 0
                ? Optional.empty()
                : Optional.of(machine.deviceRegisters(base + offset, length));
    }

    @Override
    public String place() {
        return function.toString();
    }

    @Override
    public DeviceRegisters configuration() {
        return device;
    }

    @Override
    protected int status() {
        return common.readByte(DEVICE_STATUS);
    }

    @Override
    protected void setStatus(int status) {
        common.writeByte(DEVICE_STATUS, status);
    }

    @Override
    protected long offeredFeatures() {
        common.writeInt(DEVICE_FEATURE_SELECT, 0);
        long low = common.readInt(DEVICE_FEATURE) & 0xffff_ffffL;
        common.writeInt(DEVICE_FEATURE_SELECT, 1);
        return low | (long) common.readInt(DEVICE_FEATURE) << Integer.SIZE;
    }

    @Override
    protected void acceptFeatures(long features) {
        common.writeInt(DRIVER_FEATURE_SELECT, 0);
        common.writeInt(DRIVER_FEATURE, (int) features);
        common.writeInt(DRIVER_FEATURE_SELECT, 1);
        common.writeInt(DRIVER_FEATURE, (int) (features >>> Integer.SIZE));
    }

    @Override
    public int queueSize(int queue) {
        if (queue >= MOST_QUEUES) {
            return 0;
        }
        common.writeShort(QUEUE_SELECT, queue);
        return common.readShort(QUEUE_SIZE);
    }

    @Override
    public int interrupts() {
        return messages.count();
    }

    @Override
    public boolean routeInterrupt(int interrupt, int cpu, int bit) {
        return messages.route(interrupt, cpu, bit);
    }

    @Override
    public boolean assignInterrupt(int queue, int interrupt) {
        common.writeShort(QUEUE_SELECT, queue);
        common.writeShort(QUEUE_MSIX_VECTOR, interrupt);
        return common.readShort(QUEUE_MSIX_VECTOR) != NO_VECTOR; // VIRTIO, 4.1.5.1.2: so a device refuses
    }

    @Override
    public boolean assignConfigurationInterrupt(int interrupt) {
        common.writeShort(CONFIG_MSIX_VECTOR, interrupt);
        return common.readShort(CONFIG_MSIX_VECTOR) != NO_VECTOR;
    }

    @Override
    public void enableQueue(int queue, SplitQueue memory) {
        common.writeShort(QUEUE_SELECT, queue);
        common.writeShort(QUEUE_SIZE, memory.size());
        common.writeLong(QUEUE_DESC, memory.descriptors());
        common.writeLong(QUEUE_DRIVER, memory.available());
        common.writeLong(QUEUE_DEVICE, memory.used());
        notifyOffsets[queue] = common.readShort(QUEUE_NOTIFY_OFF) * notifyMultiplier;
        common.writeShort(QUEUE_ENABLE, 1);
    }

    @Override
    public void notifyDevice(int queue) {
        notify.writeShort(notifyOffsets[queue], queue);
    }
}
