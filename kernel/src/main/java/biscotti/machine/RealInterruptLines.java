package biscotti.machine;

import java.util.Optional;

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

    @Override
    public Optional<InterruptMessage> message(int cpu, int bit) {
        long message = Shim.interruptMessage(cpu, bit);
        return message == 0
                ? Optional.empty()
                : Optional.of(new InterruptMessage((int) (message >>> Integer.SIZE), (int) message));
    }
}
