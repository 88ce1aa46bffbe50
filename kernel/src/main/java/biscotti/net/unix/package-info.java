/**
 * Sockets within the machine: unix(7).
 *
 * <p>Each socket has a {@link biscotti.net.unix.MessageQueue} of what it has received; a send puts its message there at once, and its
 * bytes go into frames. The two ends of a connection have one lock for both; a datagram socket has its own, which its senders take.
 * So no thread ever holds the locks of two sockets. What a message charges its sender's buffer, it gives back when it was received.
 * Files on their way are counted in {@link biscotti.net.unix.Flights}, which also finds sockets that only wait in each other's queues.
 */
package biscotti.net.unix;
