package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.machine.PhysicalMemory;

/** The mount options of a tmpfs: tmpfs(5). Those that were given last count. */
final class TmpOptions {
    /** What an option was not given. */
    static final long UNSET = -1;

    private static final int PERMISSIONS = 07777;
    private static final int PERCENT = 100;
    private static final int DECIMAL = 10;
    private static final int OCTAL = 8;
    private static final int HEXADECIMAL = 16;
    private static final int KILO_SHIFT = 10;

    /** Frames that files may have, 0 for all there are. */
    long frames = UNSET;

    /** Files and names that there may be, 0 for any number. */
    long names = UNSET;

    /** Permissions of the root. */
    long mode = UNSET;

    /** Owner of the root. */
    long user = UNSET;

    /** Group of the root. */
    long group = UNSET;

    /** When huge pages are used: kept, and there are none. */
    String huge = "";

    /** From which nodes memory comes: kept, and there is but one. */
    String policy = "";

    /** Whether numbers of files have 32 bits: kept, as none gets so far. */
    boolean narrow;

    private final long allFrames;
    private String text = "";
    private int at;
    private int end;

    /** No options, on a machine with this many frames. */
    TmpOptions(long allFrames) {
        this.allFrames = allFrames;
    }

    /**
     * Reads options with commas between.
     *
     * @return 0, or -EINVAL for what is none
     */
    int parse(String options) {
        text = options;
        int from = 0;
        while (from < options.length()) {
            int next = from;
            // A comma before a digit is part of a list of nodes.
            do {
                int comma = options.indexOf(',', next);
                next = comma < 0 ? options.length() : comma + 1;
            } while (next < options.length() && isDigit(options.charAt(next)));
            end = next < options.length() || options.charAt(options.length() - 1) == ',' ? next - 1 : next;
            at = from;
            if (at < end && !option()) {
                return -EINVAL;
            }
            from = next;
        }
        return 0;
    }

    /** Whether there is an option of a name that takes a value. */
    static boolean takesValue(String name) {
        return switch (name) {
            case "size", "nr_blocks", "nr_inodes", "mode", "uid", "gid", "huge", "mpol" -> true;
            default -> false;
        };
    }

    /** Whether there is an option of a name that takes no value. */
    static boolean isFlag(String name) {
        return name.equals("inode32") || name.equals("inode64");
    }

    /** Whether an option can have a value. */
    boolean accepts(String name, String value) {
        text = name + "=" + value;
        end = text.length();
        return !value.isEmpty() && option();
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }

    private boolean is(String name) {
        boolean starts = text.startsWith(name, at) && at + name.length() <= end;
        boolean whole = starts && (name.charAt(name.length() - 1) == '=' || at + name.length() == end);
        at = whole ? at + name.length() : at;
        return whole;
    }

    private boolean option() {
        if (is("size=")) {
            frames = size();
            return frames >= 0;
        }
        if (is("nr_blocks=")) {
            frames = scaled();
            return frames >= 0 && at == end;
        }
        if (is("nr_inodes=")) {
            names = scaled();
            return names >= 0 && at == end;
        }
        if (is("mode=")) {
            mode = number(OCTAL);
            boolean good = mode >= 0 && at == end;
            mode &= PERMISSIONS;
            return good;
        }
        if (is("uid=")) {
            user = number(DECIMAL);
            return isId(user);
        }
        if (is("gid=")) {
            group = number(DECIMAL);
            return isId(group);
        }
        if (is("inode32") || is("inode64")) {
            narrow = text.startsWith("32", at - 2);
            return true;
        }
        return is("huge=") ? setHuge() : is("mpol=") && setPolicy();
    }

    private boolean isId(long id) {
        return id >= 0 && id < 0xffff_ffffL && at == end;
    }

    private boolean setHuge() {
        boolean never = is("never");
        huge = never ? "" : is("always") ? "always" : is("within_size") ? "within_size" : is("advise") ? "advise" : "?";
        return !huge.equals("?");
    }

    private boolean setPolicy() {
        policy = is("default")
                ? ""
                : is("local") ? "local" : is("bind:0") ? "bind:0" : is("interleave:0") ? "interleave:0" : "?";
        return !policy.equals("?");
    }

    /** Bytes, or a part of all memory, in frames, rounded up; negative if it is none. */
    private long size() {
        long bytes = scaled();
        if (bytes >= 0 && at == end - 1 && text.charAt(at) == '%') {
            at++;
            return bytes > PERCENT * PERCENT
                    ? Long.MAX_VALUE >>> PhysicalMemory.FRAME_SHIFT
                    : bytes * allFrames / PERCENT;
        }
        boolean good = bytes >= 0 && at == end;
        long rest = bytes & PhysicalMemory.FRAME_SIZE - 1;
        return good ? (bytes >>> PhysicalMemory.FRAME_SHIFT) + (rest == 0 ? 0 : 1) : -1;
    }

    /** A number with k, m, g, t, p or e behind it; negative if it is none, or too large. */
    private long scaled() {
        long value = number(0);
        int unit = at < end && value >= 0 ? "kmgtpe".indexOf(Character.toLowerCase(text.charAt(at))) : -1;
        if (unit < 0) {
            return value;
        }
        at++;
        int shift = KILO_SHIFT * (unit + 1);
        return value > Long.MAX_VALUE >>> shift ? -1 : value << shift;
    }

    /** A number; negative if there is none. Without a radix, 0x and 0 in front choose one, as in C. */
    private long number(int radix) {
        int used = radix;
        if (radix == 0) {
            boolean zero = at < end && text.charAt(at) == '0';
            boolean hex = zero && at + 1 < end && Character.toLowerCase(text.charAt(at + 1)) == 'x';
            used = hex ? HEXADECIMAL : zero ? OCTAL : DECIMAL;
            at += hex ? 2 : 0;
        }
        int first = at;
        long value = 0;
        while (at < end) {
            int digit = Character.digit(text.charAt(at), used);
            if (digit < 0 || value > (Long.MAX_VALUE - digit) / used) {
                break;
            }
            value = value * used + digit;
            at++;
        }
        return at == first ? -1 : value;
    }
}
