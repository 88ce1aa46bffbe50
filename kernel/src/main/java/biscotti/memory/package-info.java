/**
 * Memory: physical frames and their reference counts, page tables, address spaces, page faults, copy-on-write, and copies
 * between the kernel and user memory.
 *
 * <p>Everything that there is one of for each frame or page lives in physical memory: reference counts in the
 * {@link biscotti.memory.FrameAllocator}'s table, mappings in page tables. On the Java heap there is one small
 * {@link biscotti.memory.Region} for each mapping, and an {@link biscotti.memory.AddressSpace} for each process.
 *
 * <p>A frame has as many references as there are page-table entries and other owners that hold it; whoever gets a frame
 * from a method owns one reference to it, unless the method says otherwise.
 *
 * <p>Locks: an address space's lock comes before a page source's own locks, and no address space's lock is held while
 * another's is taken. The frame allocator's lock comes last.
 */
package biscotti.memory;
