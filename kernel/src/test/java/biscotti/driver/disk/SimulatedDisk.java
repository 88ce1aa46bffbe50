package biscotti.driver.disk;

import static biscotti.abi.Errno.EIO;

import biscotti.machine.PhysicalMemory;
import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A disk in a test's memory. It holds only what is not zero, so it may be said to have many terabytes. It can be told to end
 * requests in a random order, to fail at some sectors, and to remember what was written and flushed, so that a test can see each
 * state that a loss of power may leave.
 */
public final class SimulatedDisk extends QueuedDevice {
    private static final int CHUNK = 4096;

    /** What happened to the disk: sectors that were written, or a flush. */
    public sealed interface Event {}

    /**
     * Sectors that a request wrote.
     *
     * @param sector the first
     * @param bytes what was written
     * @param lasting whether it was lasting at once
     */
    public record Write(long sector, byte[] bytes, boolean lasting) implements Event {}

    /** All that was written before is lasting. */
    public record Flush() implements Event {}

    private final PhysicalMemory memory;
    private final int slots;
    private final InterruptThread server;
    /** What is not zero, in pieces, each of which never changes. */
    private final Map<Long, byte[]> content = new HashMap<>();

    private final List<BlockRequest> started = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final BitSet bad = new BitSet();
    private Random order;
    private boolean recording;
    private boolean stalled;
    private int served;

    /** An empty disk. */
    public SimulatedDisk(Scheduler scheduler, String name, long sectors, int slots) {
        super(name, 0x800, sectors, SECTOR_SIZE, false);
        this.memory = scheduler.machine().memory();
        this.slots = slots;
        this.server = new InterruptThread(scheduler, name, this::serve);
    }

    /** A disk with the content of a file. */
    public static SimulatedDisk of(Scheduler scheduler, Path image) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(scheduler, "sim", Files.size(image) >>> SECTOR_SHIFT, 32);
        disk.load(image);
        return disk;
    }

    /** Takes over the content of a file. */
    public void load(Path image) throws IOException {
        synchronized (this) {
            content.clear();
        }
        try (FileChannel file = FileChannel.open(image)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            for (long at = 0; file.read(chunk, at) > 0; at += CHUNK) {
                put(at, chunk.array(), 0, chunk.position());
                chunk.clear();
            }
        }
    }

    /** From now on, requests end in an order that a seed gives. */
    public synchronized void shuffle(long seed) {
        order = new Random(seed);
    }

    /** From now on, reads and writes of some sectors fail. */
    public synchronized void fail(long first, long last) {
        bad.set((int) first, (int) last + 1);
    }

    /** No sector fails any more. */
    public synchronized void mend() {
        bad.clear();
    }

    /** Lets requests wait, or go on. */
    public void stall(boolean waits) {
        synchronized (this) {
            stalled = waits;
        }
        server.raise();
    }

    /** From now on, what happens to the disk is remembered. */
    public synchronized void record() {
        recording = true;
    }

    /** What has happened since {@link #record}. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** How much has happened since {@link #record}. */
    public synchronized int eventCount() {
        return events.size();
    }

    /** How many requests it has that have not ended. */
    public synchronized int started() {
        return started.size();
    }

    /** How many requests have ended. */
    public synchronized int requestsServed() {
        return served;
    }

    @Override
    protected synchronized boolean start(BlockRequest request) {
        if (started.size() == slots) {
            return false;
        }
        started.add(request);
        server.raise();
        return true;
    }

    private void serve() {
        while (true) {
            BlockRequest request;
            int error;
            synchronized (this) {
                if (stalled || started.isEmpty()) {
                    return;
                }
                request = started.remove(order == null ? 0 : order.nextInt(started.size()));
                error = perform(request);
                served++;
            }
            request.end(error);
            slotFreed();
        }
    }

    private int perform(BlockRequest request) {
        if (request.operation() == BlockRequest.Operation.FLUSH) {
            note(new Flush());
            return 0;
        }
        int firstBad = bad.nextSetBit((int) Math.min(request.sector(), Integer.MAX_VALUE));
        if (firstBad >= 0 && firstBad < request.sector() + (request.bytes() >>> SECTOR_SHIFT)) {
            return -EIO;
        }
        byte[] bytes = new byte[request.bytes()];
        long place = request.sector() << SECTOR_SHIFT;
        boolean write = request.operation() == BlockRequest.Operation.WRITE;
        if (!write) {
            get(place, bytes);
        }
        int at = 0;
        for (int i = 0; i < request.segments(); i++) {
            if (write) {
                memory.copyOut(request.address(i), bytes, at, request.length(i));
            } else {
                memory.copyIn(request.address(i), bytes, at, request.length(i));
            }
            at += request.length(i);
        }
        if (write) {
            put(place, bytes, 0, bytes.length);
            note(new Write(request.sector(), bytes, request.forcesUnitAccess()));
        }
        return 0;
    }

    private void note(Event event) {
        if (recording) {
            events.add(event);
        }
    }

    /** Reads bytes, past all requests. */
    public synchronized void get(long place, byte[] into) {
        int at = 0;
        while (at < into.length) {
            int inside = (int) ((place + at) % CHUNK);
            int count = Math.min(CHUNK - inside, into.length - at);
            byte[] chunk = content.get((place + at) / CHUNK);
            if (chunk == null) {
                Arrays.fill(into, at, at + count, (byte) 0);
            } else {
                System.arraycopy(chunk, inside, into, at, count);
            }
            at += count;
        }
    }

    /** Writes bytes, past all requests. */
    public synchronized void put(long place, byte[] from, int offset, int length) {
        int at = 0;
        while (at < length) {
            int inside = (int) ((place + at) % CHUNK);
            int count = Math.min(CHUNK - inside, length - at);
            long number = (place + at) / CHUNK;
            byte[] before = content.get(number);
            if (before != null || !isZero(from, offset + at, count)) {
                byte[] chunk = before == null ? new byte[CHUNK] : before.clone(); // other disks may have it, too
                System.arraycopy(from, offset + at, chunk, inside, count);
                content.put(number, chunk);
            }
            at += count;
        }
    }

    private static boolean isZero(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes its content to a file, with holes where it has zeros: for e2fsck and debugfs. */
    public synchronized void save(Path image) throws IOException {
        try (FileChannel file = FileChannel.open(
                image, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (Map.Entry<Long, byte[]> chunk : content.entrySet()) {
                long place = chunk.getKey() * CHUNK;
                int length = (int) Math.min(CHUNK, bytes() - place);
                file.write(ByteBuffer.wrap(chunk.getValue(), 0, length), place);
            }
            if (file.size() < bytes()) {
                file.write(ByteBuffer.wrap(new byte[1]), bytes() - 1);
            }
        }
    }

    /** Takes over the content of another disk of the same size: to begin again from a state. */
    public void copyFrom(SimulatedDisk other) {
        Map<Long, byte[]> copy;
        synchronized (other) {
            copy = Map.copyOf(other.content);
        }
        synchronized (this) {
            content.clear();
            content.putAll(copy);
        }
    }
}
