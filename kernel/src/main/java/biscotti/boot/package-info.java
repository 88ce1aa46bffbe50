/** From {@code main} to the first process, and from its end to the machine's. */
package biscotti.boot;
