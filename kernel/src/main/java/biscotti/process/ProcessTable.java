package biscotti.process;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;

import biscotti.bounded.IdTable;
import biscotti.process.futex.FutexWaiter;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * All processes and threads by their number, and the lock of their relations: parents and children, groups, sessions.
 *
 * <p>Look-ups take no lock. A number is free again when no process, thread, group or session has it; until then it stays in
 * the table, and its count of uses is not zero.
 */
public final class ProcessTable {
    /** Numbers are below this: Linux's default pid_max. */
    public static final int LIMIT = 32768;

    private static final int LEAST_NUMBERS = 301;

    /** When all numbers were given out once, it goes on from here: the small ones are those of who was there from the start. */
    private static final int RESERVED = 300;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile int mostThreads = LIMIT;
    private volatile int mostNumbers = LIMIT;
    private final IdTable<Holders> numbers = new IdTable<>(LIMIT, new Holders());
    private int last;
    private Process first;
    private int processCount;
    private int threadCount;
    private volatile long forks;

    /** Whose a number is. */
    private static final class Holders {
        volatile Process process;
        volatile UserThread thread;
        /** Guarded by the table's lock. */
        int uses;
    }

    /** The process with a number; a zombie, too. */
    public Optional<Process> process(int id) {
        return Optional.ofNullable(numbers.get(id).process);
    }

    /** The thread with a number. */
    public Optional<UserThread> thread(int id) {
        return Optional.ofNullable(numbers.get(id).thread);
    }

    /** The thread with a number, as futexes see it; {@link FutexWaiter#NOBODY} if there is none. */
    FutexWaiter futexWaiter(int id) {
        UserThread thread = numbers.get(id).thread;
        return thread == null ? FutexWaiter.NOBODY : thread.futexWaiter();
    }

    /** Whether a number is that of a thread of a process. */
    public boolean isThreadOf(int id, Process process) {
        UserThread thread = numbers.get(id).thread;
        return thread != null && thread.process() == process;
    }

    /** Whether a number is that of a user's thread, or zombie; by real user ids. */
    boolean isOfUser(int id, int user) {
        UserThread thread = numbers.get(id).thread;
        if (thread != null) {
            return thread.identity().user().real() == user;
        }
        Process process = numbers.get(id).process;
        return process != null && process.credentials().user().real() == user;
    }

    /** How many signals wait that count, if a number is that of a user's process. */
    int queuedSignals(int id, int user) {
        Process process = numbers.get(id).process;
        return process != null && process.credentials().user().real() == user ? process.signalQuota.used() : 0;
    }

    /** Whether a number is that of a process, thread, group or session. Takes no lock. */
    boolean isUsed(int id) {
        return id > 0 && numbers.next(id) == id;
    }

    /** Whether a process is in a group. */
    boolean hasGroup(int group) {
        lock.lock();
        try {
            Process process = first;
            while (process != null && process.group() != group) {
                process = process.nextInTable;
            }
            return process != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many processes there are, zombies among them. */
    public int processCount() {
        return processCount;
    }

    /**
     * The most threads that there may be: Linux's sysctl kernel.threads-max. There it keeps threads from taking all memory; here each
     * reserves what it takes, and who has most is killed when that runs out, so that a hog does not end everybody's forks.
     */
    public int mostThreads() {
        return mostThreads;
    }

    /** Sets {@link #mostThreads}: 0, or -EINVAL. */
    public int setMostThreads(long most) {
        if (most < 1 || most > LIMIT) {
            return -EINVAL;
        }
        mostThreads = (int) most;
        return 0;
    }

    /** New numbers are below this: kernel.pid_max of proc(5). */
    public int mostNumbers() {
        return mostNumbers;
    }

    /** Sets {@link #mostNumbers}: 0, or -EINVAL. */
    public int setMostNumbers(long most) {
        if (most < LEAST_NUMBERS || most > LIMIT) {
            return -EINVAL;
        }
        mostNumbers = (int) most;
        return 0;
    }

    /** How many threads there are. */
    public int threadCount() {
        return threadCount;
    }

    /** How many processes and threads were made since the machine started. */
    public long forks() {
        return forks;
    }

    /** The number given out last. */
    public int lastNumber() {
        return last;
    }

    /** A process, from which {@link Process#nextInTable} leads to all others; null if there is none. Relations locked. */
    Process first() {
        return first;
    }

    /** The child of a process, a zombie perhaps, with the lowest number not below this one; -1 if there is none. */
    public int nextChild(Process parent, int from) {
        int id = next(from);
        while (id >= 0 && (process(id).isEmpty() || process(id).get().parentId() != parent.id())) {
            id = next(id + 1);
        }
        return id;
    }

    /** Calls somebody with each process, in no order, under the table's lock. */
    public void forEach(Consumer<Process> visitor) {
        lock.lock();
        try {
            for (Process process = first; process != null; process = process.nextInTable) {
                visitor.accept(process);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Locks the relations of all processes. */
    void lock() {
        lock.lock();
    }

    /** Locks them unless somebody else has; whether it did. */
    boolean tryLock() {
        return lock.tryLock();
    }

    /** Ends what {@link #lock} or {@link #tryLock} began. */
    void unlock() {
        lock.unlock();
    }

    /** The lock of the relations, for waiting under it. */
    Lock asLock() {
        return lock;
    }

    /** The lowest number not below this one that a process, thread, group or session has; -1 if there is none. Takes no lock. */
    public int next(int from) {
        return numbers.next(from);
    }

    /**
     * A number that nobody uses, used once now.
     *
     * @param wanted the number to take; 0 for the next free one behind the last
     * @return it; 0 if there is none, or there are too many threads; -EEXIST if the wanted one is used
     */
    int takeNumber(int wanted) {
        lock.lock();
        try {
            if (wanted != 0 && isUsed(wanted)) {
                return -EEXIST;
            }
            int number = wanted != 0 ? wanted : nextFree();
            if (number < 0 || threadCount >= mostThreads) {
                return 0;
            }
            Holders taken = new Holders();
            taken.uses = 1;
            numbers.put(number, taken);
            last = wanted == 0 ? number : last;
            return number;
        } finally {
            lock.unlock();
        }
    }

    private int nextFree() {
        int end = mostNumbers;
        int number = last + 1 < end ? numbers.firstFree(last + 1, end) : -1;
        return number < 0 ? numbers.firstFree(last < RESERVED ? 1 : RESERVED, end) : number;
    }

    /** One more use of a number: a group or session is named by it. Relations locked. */
    void use(int number) {
        numbers.get(number).uses++;
    }

    /** One use less of a number. */
    void unuse(int number) {
        lock.lock();
        try {
            Holders used = numbers.get(number);
            used.uses--;
            if (used.uses == 0) {
                numbers.remove(number);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a process. Relations locked. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void add(Process process) {
        numbers.get(process.id()).process = process;
        process.nextInTable = first;
        if (first != null) {
            first.previousInTable = process;
        }
        first = process;
        processCount++;
    }

    /** Removes a process that was waited for; its number loses this use. Relations locked. */
    void remove(Process process) {
        numbers.get(process.id()).process = null;
        if (process.nextInTable != null) {
            process.nextInTable.previousInTable = process.previousInTable;
        }
        if (process.previousInTable != null) {
            process.previousInTable.nextInTable = process.nextInTable;
        } else {
            first = process.nextInTable;
        }
        process.nextInTable = null;
        process.previousInTable = null;
        processCount--;
        unuse(process.id());
    }

    /** Adds a thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void add(UserThread thread) {
        lock.lock();
        numbers.get(thread.id()).thread = thread;
        threadCount++;
        forks++;
        lock.unlock();
    }

    /** Removes a thread that has ended; the number of one that is not its process's first loses this use. */
    void remove(UserThread thread) {
        lock.lock();
        Holders number = numbers.get(thread.id());
        if (number.thread == thread) { // execve(2) may have given it to another
            number.thread = null;
        }
        threadCount--;
        if (thread.id() != thread.process().id()) {
            unuse(thread.id());
        }
        lock.unlock();
    }

    /** execve(2) by a thread that is not the first: it takes over the first one's number. */
    void renumber(UserThread thread, int oldId) {
        lock.lock();
        numbers.get(oldId).thread = null;
        numbers.get(thread.id()).thread = thread;
        unuse(oldId);
        lock.unlock();
    }
}
