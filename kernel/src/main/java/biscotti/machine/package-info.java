/**
 * The boundary between the kernel and the machine: all access to raw memory and every call into the shim lives here, and
 * nowhere else.
 *
 * <p>{@link biscotti.machine.Machine} is the root. There are two machines: the real one over the shim, and a simulated one
 * for tests. The parts are abstract classes and not interfaces, because a running kernel loads one subclass of each only,
 * and HotSpot then turns their calls into direct ones.
 */
package biscotti.machine;
