package biscotti.net;

/** Is told when a socket may have become ready for something. */
@FunctionalInterface
public interface ReadinessObserver {
    /** Whom nobody listens to: a connection that was not accepted yet. */
    ReadinessObserver NONE = events -> {};

    /**
     * Something has changed. Called on any thread, maybe with a socket's lock held: it takes spin locks only.
     *
     * @param events {@link biscotti.abi.Poll} events that may have come about
     */
    void changed(int events);
}
