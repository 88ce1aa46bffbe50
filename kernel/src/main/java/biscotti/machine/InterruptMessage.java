package biscotti.machine;

/**
 * A message-signalled interrupt (PCI 3.0, section 6.8): a device interrupts by writing {@code data} to {@code address}.
 *
 * @param address where to
 * @param data what
 */
public record InterruptMessage(int address, int data) {}
