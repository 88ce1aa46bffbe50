package biscotti.ext4;

import biscotti.abi.Latin1;

/** The name of an extended attribute as the disk has it: a number for how it begins, and the rest: "Extended Attributes". */
final class AttributeName {
    /** The number of {@code user.}. */
    static final int USER = 1;

    /** The number of {@code trusted.}. */
    static final int TRUSTED = 4;

    private static final int SECURITY = 6;
    private static final int NONE = 0;

    /** How it begins. */
    final int index;

    /** What follows. */
    final byte[] rest;

    AttributeName(String name) {
        index = indexOf(name);
        rest = Latin1.bytes(name.substring(prefix(index).length()));
    }

    private static int indexOf(String name) {
        if (name.startsWith("user.")) {
            return USER;
        }
        if (name.startsWith("trusted.")) {
            return TRUSTED;
        }
        return name.startsWith("security.") ? SECURITY : NONE;
    }

    /**
     * What a number stands for; empty for those that this kernel does not show: access control lists, which nothing here goes by, and what other kernels have
     * for themselves.
     */
    static String prefix(int index) {
        return switch (index) {
            case USER -> "user.";
            case TRUSTED -> "trusted.";
            case SECURITY -> "security.";
            default -> "";
        };
    }

    /** Whether a file may have it. */
    boolean isKnown() {
        return index != NONE;
    }
}
