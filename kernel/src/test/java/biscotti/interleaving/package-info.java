/**
 * Runs a few kernel threads in every order that can make a difference, to show that none of them loses a wake-up.
 *
 * <p>{@link biscotti.interleaving.InterleavingLoader} loads the scheduler's classes with a point before each access that other
 * threads may see: volatile fields, {@code VarHandle}s, locks, park and unpark. At a point the virtual thread gives way to the
 * {@link biscotti.interleaving.Explorer}, which runs all of them on one platform thread, in another order each time. Of orders
 * that differ only in steps that do not touch the same object it tries one (sleep sets: Godefroid, "Partial-Order Methods for
 * the Verification of Concurrent Systems", 1996). Memory is sequentially consistent here: what a weaker order of reads and
 * writes could do is not shown.
 */
package biscotti.interleaving;
