/**
 * What keeps the kernel's heap within bounds: annotations that the analyser behind {@code ./biscotti bounds} checks, and
 * collections that never hold more than they were made for.
 */
package biscotti.bounded;
