package biscotti.net.ip;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** All network interfaces, found at boot. Looking takes no lock. */
public final class Interfaces {
    /** The most interfaces. */
    private static final int MOST = 16;

    private final AtomicReferenceArray<NetworkInterface> all = new AtomicReferenceArray<>(MOST);
    private volatile int count;

    Interfaces() {}

    /** The index of the next one. */
    int nextIndex() {
        return count + 1;
    }

    /** Whether there can be another one. */
    boolean hasRoom() {
        return count < MOST;
    }

    /** Adds one; at boot, by one thread. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread at boot
    void add(NetworkInterface added) {
        all.set(count, added);
        count = count + 1;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** One of them, from 0 on. */
    public NetworkInterface at(int position) {
        return all.get(position);
    }

    /** The one with an index. */
    public Optional<NetworkInterface> withIndex(int index) {
        return index >= 1 && index <= count ? Optional.of(all.get(index - 1)) : Optional.empty();
    }

    /** The one with a name. */
    public Optional<NetworkInterface> named(String name) {
        for (int i = 0; i < count; i++) {
            if (all.get(i).name().equals(name)) {
                return Optional.of(all.get(i));
            }
        }
        return Optional.empty();
    }

    /** Whether one of them has an address. */
    boolean hasAddress(int address) {
        for (int i = 0; i < count && address != InternetAddress.ANY; i++) {
            if (all.get(i).address() == address) {
                return true;
            }
        }
        return false;
    }

    /** Whether an address is for all on the link of one of them. */
    boolean isBroadcast(int address) {
        for (int i = 0; i < count; i++) {
            if (all.get(i).isBroadcast(address)) {
                return true;
            }
        }
        return false;
    }
}
