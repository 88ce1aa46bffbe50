package biscotti.ipc;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EIDRM;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMSG;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Restart.ERESTARTNOHAND;

import biscotti.abi.Ipc;
import biscotti.bounded.Rounds;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.memory.UserMemory;
import biscotti.sched.KernelThread;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.concurrent.locks.ReentrantLock;

/** A message queue (msgget(2)): messages with types, in the order in which they were sent; their bytes are in a {@link MessageStore}. */
public final class MessageQueue extends IpcObject {
    private static final int TYPE_BYTES = Long.BYTES;
    private static final long MOST_BYTES = 1 << 24;

    private final IpcSpace space;

    /** Guards all below; held while user memory is touched, and below no lock that a page fault takes. */
    private final ReentrantLock lock = new ReentrantLock();

    private final MessageStore store;
    private final WaitQueue receivers = new WaitQueue();
    private final WaitQueue senders = new WaitQueue();
    private Message first;
    private Message last;
    private boolean removed;
    private volatile int count;
    private volatile long bytes;
    private volatile long limit;
    private volatile int lastSender;
    private volatile int lastReceiver;
    private volatile long sendTime;
    private volatile long receiveTime;

    private static final class Message {
        final long type;
        final int length;
        final long chain;
        Message next;

        Message(long type, int length, long chain) {
            this.type = type;
            this.length = length;
            this.chain = chain;
        }
    }

    MessageQueue(IpcSpace space, Identity creator, int key, int mode) {
        super(creator, key, mode, space.now());
        this.space = space;
        this.store = new MessageStore(space);
        this.limit = space.queueBytes();
    }

    /**
     * msgget(2).
     *
     * @return the queue's number; -ENOSPC, -ENOENT, -EEXIST, -EACCES
     */
    public static int get(IpcSpace space, Identity who, int key, int flags, Rounds rounds) {
        Slot<MessageQueue> slot = new Slot<>();
        int found;
        do {
            found = space.queues().find(who, key, flags, slot);
            if (found == 1) {
                found = space.queues().add(new MessageQueue(space, who, key, flags));
            } else if (found == 0) {
                found = slot.get().id();
            }
        } while (found == -EEXIST && (flags & Ipc.IPC_EXCL) == 0 && rounds.awaitRound());
        return found;
    }

    /** How many messages it holds. */
    public int count() {
        return count;
    }

    /** How many bytes they have. */
    public long bytes() {
        return bytes;
    }

    /** The most bytes it takes, and the most messages. */
    public long limit() {
        return limit;
    }

    /** Number of the process that sent last; 0 for none. */
    public int lastSender() {
        return lastSender;
    }

    /** Number of the process that received last; 0 for none. */
    public int lastReceiver() {
        return lastReceiver;
    }

    /** When a message was last sent; 0 for never. */
    public long sendTime() {
        return sendTime;
    }

    /** When a message was last received; 0 for never. */
    public long receiveTime() {
        return receiveTime;
    }

    /**
     * IPC_SET: another owner, permissions, and limit.
     *
     * @return 0; -EPERM for a limit that only the privileged may set; -EINVAL for one that cannot be; -EIDRM
     */
    public int change(Identity who, int user, int group, int permissions, long mostBytes) {
        boolean privileged = who.has(Identity.CAP_SYS_RESOURCE);
        if (mostBytes < 0 || mostBytes > space.queueBytes() && (!privileged || mostBytes > Integer.MAX_VALUE)) {
            return privileged ? -EINVAL : -EPERM;
        }
        lock.lock();
        try {
            if (removed) {
                return -EIDRM;
            }
            limit = Math.min(mostBytes, MOST_BYTES);
            change(user, group, permissions, space.now());
            receivers.wakeAll();
            senders.wakeAll();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * msgsnd(2).
     *
     * @param address of the bytes, behind the type
     * @param length of at most {@link IpcSpace#longestMessage}
     * @return 0; -EACCES, -EAGAIN, -EIDRM, -EFAULT, -ENOMEM, -ERESTARTNOHAND
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public int send(
            Identity who,
            KernelThread thread,
            int process,
            UserMemory memory,
            long type,
            long address,
            int length,
            int flags) {
        lock.lock();
        try {
            if (!removed && !permits(who, Ipc.WRITE)) {
                return -EACCES;
            }
            int error = 0;
            while (error == 0 && !removed && (bytes + length > limit || count + 1 > limit)) {
                error = (flags & Ipc.IPC_NOWAIT) != 0 ? -EAGAIN : senders.await(thread, lock, Waiter.FOREVER);
            }
            if (removed || error < 0) {
                return removed ? -EIDRM : error == -EAGAIN ? error : -ERESTARTNOHAND;
            }
            long chain = store.put(memory, address, length);
            if (chain < 0) {
                return (int) chain;
            }
            append(new Message(type, length, chain));
            lastSender = process;
            sendTime = space.now();
            receivers.wakeAll();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void append(Message message) {
        if (last == null) {
            first = message;
        } else {
            last.next = message;
        }
        last = message;
        count++;
        bytes += message.length;
        space.countMessages(1, message.length);
    }

    /**
     * msgrcv(2).
     *
     * @param buffer gets the type, and behind it the bytes
     * @param size how many bytes there is room for
     * @return how many bytes the message has, or of them were put; -EACCES, -E2BIG, -ENOMSG, -EIDRM, -EFAULT, -ERESTARTNOHAND
     */
    public long receive(
            Identity who,
            KernelThread thread,
            int process,
            UserMemory memory,
            long buffer,
            long size,
            long type,
            int flags) {
        lock.lock();
        try {
            if (!removed && !permits(who, Ipc.READ)) {
                return -EACCES;
            }
            while (!removed) {
                Message found = find(type, flags);
                if (found != null) {
                    return hand(found, process, memory, buffer, size, flags);
                }
                if ((flags & Ipc.IPC_NOWAIT) != 0) {
                    return -ENOMSG;
                }
                if (receivers.await(thread, lock, Waiter.FOREVER) < 0) {
                    return removed ? -EIDRM : -ERESTARTNOHAND;
                }
            }
            return -EIDRM;
        } finally {
            lock.unlock();
        }
    }

    /** The message that a receiver wants; null if there is none. */
    private Message find(long type, int flags) {
        Message best = null;
        long number = 0;
        for (Message at = first; at != null; at = at.next) {
            if ((flags & Ipc.MSG_COPY) != 0) {
                if (number == type) {
                    return at;
                }
            } else if (type < 0) {
                boolean low = at.type <= -type || type == Long.MIN_VALUE;
                best = low && (best == null || at.type < best.type) ? at : best;
            } else if (type == 0 || (at.type == type) != ((flags & Ipc.MSG_EXCEPT) != 0)) {
                return at;
            }
            number++;
        }
        return best;
    }

    private long hand(Message message, int process, UserMemory memory, long buffer, long size, int flags) {
        if (message.length > size && (flags & Ipc.MSG_NOERROR) == 0) {
            return -E2BIG;
        }
        boolean copy = (flags & Ipc.MSG_COPY) != 0;
        if (copy && message.length > size) {
            return -EINVAL;
        }
        int length = (int) Math.min(message.length, size);
        int error = memory.writeLong(buffer, message.type);
        if (error == 0) {
            error = store.get(message.chain, memory, buffer + TYPE_BYTES, length);
        }
        if (!copy) {
            take(message);
            lastReceiver = process;
            receiveTime = space.now();
            senders.wakeAll();
        }
        return error < 0 ? error : length;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void take(Message message) {
        Message previous = null;
        Message at = first;
        while (at != message) {
            previous = at;
            at = at.next;
        }
        if (previous == null) {
            first = message.next;
        } else {
            previous.next = message.next;
        }
        if (last == message) {
            last = previous;
        }
        count--;
        bytes -= message.length;
        space.countMessages(-1, -message.length);
        store.release(message.chain);
    }

    /** IPC_RMID: 0 or -EIDRM; all who wait get EIDRM. */
    public int remove() {
        lock.lock();
        try {
            if (removed) {
                return -EIDRM;
            }
            space.queues().remove(this);
            removed = true;
            while (first != null) {
                take(first);
            }
            receivers.wakeAll();
            senders.wakeAll();
            return 0;
        } finally {
            lock.unlock();
        }
    }
}
