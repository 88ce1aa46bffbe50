package biscotti.bounded;

/** Hashes texts with a secret, so that nobody who chooses names can choose many with the same hash. */
public final class TextHash implements Hash<String> {
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;
    private static final int TURN = 29;

    private final long secret;

    /** A hash by a random secret. */
    public TextHash(long secret) {
        this.secret = secret;
    }

    @Override
    public int of(String text) {
        long state = secret ^ text.length();
        for (int i = 0; i < text.length(); i++) {
            state = Long.rotateLeft((state ^ text.charAt(i)) * MULTIPLIER, TURN) + secret;
        }
        return (int) (state * MULTIPLIER >>> Integer.SIZE);
    }
}
