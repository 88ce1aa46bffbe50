package biscotti.process;

import biscotti.memory.AddressSpace;
import biscotti.net.SocketAccount;
import biscotti.process.identity.GroupList;

/**
 * What a process retains, of the kernel's heap or of physical memory: by that the greatest is found when memory is out. Counts
 * are read without locks, so a charge is good for comparing only.
 */
final class Charge {
    // About how many bytes of the heap one of each takes, with what it refers to.
    private static final long PROCESS = 2048;
    private static final long THREAD = 2048;
    private static final long REGION = 96;
    private static final long DESCRIPTOR = 512;
    private static final long SIGNAL = 64;
    private static final long GROUP = Integer.BYTES;
    private static final long SOCKET = 1024;

    /** A message takes about this part of what it charges its socket's buffer at least. */
    private static final long MESSAGE_SHARE = 8;

    private Charge() {}

    /**
     * About how many bytes of the heap would be free if a process ended, its children that it has not waited for among them,
     * and what its threads keep reserved.
     */
    static long ofHeap(Process process) {
        long bytes = PROCESS
                + PROCESS * process.childCount()
                + (THREAD + process.system().heap().threadBytes()) * process.threadCount()
                + SIGNAL * process.pending.count()
                + GROUP * groups(process);
        AddressSpace space = process.space();
        bytes += REGION * space.usage().regions() / Math.max(1, space.users());
        UserThread thread = process.oldestThread;
        if (thread != null) {
            bytes += DESCRIPTOR * thread.files().openCount();
        }
        SocketAccount account = process.socketAccount();
        return bytes + SOCKET * account.sockets() + account.bytes() / MESSAGE_SHARE;
    }

    /** How many groups its threads are in; most share a list. */
    private static long groups(Process process) {
        GroupList common = process.credentials().groups();
        long count = common.size();
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            GroupList own = thread.identity().groups();
            count += own == common ? 0 : own.size();
        }
        return count;
    }

    /** How many bytes of physical memory it has: pages, page tables (Linux: oom_badness), what its sockets have sent and its pipes hold. */
    static long ofFrames(Process process) {
        return process.space().usage().residentBytes()
                + process.space().usage().tableBytes()
                + process.socketAccount().bytes()
                + process.frameAccount().bytes();
    }
}
