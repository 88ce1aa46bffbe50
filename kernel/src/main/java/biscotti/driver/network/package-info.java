/**
 * What network cards and the protocols above them have in common: packets, which lie off the heap, the pool that they come from, the
 * checksum of the Internet's protocols, and what a card can do.
 */
package biscotti.driver.network;
