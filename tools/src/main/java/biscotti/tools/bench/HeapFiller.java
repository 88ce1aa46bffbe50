package biscotti.tools.bench;

/**
 * A program for a JVM of its own: fills its heap with arrays of one size that all stay, and prints which part of the heap they
 * took when no more fitted.
 */
public final class HeapFiller {
    private static final int HEADER = 16;
    private static final int REFERENCE = Integer.getInteger("reference");

    private HeapFiller() {}

    /** Fills the heap with arrays of about as many bytes as the first argument says; the second is the heap's size in MB. */
    public static void main(String[] arguments) {
        int size = Integer.parseInt(arguments[0]);
        long heap = Long.parseLong(arguments[1]) << 20;
        Object[] none = new Object[0];
        Object[] last = none;
        long bytes = 0;
        try {
            while (true) {
                // A list through the first element: an array of references, as small kernel objects are.
                Object[] next = new Object[Math.max(1, (size - HEADER) / REFERENCE)];
                next[0] = last;
                last = next;
                bytes += size;
            }
        } catch (OutOfMemoryError full) {
            last = none; // makes room for what printing needs
            System.out.println((double) bytes / heap);
        }
    }
}
