package biscotti.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.internal.misc.Unsafe;

/**
 * What user threads do in a rehearsal ({@link StandInShim}): the traps that begin any program's life, then a system call of each kind
 * that links call sites of the kernel. Each thread fetches its first instruction, touches its stack, then makes system calls that
 * need no memory of its own, or its stack's; the first one forks and waits. Most calls are refused in the end, for what lies
 * in the stack is zero: that is far enough.
 */
final class RehearsedProgram {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    // Offsets in struct user_frame (shim/shim.h).
    private static final int R10 = 40;
    private static final int RDI = 72;
    private static final int RSI = 80;
    private static final int RDX = 88;
    private static final int RAX = 112;
    private static final int VECTOR = 120;
    private static final int ERROR = 128;
    private static final int RIP = 136;
    private static final int RSP = 160;
    private static final int CR2 = 192;

    private static final int PAGE_FAULT = 14;
    private static final int SYSTEM_CALL = 256;
    private static final long USER_FETCH = 0x14;
    private static final long USER_WRITE = 0x6;

    /** Where a call's number and arguments go. */
    private static final int[] REGISTERS = {RAX, RDI, RSI, RDX, R10};

    /** Stands for an address in the stack, this many bytes below its top. */
    private static final long STACK = Long.MIN_VALUE;

    private static final int STACK_BYTES = 1024;

    /** Stands for the address of the call's text: the beginning of the same page. */
    private static final long TEXT = Long.MIN_VALUE + 1;

    /** A system call's number and arguments, and the text that it passes. */
    private record Call(String text, long... words) {}

    private static Call call(long... words) {
        return new Call("", words);
    }

    /** Calls before the fork. */
    private static final Call[] BEGINNING = {
        call(12, 0), // brk
        call(158, 0x1002, 0x10000), // arch_prctl(ARCH_SET_FS)
        call(218, 0), // set_tid_address
        call(334, 0, 0, 0), // rseq: not there
        call(302, 0, 3, 0, STACK), // prlimit64
        call(318, STACK, 8, 1), // getrandom
        call(63, STACK), // uname
        call(39), // getpid
        call(110), // getppid
        call(102), // getuid
        call(117, -1, -1, -1), // setresuid
        call(79, STACK, 64), // getcwd
        call(228, 1, STACK), // clock_gettime
        call(9, 0, 0x10000, 3, 0x22), // mmap
        call(13, 17, 0, STACK, 8), // rt_sigaction
        call(14, 0, 0, STACK, 8), // rt_sigprocmask
        call(16, 0, 0x5401, STACK), // ioctl(TCGETS)
        new Call("/tmp", 4, TEXT, STACK), // stat
        call(1, 1, STACK, 16), // write
        call(22, STACK), // pipe: descriptors 3 and 4
        call(1, 4, STACK, 16), // write to it
        call(0, 3, STACK, 16), // read from it
        call(20, 4, STACK, 1), // writev
        call(7, STACK, 0, 0), // poll
        call(62, 0, 0), // kill: own group
        call(62, -1, 0), // kill: everybody
        call(109, 0, 0), // setpgid
        call(124, 0), // getsid
        call(140, 1, 0), // getpriority of a group
        call(140, 2, 0), // getpriority of a user
        call(38, 0, STACK, 0), // setitimer
        call(202, STACK, 1, 1), // futex: wake
        call(232, 5, STACK, 1), // epoll_wait: no such descriptor
        call(291, 0), // epoll_create1: descriptor 5
        call(283, 1, 0), // timerfd_create: 6
        call(286, 6, 0, STACK), // timerfd_settime
        call(290, 0, 0), // eventfd2: 7
        call(291, 0), // epoll_create1: 8
        call(233, 5, 1, 6, STACK), // epoll_ctl: add
        call(233, 5, 1, 7, STACK),
        call(233, 8, 1, 5, STACK), // one inside the other
        call(232, 8, STACK, 1, 0), // epoll_wait
        call(3, 8), // close
        call(3, 7),
        call(3, 6),
        call(3, 5),
        call(53, 1, 1, 0, STACK), // socketpair: 5 and 6
        call(44, 5, STACK, 16, 0), // sendto
        call(45, 6, STACK, 16, 0), // recvfrom
        call(46, 5, STACK, 0x40), // sendmsg
        call(47, 6, STACK, 0x40), // recvmsg
        call(55, 5, 1, 3, STACK), // getsockopt
        call(54, 5, 1, 9, STACK), // setsockopt
        call(51, 5, STACK, STACK), // getsockname
        call(3, 6), // close
        call(3, 5),
        call(41, 2, 1, 0), // socket: not of this family
    };

    /** Files and directories that are read, as descriptor 5. */
    private static final String[] READ = {
        "/proc",
        "/proc/self/stat",
        "/proc/self/status",
        "/proc/self/statm",
        "/proc/self/maps",
        "/proc/self/cmdline",
        "/proc/self/comm",
        "/proc/self/environ",
        "/proc/self/mounts",
        "/proc/self/mountinfo",
        "/proc/self/limits",
        "/proc/self/fd",
        "/proc/self/task",
        "/proc/stat",
        "/proc/meminfo",
        "/proc/uptime",
        "/proc/loadavg",
        "/proc/version",
        "/proc/cpuinfo",
        "/proc/filesystems",
        "/proc/net/unix",
        "/proc/biscotti/heap",
        "/proc/biscotti/frames",
        "/sys",
    };

    /** Links that are followed. */
    private static final String[] LINKS = {"/proc/self/exe", "/proc/self/cwd", "/proc/self/root", "/proc/self/fd/0"};

    /** Calls from the fork on; a child begins at the last. */
    private static final Call[] END = {
        call(56, 17), // clone: a fork
        call(61, -1, STACK, 0, 0), // wait4
        call(231, 0), // exit_group
    };

    private static final Call[] CALLS = calls();

    private static Call[] calls() {
        List<Call> all = new ArrayList<>(List.of(BEGINNING));
        for (String path : READ) {
            all.add(new Call(path, 257, -100, TEXT, 0)); // openat
            all.add(call(0, 5, STACK, STACK_BYTES / 2)); // read
            all.add(call(19, 5, STACK, 1)); // readv
            all.add(call(217, 5, STACK, STACK_BYTES / 2)); // getdents64
            all.add(call(3, 5)); // close
        }
        for (String path : LINKS) {
            all.add(new Call(path, 89, TEXT, STACK, 64)); // readlink
        }
        all.addAll(List.of(END));
        return all.toArray(new Call[0]);
    }

    /** The first two steps are page faults. */
    private static final int CALLS_BEGIN = 2;

    private static final int LAST = CALLS_BEGIN + CALLS.length - 1;

    // The four levels of a page table: Intel SDM, volume 3, 5.5.
    private static final int TOP_SHIFT = 39;
    private static final int PAGE_SHIFT = 12;
    private static final int LEVEL_BITS = 9;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

    /** Where physical address 0 is. */
    private final long memory;

    /** The next step of each thread, by the address of its frame. */
    private final Map<Long, Integer> steps = new HashMap<>();

    /** The programs of a machine whose physical memory begins at address {@code memory}. */
    RehearsedProgram(long memory) {
        this.memory = memory;
    }

    /** Plays the next trap of the thread whose frame is at {@code frame} and returns its vector, as enter_user does. */
    synchronized long enter(long frame, long root, long unused) {
        int step = steps.getOrDefault(frame, steps.isEmpty() ? 0 : LAST);
        steps.put(frame, Math.min(step + 1, LAST));
        long stack = UNSAFE.getLong(frame + RSP) - STACK_BYTES;
        return switch (step) {
            case 0 -> fault(frame, UNSAFE.getLong(frame + RIP), USER_FETCH);
            case 1 -> fault(frame, stack, USER_WRITE);
            default -> call(frame, root, CALLS[step - CALLS_BEGIN], stack);
        };
    }

    private long call(long frame, long root, Call call, long stack) {
        long page = stack & -PhysicalMemory.FRAME_SIZE;
        if (!call.text.isEmpty()) {
            write(root, page, call.text);
        }
        for (int i = 0; i < call.words.length; i++) {
            long word = call.words[i];
            UNSAFE.putLong(frame + REGISTERS[i], word == STACK ? stack : word == TEXT ? page : word);
        }
        return trap(frame, SYSTEM_CALL);
    }

    /** Writes a text and a NUL to the page at a user address, through the page table at {@code root}: what ring 3 would do. */
    private void write(long root, long page, String text) {
        long table = root;
        for (int shift = TOP_SHIFT; shift >= PAGE_SHIFT; shift -= LEVEL_BITS) {
            long index = page >>> shift & (1 << LEVEL_BITS) - 1;
            table = UNSAFE.getLong(memory + table + index * Long.BYTES) & ADDRESS;
        }
        for (int i = 0; i < text.length(); i++) {
            UNSAFE.putByte(memory + table + i, (byte) text.charAt(i));
        }
        UNSAFE.putByte(memory + table + text.length(), (byte) 0);
    }

    private static long fault(long frame, long address, long error) {
        UNSAFE.putLong(frame + CR2, address);
        UNSAFE.putLong(frame + ERROR, error);
        return trap(frame, PAGE_FAULT);
    }

    private static long trap(long frame, long vector) {
        UNSAFE.putLong(frame + VECTOR, vector);
        return vector;
    }
}
