package biscotti.ext4;

import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.sched.KernelThread;

/**
 * The blocks that only some users may take: ext4(5), {@code resuid} and {@code resgid}; {@code s_r_blocks_count} of "The Super Block". Who takes blocks
 * is the program whose system call or page fault the thread is at; threads of the kernel may take all.
 */
final class BlockReserve {
    private final long blocks;
    private volatile int user;
    private volatile int group;

    /** A reserve of so many blocks. */
    BlockReserve(long blocks) {
        this.blocks = blocks;
    }

    /** Says who may take them, beside those with CAP_SYS_RESOURCE. The group 0 is no such group. */
    void set(int newUser, int newGroup) {
        user = newUser;
        group = newGroup;
    }

    /** How many of the free blocks everybody may take. */
    long available(long free) {
        return Math.max(0, free - blocks);
    }

    /** Whether the calling thread may take one more, if so many are free. */
    boolean allows(long free) {
        return free > blocks || free > 0 && mayTake();
    }

    private boolean mayTake() {
        return !(KernelThread.current().interruption() instanceof Caller caller) || mayTake(caller.identity());
    }

    private boolean mayTake(Identity who) {
        return who.userId() == user || group != 0 && who.inGroup(group) || who.has(Identity.CAP_SYS_RESOURCE);
    }
}
