package biscotti.process.futex;

import static biscotti.abi.Errno.ENOSYS;

import biscotti.memory.UserMemory;

/** The change and the comparison of FUTEX_WAKE_OP, encoded in one int (futex(2)). */
final class FutexOperation {
    private static final int SHIFTED_ARGUMENT = 8;

    private FutexOperation() {}

    private static int argument(int operation) {
        int argument = operation << 8 >> 20;
        boolean shifted = (operation >>> 28 & SHIFTED_ARGUMENT) != 0;
        return shifted ? 1 << (argument & 31) : argument;
    }

    /** Changes the word atomically; its old value as an unsigned number, or a negative errno. */
    static long apply(UserMemory memory, long address, int operation) {
        int argument = argument(operation);
        while (true) {
            long word = memory.readInt(address);
            if (word < 0) {
                return word;
            }
            int old = (int) word;
            int changed;
            switch (operation >>> 28 & ~SHIFTED_ARGUMENT) {
                case 0 -> changed = argument;
                case 1 -> changed = old + argument;
                case 2 -> changed = old | argument;
                case 3 -> changed = old & ~argument;
                case 4 -> changed = old ^ argument;
                default -> {
                    return -ENOSYS;
                }
            }
            int done = memory.compareAndSetInt(address, old, changed);
            if (done != 0) {
                return done < 0 ? done : word;
            }
        }
    }

    /** Whether the old value is as compared: 1 or 0; -ENOSYS if there is no such comparison. */
    static int holds(int operation, int old) {
        int argument = operation << 20 >> 20;
        return switch (operation >>> 24 & 15) {
            case 0 -> old == argument ? 1 : 0;
            case 1 -> old != argument ? 1 : 0;
            case 2 -> old < argument ? 1 : 0;
            case 3 -> old <= argument ? 1 : 0;
            case 4 -> old > argument ? 1 : 0;
            case 5 -> old >= argument ? 1 : 0;
            default -> -ENOSYS;
        };
    }
}
