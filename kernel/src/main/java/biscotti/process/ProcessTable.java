package biscotti.process;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * All processes and threads by their number, and the lock of their relations: parents and children, groups, sessions.
 *
 * <p>Look-ups take no lock. A number is free again when no process, thread, group or session has it; until then its count of
 * uses is not zero.
 */
public final class ProcessTable {
    /** Numbers are below this: Linux's default pid_max. */
    public static final int LIMIT = 32768;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReferenceArray<Process> processes = new AtomicReferenceArray<>(LIMIT);
    private final AtomicReferenceArray<UserThread> threads = new AtomicReferenceArray<>(LIMIT);
    private final short[] uses = new short[LIMIT];
    private int last;
    private Process first;
    private int processCount;
    private int threadCount;
    private volatile long forks;

    /** An empty table. */
    ProcessTable() {}

    /** The process with a number; a zombie, too. */
    public Optional<Process> process(int id) {
        return id > 0 && id < LIMIT ? Optional.ofNullable(processes.get(id)) : Optional.empty();
    }

    /** The thread with a number. */
    public Optional<UserThread> thread(int id) {
        return id > 0 && id < LIMIT ? Optional.ofNullable(threads.get(id)) : Optional.empty();
    }

    /** How many processes there are, zombies among them. */
    public int processCount() {
        return processCount;
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

    /** Ends what {@link #lock} began. */
    void unlock() {
        lock.unlock();
    }

    /** The lock of the relations, for waiting under it. */
    Lock asLock() {
        return lock;
    }

    /** A number that nobody uses, used once now; 0 if there is none. */
    int takeNumber() {
        lock.lock();
        try {
            for (int i = 1; i < LIMIT; i++) {
                int number = 1 + (last - 1 + i) % (LIMIT - 1);
                if (uses[number] == 0) {
                    last = number;
                    uses[number] = 1;
                    return number;
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** One more use of a number: a group or session is named by it. Relations locked. */
    void use(int number) {
        uses[number]++;
    }

    /** One use less of a number. */
    void unuse(int number) {
        lock.lock();
        uses[number]--;
        lock.unlock();
    }

    /** Adds a process. Relations locked. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void add(Process process) {
        processes.set(process.id(), process);
        process.nextInTable = first;
        if (first != null) {
            first.previousInTable = process;
        }
        first = process;
        processCount++;
    }

    /** Removes a process that was waited for; its number loses this use. Relations locked. */
    void remove(Process process) {
        processes.set(process.id(), null);
        if (process.nextInTable != null) {
            process.nextInTable.previousInTable = process.previousInTable;
        }
        if (process.previousInTable != null) {
            process.previousInTable.nextInTable = process.nextInTable;
        } else {
            first = process.nextInTable;
        }
        processCount--;
        uses[process.id()]--;
    }

    /** Adds a thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void add(UserThread thread) {
        lock.lock();
        threads.set(thread.id(), thread);
        threadCount++;
        forks++;
        lock.unlock();
    }

    /** Removes a thread that has ended; the number of one that is not its process's first loses this use. */
    void remove(UserThread thread) {
        lock.lock();
        threads.set(thread.id(), null);
        threadCount--;
        if (thread.id() != thread.process().id()) {
            uses[thread.id()]--;
        }
        lock.unlock();
    }

    /** execve(2) by a thread that is not the first: it takes over the first one's number. */
    void renumber(UserThread thread, int oldId) {
        lock.lock();
        threads.set(oldId, null);
        threads.set(thread.id(), thread);
        uses[oldId]--;
        lock.unlock();
    }
}
