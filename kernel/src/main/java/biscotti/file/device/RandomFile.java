package biscotti.file.device;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.machine.Entropy;

/** /dev/random or /dev/urandom, opened. What is written to it is not mixed in: the machine's entropy is good enough. */
final class RandomFile extends EndlessFile {
    private static final int CHUNK = 512;

    private final Entropy entropy;

    RandomFile(Place place, int flags, Entropy entropy) {
        super(place, flags);
        this.entropy = entropy;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        byte[] chunk = new byte[CHUNK];
        long done = 0;
        while (to.remaining() > 0) {
            int part = (int) Math.min(to.remaining(), CHUNK);
            entropy.fill(chunk, 0, part);
            int error = to.put(chunk, 0, part);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            done += part;
        }
        return done;
    }
}
