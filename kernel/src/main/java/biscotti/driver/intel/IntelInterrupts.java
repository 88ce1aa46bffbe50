package biscotti.driver.intel;

import biscotti.driver.network.CardQueue;
import biscotti.driver.pci.PciFunction;
import biscotti.driver.pci.PciMessages;
import biscotti.machine.InterruptLines;
import biscotti.machine.Machine;

/** The interrupts of a card: a message for each queue and one for the link, or a line for all. */
final class IntelInterrupts implements CardQueue.Interrupts {
    private final IntelChip chip;
    private final PciFunction function;
    private final PciMessages messages;
    private final InterruptLines lines;

    /** Whether the card has too few messages, and shares its line. */
    private final boolean byLine;

    private Runnable linkWatch = IntelInterrupts::nobody;

    IntelInterrupts(Machine machine, PciFunction function, IntelChip chip) {
        this.chip = chip;
        this.function = function;
        this.messages = new PciMessages(machine, function);
        this.lines = machine.interruptLines();
        this.byLine = messages.count() < 2;
    }

    private static void nobody() {}

    /** How many queues can have one of their own. */
    int mostQueues() {
        return Math.max(messages.count() - 1, 1);
    }

    /** Who looks at the link when a queue's interrupt may have told of it. */
    void setLinkWatch(Runnable watch) {
        linkWatch = watch;
    }

    /** Has a queue's interrupt set a pending bit; false if that is not possible. */
    boolean route(int queue, int cpu, int bit) {
        if (!byLine) {
            return messages.route(queue, cpu, bit);
        }
        int line = function.enableInterruptLine();
        if (line == 0) {
            return false;
        }
        lines.route(line, cpu, bit, true);
        return true;
    }

    /** Has the link's interrupt, which is behind those of so many queues, set a pending bit. */
    boolean routeLink(int queues, int bit) {
        return byLine || messages.route(queues, 0, bit);
    }

    @Override
    public void mask(int queue) {
        if (chip.mask(queue)) {
            linkWatch.run();
        }
    }

    @Override
    public boolean unmask(int queue) {
        chip.unmask(queue);
        if (byLine) {
            lines.enable(function.interruptLine());
        }
        return false; // what came meanwhile is a cause, which interrupts now
    }
}
