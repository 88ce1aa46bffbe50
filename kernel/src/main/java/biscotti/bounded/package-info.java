/**
 * What keeps the kernel's heap within bounds: annotations that the heap-bound analyser ({@code ./biscotti bounds}) checks, and
 * collections of fixed capacity. Those report being full as a value; no change of one allocates more than a small constant, and
 * no object in them is larger than 64 KB.
 */
package biscotti.bounded;
