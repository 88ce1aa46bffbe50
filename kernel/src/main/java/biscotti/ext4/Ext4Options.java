package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.file.FileSystemContext.Kind;
import biscotti.file.FileSystemTypes.Verdict;
import java.util.concurrent.TimeUnit;

/**
 * The mount options of ext4: ext4(5), "Mount options for ext4". Those that were given last count. What Linux takes and what changes nothing
 * here (there is no delayed allocation, no cache of attribute blocks, a flush is never left out) is taken, and told in /proc/mounts where Linux
 * tells it.
 *
 * <p>As on Linux, {@code errors=} says what happens when a structure on the disk is found to be damaged. There is no {@code panic}: it
 * is taken as {@code remount-ro}.
 */
final class Ext4Options {
    /** statfs(2) counts all blocks of the device, also those of the file system's own structures. */
    static final int MINIX_DF = 1;

    /** New files get the group of their directory. */
    static final int GROUP_OF_DIRECTORY = 1 << 1;

    /** There are no attributes of users. */
    static final int NO_USER_ATTRIBUTES = 1 << 2;

    /** The journal is not replayed. */
    static final int NO_RECOVERY = 1 << 3;

    /** Damage ends all writing. */
    static final int READ_ONLY_ON_ERRORS = 1 << 4;

    /** {@code errors=panic} was asked for. */
    static final int PANIC = 1 << 5;

    /** Access control lists were asked for. */
    static final int LISTS = 1 << 6;

    /** Quotas were. */
    static final int QUOTA = 1 << 7;

    /** Freed blocks were to be discarded. */
    static final int DISCARD = 1 << 8;

    private static final int DEBUG = 1 << 9;
    private static final int NO_BARRIER = 1 << 10;
    private static final int NO_DELAY = 1 << 11;
    private static final int NO_INIT_TABLE = 1 << 12;
    private static final int JOURNAL_CHECKSUM = 1 << 13;
    private static final int JOURNAL_ASYNC = 1 << 14;
    private static final int NO_AUTO_ALLOC = 1 << 15;
    private static final int NO_VALIDITY = 1 << 16;
    private static final int READ_LOCK = 1 << 17;
    private static final int ORDERED = 1 << 18;
    private static final int COMMIT_TOLD = 1 << 19;

    /** Flags that say nothing of the next mount: they are only about messages. */
    private static final int MESSAGES = PANIC | LISTS | QUOTA;

    private static final int COMMIT = 0;
    private static final int USER = 1;
    private static final int GROUP = 2;
    private static final int SUPERBLOCK = 3;
    private static final int STRIPE = 4;
    private static final int READ_AHEAD = 5;
    private static final int LEAST_BATCH = 6;
    private static final int MOST_BATCH = 7;
    private static final int IGNORED = 8;
    private static final int NUMBERS = 9;

    private static final long DEFAULT_COMMIT = 5;
    private static final long DEFAULT_READ_AHEAD = 32;
    private static final long MOST_READ_AHEAD = 1 << 30;
    private static final long DEFAULT_MOST_BATCH = 15000;
    private static final int DECIMAL = 10;

    /** An option without a value, or with one of a few: what it sets and clears. */
    private record Flag(String text, int sets, int clears) {}

    /** An option whose value is a number. */
    private record Number(String name, int index, long most) {}

    private static final Flag[] FLAGS = {
        new Flag("minixdf", MINIX_DF, 0),
        new Flag("bsddf", 0, MINIX_DF),
        new Flag("grpid", GROUP_OF_DIRECTORY, 0),
        new Flag("bsdgroups", GROUP_OF_DIRECTORY, 0),
        new Flag("nogrpid", 0, GROUP_OF_DIRECTORY),
        new Flag("sysvgroups", 0, GROUP_OF_DIRECTORY),
        new Flag("user_xattr", 0, NO_USER_ATTRIBUTES),
        new Flag("nouser_xattr", NO_USER_ATTRIBUTES, 0),
        new Flag("acl", LISTS, 0),
        new Flag("noacl", 0, LISTS),
        new Flag("noload", NO_RECOVERY, 0),
        new Flag("norecovery", NO_RECOVERY, 0),
        new Flag("errors=continue", 0, READ_ONLY_ON_ERRORS | PANIC),
        new Flag("errors=remount-ro", READ_ONLY_ON_ERRORS, PANIC),
        new Flag("errors=panic", READ_ONLY_ON_ERRORS | PANIC, 0),
        new Flag("data=ordered", ORDERED, 0),
        new Flag("data_err=ignore", 0, 0),
        new Flag("debug", DEBUG, 0),
        new Flag("barrier", 0, NO_BARRIER),
        new Flag("barrier=1", 0, NO_BARRIER),
        new Flag("barrier=0", NO_BARRIER, 0),
        new Flag("nobarrier", NO_BARRIER, 0),
        new Flag("delalloc", 0, NO_DELAY),
        new Flag("nodelalloc", NO_DELAY, 0),
        new Flag("discard", DISCARD, 0),
        new Flag("nodiscard", 0, DISCARD),
        new Flag("init_itable", 0, NO_INIT_TABLE),
        new Flag("noinit_itable", NO_INIT_TABLE, 0),
        new Flag("journal_checksum", JOURNAL_CHECKSUM, 0),
        new Flag("nojournal_checksum", 0, JOURNAL_CHECKSUM),
        new Flag("journal_async_commit", JOURNAL_ASYNC | JOURNAL_CHECKSUM, 0),
        new Flag("auto_da_alloc", 0, NO_AUTO_ALLOC),
        new Flag("auto_da_alloc=1", 0, NO_AUTO_ALLOC),
        new Flag("auto_da_alloc=0", NO_AUTO_ALLOC, 0),
        new Flag("noauto_da_alloc", NO_AUTO_ALLOC, 0),
        new Flag("block_validity", 0, NO_VALIDITY),
        new Flag("noblock_validity", NO_VALIDITY, 0),
        new Flag("dioread_lock", READ_LOCK, 0),
        new Flag("nodioread_nolock", READ_LOCK, 0),
        new Flag("dioread_nolock", 0, READ_LOCK),
        new Flag("quota", QUOTA, 0),
        new Flag("usrquota", QUOTA, 0),
        new Flag("grpquota", QUOTA, 0),
        new Flag("prjquota", QUOTA, 0),
        new Flag("noquota", 0, QUOTA),
        new Flag("lazytime", 0, 0),
        new Flag("nolazytime", 0, 0),
        new Flag("i_version", 0, 0),
        new Flag("oldalloc", 0, 0),
        new Flag("orlov", 0, 0),
        new Flag("bh", 0, 0),
        new Flag("nobh", 0, 0),
        new Flag("reservation", 0, 0),
        new Flag("noreservation", 0, 0),
        new Flag("mblk_io_submit", 0, 0),
        new Flag("nomblk_io_submit", 0, 0),
        new Flag("nombcache", 0, 0),
        new Flag("no_mbcache", 0, 0),
        new Flag("prefetch_block_bitmaps", 0, 0),
        new Flag("no_prefetch_block_bitmaps", 0, 0),
    };

    private static final Number[] WITH_NUMBERS = {
        new Number("commit", COMMIT, Integer.MAX_VALUE / 1000),
        new Number("resuid", USER, 0xffff_fffeL),
        new Number("resgid", GROUP, 0xffff_fffeL),
        new Number("sb", SUPERBLOCK, Integer.MAX_VALUE),
        new Number("stripe", STRIPE, Integer.MAX_VALUE),
        new Number("inode_readahead_blks", READ_AHEAD, MOST_READ_AHEAD),
        new Number("min_batch_time", LEAST_BATCH, Integer.MAX_VALUE),
        new Number("max_batch_time", MOST_BATCH, Integer.MAX_VALUE),
        new Number("journal_ioprio", IGNORED, 7),
        new Number("init_itable", IGNORED, Integer.MAX_VALUE),
        new Number("mb_optimize_scan", IGNORED, 1),
    };

    /** Those whose values are texts: with one that is not above, the value is wrong, not the name. */
    private static final String[] WITH_TEXTS = {"errors", "data", "data_err", "barrier", "auto_da_alloc"};

    private final long[] numbers = new long[NUMBERS];
    private final int initial;
    private final long initialUser;
    private final long initialGroup;
    private int flags;
    private String problem = "";

    /** What a file system has without options: its superblock may say something of them. */
    Ext4Options(Superblock superblock) {
        this(superblock.defaultOptions(), superblock.reservedUser, superblock.reservedGroup);
    }

    private Ext4Options(int initial, long initialUser, long initialGroup) {
        this.initial = initial;
        this.initialUser = initialUser;
        this.initialGroup = initialGroup;
        this.flags = initial;
        numbers[COMMIT] = DEFAULT_COMMIT;
        numbers[USER] = initialUser;
        numbers[GROUP] = initialGroup;
        numbers[SUPERBLOCK] = 1;
        numbers[READ_AHEAD] = DEFAULT_READ_AHEAD;
        numbers[MOST_BATCH] = DEFAULT_MOST_BATCH;
    }

    /** The same once more, to be changed by another mount(2). */
    Ext4Options copy() {
        Ext4Options copy = new Ext4Options(initial, initialUser, initialGroup);
        System.arraycopy(numbers, 0, copy.numbers, 0, NUMBERS);
        copy.flags = flags & ~MESSAGES;
        return copy;
    }

    /** What is wrong with those that {@link #parse} has refused. */
    String problem() {
        return problem;
    }

    /**
     * Reads options with commas between.
     *
     * @return 0; -EINVAL for one that is unknown, or has a value that makes no sense
     */
    int parse(String options) {
        int from = 0;
        while (from < options.length()) {
            int comma = options.indexOf(',', from);
            int end = comma < 0 ? options.length() : comma;
            if (end > from && !isFlag(options, from, end) && !isNumber(options, from, end)) {
                return refuse(options, from, end);
            }
            from = end + 1;
        }
        return 0;
    }

    /** What fsconfig(2) is to say of one of them: as {@link #parse}, but that a value where there is none is told apart. */
    static Verdict check(String name, Kind kind, String value) {
        Ext4Options none = new Ext4Options(0, 0, 0);
        String text = kind == Kind.TEXT ? name + "=" + value : name;
        if (kind != Kind.OTHER && (none.isFlag(text, 0, text.length()) || none.isNumber(text, 0, text.length()))) {
            return Verdict.GOOD;
        }
        if (isKnown(name)) {
            return Verdict.BAD;
        }
        return none.isFlag(name, 0, name.length()) ? Verdict.SURPLUS : Verdict.UNKNOWN;
    }

    private boolean isFlag(String options, int from, int end) {
        for (Flag each : FLAGS) {
            if (each.text.length() == end - from && options.startsWith(each.text, from)) {
                flags = flags & ~each.clears | each.sets;
                return true;
            }
        }
        return false;
    }

    private boolean isNumber(String options, int from, int end) {
        for (Number each : WITH_NUMBERS) {
            int equals = from + each.name.length();
            if (equals < end && options.charAt(equals) == '=' && options.startsWith(each.name, from)) {
                long value = number(options, equals + 1, end);
                boolean good = value >= 0 && value <= each.most && isGood(each.index, value);
                if (good) {
                    set(each.index, value);
                }
                return good;
            }
        }
        return false;
    }

    private static boolean isGood(int index, long value) {
        return switch (index) {
            case READ_AHEAD -> Long.bitCount(value) <= 1;
            case SUPERBLOCK -> value == 1; // others are for e2fsck
            default -> true;
        };
    }

    private void set(int index, long value) {
        boolean none = index == COMMIT && value == 0;
        numbers[index] = none ? DEFAULT_COMMIT : value;
        flags |= index == COMMIT ? COMMIT_TOLD : 0;
    }

    /** A decimal number; negative if it is none, or far too large. */
    private static long number(String text, int from, int end) {
        long value = from < end ? 0 : -1;
        for (int i = from; i < end && value >= 0; i++) {
            int digit = text.charAt(i) - '0';
            boolean good = digit >= 0 && digit < DECIMAL && value <= Integer.MAX_VALUE * 2L;
            value = good ? value * DECIMAL + digit : -1;
        }
        return value;
    }

    private int refuse(String options, int from, int end) {
        int equals = options.indexOf('=', from);
        String name = Latin1.part(options, from, equals < 0 ? end : Math.min(equals, end));
        problem = (isKnown(name) ? "Bad value for '" : "Unknown parameter '") + name + "'";
        return -EINVAL;
    }

    private static boolean isKnown(String name) {
        for (String each : WITH_TEXTS) {
            if (each.equals(name)) {
                return true;
            }
        }
        for (Number each : WITH_NUMBERS) {
            if (each.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Why they cannot be those of a mount; empty if they can. */
    String problem(boolean readOnly, boolean journal) {
        if (has(NO_RECOVERY) && !readOnly) {
            return "noload needs ro";
        }
        if (has(JOURNAL_ASYNC)) {
            return "can't mount with journal_async_commit in data=ordered mode";
        }
        if (journal) {
            return "";
        }
        if (has(JOURNAL_CHECKSUM)) {
            return "can't mount with journal_checksum, fs mounted w/o journal";
        }
        if (has(COMMIT_TOLD)) {
            return "can't mount with commit=, fs mounted w/o journal";
        }
        return has(ORDERED) ? "can't mount with data=, fs mounted w/o journal" : "";
    }

    /** What the log should say of options that are taken, and do not what one might think; empty for nothing. */
    String warning() {
        if (has(PANIC)) {
            return "errors=panic is taken as errors=remount-ro";
        }
        if (has(LISTS)) {
            return "acl option not supported";
        }
        if (has(QUOTA)) {
            return "quota option not supported";
        }
        return has(DISCARD) ? "mounting with \"discard\" option, but the device does not support discard" : "";
    }

    /** Whether a flag is set. */
    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** How old a transaction gets before it is committed, in nanoseconds. */
    long commitAge() {
        return TimeUnit.SECONDS.toNanos(numbers[COMMIT]);
    }

    /** The user who may take reserved blocks. */
    int reservedUser() {
        return (int) numbers[USER];
    }

    /** The group that may. */
    int reservedGroup() {
        return (int) numbers[GROUP];
    }

    private String flag(int flag, String text) {
        return (flags & ~initial & flag) != 0 ? text : "";
    }

    private String number(int index, long usual, String text) {
        return numbers[index] == usual ? "" : text + numbers[index];
    }

    private String errors() {
        boolean same = ((flags ^ initial) & READ_ONLY_ON_ERRORS) == 0;
        return same ? "" : has(READ_ONLY_ON_ERRORS) ? ",errors=remount-ro" : ",errors=continue";
    }

    /** What /proc/mounts tells, each with a comma in front: what is not as without options. */
    String text() {
        return flag(MINIX_DF, ",minixdf")
                + flag(GROUP_OF_DIRECTORY, ",grpid")
                + ((initial & ~flags & GROUP_OF_DIRECTORY) != 0 ? ",nogrpid" : "")
                + number(USER, initialUser, ",resuid=")
                + number(GROUP, initialGroup, ",resgid=")
                + errors()
                + flag(NO_USER_ATTRIBUTES, ",nouser_xattr")
                + number(COMMIT, DEFAULT_COMMIT, ",commit=")
                + number(LEAST_BATCH, 0, ",min_batch_time=")
                + number(MOST_BATCH, DEFAULT_MOST_BATCH, ",max_batch_time=")
                + number(STRIPE, 0, ",stripe=")
                + number(READ_AHEAD, DEFAULT_READ_AHEAD, ",inode_readahead_blks=")
                + flag(NO_BARRIER, ",nobarrier")
                + flag(NO_DELAY, ",nodelalloc")
                + flag(DISCARD, ",discard")
                + flag(NO_RECOVERY, ",norecovery")
                + flag(DEBUG, ",debug")
                + flag(NO_INIT_TABLE, ",noinit_itable")
                + flag(JOURNAL_CHECKSUM, ",journal_checksum")
                + flag(NO_AUTO_ALLOC, ",noauto_da_alloc")
                + flag(NO_VALIDITY, ",noblock_validity")
                + flag(READ_LOCK, ",dioread_lock");
    }
}
