package biscotti.ext4;

/**
 * The hashes of names by which large directories are ordered: "Hash Tree Directories". Each is 64 bits: the upper half, whose lowest bit is 0,
 * is what the index has, the lower half orders those that are the same there.
 */
final class NameHash {
    /** Versions of "Directory Hash Version" in the superblock and in an index's root; those for unsigned bytes follow. */
    static final int LEGACY = 0;

    static final int HALF_MD4 = 1;
    static final int TEA = 2;
    private static final int KNOWN = 3;

    /** The upper half is never this: it stands behind all names. */
    private static final int END = 0xfffffffe;

    private static final int MD4_BYTES = 32;
    private static final int TEA_BYTES = 16;
    private static final int MD4_SECOND = 0x5a827999;
    private static final int MD4_THIRD = 0x6ed9eba1;
    private static final int TEA_DELTA = 0x9e3779b9;
    private static final int TEA_ROUNDS = 16;

    /** What is mixed: in each round of the half MD4, these words in this order, rotated by these counts. */
    private static final int[] WORDS = {0, 1, 2, 3, 4, 5, 6, 7, 1, 3, 5, 7, 0, 2, 4, 6, 3, 7, 2, 6, 1, 5, 0, 4};

    private static final int[] ROTATIONS = {3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15};

    private final int[] seed;
    private final boolean unsigned;

    /**
     * Hashes as a file system does.
     *
     * @param seed four words; all zero for the usual ones
     * @param unsigned whether bytes above 127 count as such: so it was where the file system was made
     */
    NameHash(int[] seed, boolean unsigned) {
        boolean given = (seed[0] | seed[1] | seed[2] | seed[3]) != 0;
        this.seed = given ? seed.clone() : new int[] {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
        this.unsigned = unsigned;
    }

    /** Whether an index may have a version. */
    static boolean isKnown(int version) {
        return version >= 0 && version < 2 * KNOWN;
    }

    /** The hash of a name: the first bytes of an array. The version is a known one. */
    long of(int version, byte[] name, int length) {
        boolean asUnsigned = unsigned || version >= KNOWN;
        long hash = switch (version % KNOWN) {
            case HALF_MD4 -> halfMd4(name, length, asUnsigned);
            case TEA -> tea(name, length, asUnsigned);
            default -> (long) legacy(name, length, asUnsigned) << Integer.SIZE;
        };
        int upper = upper(hash) & ~1;
        return pair(upper == END ? END - 2 : upper, (int) hash);
    }

    /** What the index has of a hash. */
    static int upper(long hash) {
        return (int) (hash >>> Integer.SIZE);
    }

    /** A hash as a number that is never negative, in the same order. */
    static long order(long hash) {
        return hash >>> Integer.SIZE + 1 << Integer.SIZE | hash & 0xffffffffL;
    }

    private static long pair(int upper, int lower) {
        return (long) upper << Integer.SIZE | Integer.toUnsignedLong(lower);
    }

    private static int legacy(byte[] name, int length, boolean unsigned) {
        int before = 0x37abe8f9;
        int last = 0x12a3fe2d;
        for (int i = 0; i < length; i++) {
            int hash = before + (last ^ value(name[i], unsigned) * 7152373);
            if (hash < 0) {
                hash -= 0x7fffffff;
            }
            before = last;
            last = hash;
        }
        return last << 1;
    }

    private static int value(byte one, boolean unsigned) {
        return unsigned ? Byte.toUnsignedInt(one) : one;
    }

    /** Packs a piece of a name into words; what is missing is filled with the length of what is left. */
    private static void pack(byte[] name, int length, int from, int[] words, boolean unsigned) {
        int left = length - from;
        int fill = left | left << Byte.SIZE;
        fill |= fill << Short.SIZE;
        int at = from;
        for (int i = 0; i < words.length; i++) {
            int word = fill;
            for (int end = Math.min(at + Integer.BYTES, length); at < end; at++) {
                word = value(name[at], unsigned) + (word << Byte.SIZE);
            }
            words[i] = word;
        }
    }

    private long halfMd4(byte[] name, int length, boolean unsigned) {
        int[] words = new int[MD4_BYTES / Integer.BYTES];
        int[] state = seed.clone();
        for (int at = 0; at < length; at += MD4_BYTES) {
            pack(name, length, at, words, unsigned);
            mixHalfMd4(state, words);
        }
        return pair(state[1], state[2]);
    }

    /** Three rounds of eight steps; after each step the four change places. */
    private static void mixHalfMd4(int[] state, int[] words) {
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        for (int step = 0; step < WORDS.length; step++) {
            int word = words[WORDS[step]];
            int round = step / words.length;
            int sum = a
                    + switch (round) {
                        case 0 -> (d ^ b & (c ^ d)) + word;
                        case 1 -> (b & c) + ((b ^ c) & d) + word + MD4_SECOND;
                        default -> (b ^ c ^ d) + word + MD4_THIRD;
                    };
            a = d;
            d = c;
            c = b;
            b = Integer.rotateLeft(sum, ROTATIONS[round << 2 | step & 3]);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    private long tea(byte[] name, int length, boolean unsigned) {
        int[] words = new int[TEA_BYTES / Integer.BYTES];
        int first = seed[0];
        int second = seed[1];
        for (int at = 0; at < length; at += TEA_BYTES) {
            pack(name, length, at, words, unsigned);
            int x = first;
            int y = second;
            int sum = 0;
            for (int round = 0; round < TEA_ROUNDS; round++) {
                sum += TEA_DELTA;
                x += (y << 4) + words[0] ^ y + sum ^ (y >>> 5) + words[1];
                y += (x << 4) + words[2] ^ x + sum ^ (x >>> 5) + words[3];
            }
            first += x;
            second += y;
        }
        return pair(first, second);
    }
}
