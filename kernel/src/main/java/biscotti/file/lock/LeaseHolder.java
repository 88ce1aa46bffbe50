package biscotti.file.lock;

/** An open file description that may have a lease. */
public interface LeaseHolder {
    /** Somebody waits for the lease: its holder is to be told. Locks are held. */
    void leaseBreaks();

    /** The lease is over: nobody is chosen to hear of it any more. Locks are held. */
    void leaseEnds();
}
