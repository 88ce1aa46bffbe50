package biscotti.driver.network;

/**
 * Packets that nobody has got, as a card counts them.
 *
 * @param missed came while no packet was free to receive into
 * @param damaged were received with an error
 * @param unsent could not be sent
 */
public record CardCounters(long missed, long damaged, long unsent) {}
