package biscotti.machine;

/** The translation caches, through the shim. */
final class RealTlb extends Tlb {
    @Override
    public void flush(long cpus, long address, long pages) {
        Shim.tlbFlush(cpus, address, pages);
    }

    @Override
    public void leaveUserRoot() {
        Shim.userRootLeave();
    }
}
