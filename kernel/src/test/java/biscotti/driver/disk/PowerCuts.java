package biscotti.driver.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The states that a loss of power may leave a disk in: all that was flushed before is there; of each later write all, nothing, or some of its
 * sectors.
 */
public final class PowerCuts {
    private static final int SECTOR = 512;

    private final SimulatedDisk lasting;
    private final SimulatedDisk crashed;
    private final List<SimulatedDisk.Event> events;
    private final Random random;
    private final List<SimulatedDisk.Write> loose = new ArrayList<>();
    private Whole whole = new Whole(-1, 0);

    private record Whole(long place, int bytes) {
        boolean beginsAt(long at) {
            return at == place;
        }
    }

    /** What a test does with each state. */
    public interface Judge {
        /**
         * Looks at a state.
         *
         * @param crashed the disk; it may be changed
         * @param event how many events came before the power failed
         */
        void judge(SimulatedDisk crashed, int event) throws Exception;
    }

    /**
     * Cuts in a history.
     *
     * @param lasting the disk before it; it is changed
     * @param crashed another disk of the same size
     */
    public PowerCuts(SimulatedDisk lasting, SimulatedDisk crashed, List<SimulatedDisk.Event> events, Random random) {
        this.lasting = lasting;
        this.crashed = crashed;
        this.events = events;
        this.random = random;
    }

    /** Some bytes at a place are written as a whole, or not at all. */
    public PowerCuts neverTearing(long place, int bytes) {
        whole = new Whole(place, bytes);
        return this;
    }

    /** Has about so many states judged, cut at events in equal shares, and the one at the end. */
    public void judge(int states, Judge judge) throws Exception {
        double share = (double) states / events.size();
        for (int event = 0; event < events.size(); event++) {
            int cuts = (int) (share + random.nextDouble());
            for (int i = 0; i < cuts; i++) {
                cut(event, judge);
            }
            happen(events.get(event));
        }
        cut(events.size(), judge);
    }

    private void cut(int event, Judge judge) throws Exception {
        crashed.copyFrom(lasting);
        for (SimulatedDisk.Write write : loose) {
            applyPart(write);
        }
        judge.judge(crashed, event);
    }

    private void happen(SimulatedDisk.Event event) {
        switch (event) {
            case SimulatedDisk.Write write when write.lasting() -> apply(write);
            case SimulatedDisk.Write write -> loose.add(write);
            case SimulatedDisk.Flush _ -> {
                loose.forEach(this::apply);
                loose.clear();
            }
        }
    }

    private void apply(SimulatedDisk.Write write) {
        lasting.put(write.sector() << 9, write.bytes(), 0, write.bytes().length);
    }

    private void applyPart(SimulatedDisk.Write write) {
        int kind = random.nextInt(3);
        int length;
        for (int at = 0; at < write.bytes().length; at += length) {
            long place = (write.sector() << 9) + at;
            length = whole.beginsAt(place) ? whole.bytes : SECTOR;
            if (kind == 0 || kind == 1 && random.nextBoolean()) {
                crashed.put(place, write.bytes(), at, length);
            }
        }
    }
}
