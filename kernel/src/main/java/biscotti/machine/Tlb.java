package biscotti.machine;

/** The translation look-aside buffers. */
public abstract class Tlb {
    /** For subclasses. */
    protected Tlb() {}

    /**
     * Makes CPUs forget translations; on return all of them have. Interrupts and the collector go on meanwhile.
     *
     * @param cpus a bit for each CPU
     * @param address the first virtual address
     * @param pages how many pages from there; 0 for all user translations
     */
    public abstract void flush(long cpus, long address, long pages);

    /**
     * Loads the kernel's own page tables on this CPU, so that the user page tables loaded last may be freed. Before page
     * tables are freed, each CPU that ever ran them must have loaded others, or done this.
     */
    public abstract void leaveUserRoot();
}
