package biscotti.driver.network;

/**
 * What a card can do.
 *
 * @param queues how many queues it sends and receives by: each CPU uses its own, CPUs that are more share
 * @param checksum whether it fills in checksums that are left to it
 * @param segmentation whether it makes segments of TCP over IPv4
 * @param segmentation6 whether it makes segments of TCP over IPv6
 * @param mostMtu the most bytes that a packet may have behind its Ethernet header
 * @param mostPieces the most pieces of memory of a packet to send
 */
public record CardFeatures(
        int queues, boolean checksum, boolean segmentation, boolean segmentation6, int mostMtu, int mostPieces) {}
