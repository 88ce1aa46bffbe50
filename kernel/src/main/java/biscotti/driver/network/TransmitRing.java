package biscotti.driver.network;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EMSGSIZE;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * Packets on their way out by one queue of a card. The packets that the card has sent are released when the next are given to it, and when it
 * interrupts.
 */
public abstract class TransmitRing {
    /** Guards the ring. */
    private final RankedLock lock = new RankedLock(LockRank.DEVICE);

    private final int mostPieces;

    /** Whether somebody was told that the ring is full. */
    private boolean wanted;

    /** Whether the card has not been told of all packets yet. */
    private boolean untold;

    private long unsent;

    /** A ring for packets of so many pieces; those of more are copied if they fit into their head. */
    protected TransmitRing(int mostPieces) {
        this.mostPieces = mostPieces;
    }

    /** Whether the ring has room for a packet. The lock is held, as in all that follows. */
    protected abstract boolean fits(Packet packet);

    /** Puts a packet, for which there is room, into the ring. */
    protected abstract void put(Packet packet);

    /** Tells the card of all that was put there. */
    protected abstract void tell();

    /** Takes a packet that the card has done with; {@link Packet#NONE} if there is none. */
    protected abstract Packet takeSent();

    /** See {@link NetworkCard#send}. */
    public final int send(Packet packet, boolean more) {
        lock.lock();
        try {
            if (packet.pieces() > mostPieces && !packet.gather(packet.length())
                    || packet.headRoom() < NetworkCard.HEAD_ROOM) {
                unsent++;
                return -EMSGSIZE;
            }
            releaseSent();
            boolean fits = fits(packet);
            if (fits) {
                put(packet);
                untold = true;
            }
            wanted |= !fits;
            if (untold && !(more && fits)) {
                untold = false;
                tell();
            }
            return fits ? 0 : -EAGAIN;
        } finally {
            lock.unlock();
        }
    }

    /** Releases the packets that have been sent; says whether somebody waits for the room. */
    final boolean reclaim() {
        lock.lock();
        try {
            boolean released = releaseSent();
            boolean tells = wanted && released;
            wanted &= !released;
            return tells;
        } finally {
            lock.unlock();
        }
    }

    private boolean releaseSent() {
        Packet sent = takeSent();
        boolean any = !sent.isNone();
        while (!sent.isNone()) {
            sent.release();
            sent = takeSent();
        }
        return any;
    }

    /** How many packets could not be sent. */
    public final long unsent() {
        return unsent;
    }
}
