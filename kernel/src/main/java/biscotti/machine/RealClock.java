package biscotti.machine;

/** The clocks: the JVM's own nanosecond clock is the shim's monotonic one, and costs no downcall. */
final class RealClock extends Clock {
    private final long tscBase = Shim.TABLE.get("tsc_base");
    private final long tscMultiplier = Shim.TABLE.get("tsc_multiplier");

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long tscBase() {
        return tscBase;
    }

    @Override
    public long tscMultiplier() {
        return tscMultiplier;
    }
}
