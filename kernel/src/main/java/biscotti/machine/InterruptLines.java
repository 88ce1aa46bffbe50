package biscotti.machine;

import java.util.Optional;

/**
 * How devices interrupt: by the inputs of the I/O interrupt controllers, named by their global system interrupt number (ACPI
 * GSI), or by messages.
 */
public abstract class InterruptLines {
    /** For subclasses. */
    protected InterruptLines() {}

    /**
     * From now on, an interrupt on the line sets a pending bit of a CPU and wakes its carrier.
     *
     * @param line the global system interrupt; ISA interrupts 1 and 3..15 have their own numbers
     * @param cpu the CPU that gets it
     * @param bit the pending bit, 0..63
     * @param level true for a level-triggered line: it is masked from each interrupt until {@link #enable}
     */
    public abstract void route(int line, int cpu, int bit, boolean level);

    /** Lets a level-triggered line interrupt again, after its device was served. */
    public abstract void enable(int line);

    /**
     * Takes a message for a device, for ever, which sets a pending bit of a CPU and wakes its carrier.
     *
     * @return the message, or nothing if none is left
     */
    public abstract Optional<InterruptMessage> message(int cpu, int bit);
}
