package biscotti.machine;

/** The interrupt lines, through the shim. */
final class RealInterruptLines extends InterruptLines {
    @Override
    public void route(int line, int cpu, int bit, boolean level) {
        Shim.interruptRoute(line, cpu, bit, level ? 1 : 0);
    }

    @Override
    public void enable(int line) {
        Shim.interruptEnable(line);
    }
}
