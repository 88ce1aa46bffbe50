/**
 * The Internet Protocol, version 4 (RFC 791): interfaces, routes, neighbours, ICMP, and what transports above it stand on:
 * {@link biscotti.net.ip.IpOutput} to send by, {@link biscotti.net.ip.Transport} to be called by. Addresses are {@code int}s, the
 * first byte highest: 127.0.0.1 is {@code 0x7f000001}.
 */
package biscotti.net.ip;
