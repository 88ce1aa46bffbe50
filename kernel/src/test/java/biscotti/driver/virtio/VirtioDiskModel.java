package biscotti.driver.virtio;

import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.driver.virtio.VirtioRegistersModel.Chain;
import biscotti.driver.virtio.VirtioRegistersModel.Queue;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayDeque;
import java.util.List;

/** A virtio disk on PCI (VIRTIO 1.2, 4.1 and 5.2), which checks its driver. */
public final class VirtioDiskModel extends DiskModel implements VirtioRegistersModel.Device {
    private static final int TYPE = 2;
    private static final int CLASS = 0x018000;

    private static final long FLUSH = 1L << 9;
    private static final long SEG_MAX = 1L << 2;
    private static final long BLK_SIZE = 1L << 6;

    private final VirtioRegistersModel registers;
    private final PhysicalMemory memory;
    private final int mostSegments;

    /** A disk with or without a cache and tables of descriptors. */
    public VirtioDiskModel(
            SimulatedMachine machine, int sectors, boolean cache, boolean indirect, int queueSize, int mostSegments) {
        super(machine, sectors);
        this.memory = machine.memory();
        this.mostSegments = mostSegments;
        long features = BLK_SIZE
                | (cache ? FLUSH : 0)
                | (indirect ? VirtioRegistersModel.INDIRECT : 0)
                | (mostSegments > 1 ? SEG_MAX : 0);
        registers = new VirtioRegistersModel(machine, TYPE, CLASS, features, 1, queueSize, this);
    }

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return registers.function();
    }

    @Override
    public int configuration(int offset, int bytes) {
        return switch (offset) {
            case 0 -> sectors();
            case 12 -> mostSegments;
            case 20 -> SECTOR;
            default -> 0;
        };
    }

    @Override
    public void reset() {
        forget();
    }

    @Override
    public void check(boolean kept, String rule) {
        rule(kept, rule);
    }

    @Override
    public void notified(int number) {
        Queue queue = registers.queue(number);
        while (queue.hasNext()) {
            Chain chain = queue.next();
            accept(() -> perform(queue, chain));
        }
    }

    private void perform(Queue queue, Chain chain) {
        function().checkMaster();
        memory.writeByte(chain.pieces().getLast().address(), (byte) request(chain.pieces()));
        queue.use(chain, 1);
        queue.publish();
    }

    private int request(List<VirtioRegistersModel.Piece> all) {
        VirtioRegistersModel.Piece header = all.getFirst();
        VirtioRegistersModel.Piece status = all.getLast();
        rule(header.length() == 16 && !header.writable(), "a request begins with its header");
        rule(all.size() > 1 && status.length() == 1 && status.writable(), "a request ends with its status");
        List<VirtioRegistersModel.Piece> data = all.subList(1, all.size() - 1);
        rule(data.size() <= Math.max(mostSegments, 1), "more pieces than the device takes");
        int type = memory.readInt(header.address());
        long sector = memory.readLong(header.address() + 8);
        rule(data.stream().allMatch(each -> each.writable() == (type == 0)), "the direction of a piece");
        ArrayDeque<Piece> pieces = new ArrayDeque<>();
        data.forEach(each -> pieces.add(new Piece(each.address(), each.length())));
        boolean cached = (registers.accepted() & FLUSH) != 0;
        return switch (type) {
            case 0 -> move(false, false, sector, pieces) ? 0 : 1;
            case 1 -> move(true, !cached, sector, pieces) ? 0 : 1;
            case 4 -> {
                rule(cached, "a flush, which was not agreed upon");
                flush();
                yield 0;
            }
            default -> 2;
        };
    }
}
