/** Biscuit's experiment: programs that take all the kernel has, beside programs that behave. */
package biscotti.tools.hogs;
