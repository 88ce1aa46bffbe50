/** UDP (RFC 768, udp(7)): {@link biscotti.net.udp.Udp} knows the ports, {@link biscotti.net.udp.UdpSocket} sends and receives datagrams. */
package biscotti.net.udp;
