package biscotti.process;

import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.file.DataVnode;
import biscotti.file.FileSystem;
import biscotti.file.KernelTransfer;
import biscotti.file.OpenFile;
import biscotti.file.tty.Tty;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Process accounting (acct(2)): a record for each process that ends, at the end of a file. Records are those of version 3, acct(5).
 * While less than 2 of 100 blocks of the file system are free, none is written until 4 are.
 */
public final class Accounting {
    private static final int RECORD_BYTES = 64;
    private static final int VERSION = 3;
    private static final int NAME_OFFSET = 48;
    private static final int NAME_BYTES = 15;

    /** Flags of a record: the process has not executed a program since fork(2); a signal killed it. */
    private static final int AFORK = 1;

    private static final int AXSIG = 0x10;
    private static final int SIGNAL_MASK = 0x7f;

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int SUSPEND_PERCENT = 2;
    private static final int RESUME_PERCENT = 4;
    private static final int PERCENT = 100;

    // comp_t: 13 bits, and above them 3 bits of an exponent of 8.
    private static final int FRACTION_BITS = 13;
    private static final int EXPONENT_BITS = 3;
    private static final int MOST_FRACTION = (1 << FRACTION_BITS) - 1;
    private static final int MOST_EXPONENT = (1 << EXPONENT_BITS) - 1;
    private static final int TOO_MUCH = 0xffff;

    private final Processes system;

    /** Guards the file: one record is written after the other. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile OpenFile file = OpenFile.CLOSED;
    private boolean suspended;

    Accounting(Processes system) {
        this.system = system;
    }

    /**
     * Writes to another file from now on; the last record in the one before is about who says so.
     *
     * @param next a regular file, which is owned from now on; {@link OpenFile#CLOSED} for none
     */
    public void setFile(UserThread caller, OpenFile next) {
        if (isOn()) {
            write(caller, 0, 0);
        }
        lock.lock();
        OpenFile before = file;
        file = next;
        suspended = false;
        lock.unlock();
        if (before != OpenFile.CLOSED) {
            before.release();
        }
    }

    /** Whether there is something to write. */
    boolean isOn() {
        return file != OpenFile.CLOSED;
    }

    /**
     * Writes the record of a process that is about to end.
     *
     * @param last its last thread
     * @param status how it ends, as wait4(2) tells it
     * @param mapped how many bytes its address space had
     */
    void write(UserThread last, int status, long mapped) {
        byte[] record = record(last, status, mapped);
        lock.lock();
        try {
            if (file.vnode() instanceof DataVnode data && hasRoom(data.fileSystem())) {
                data.append(new KernelTransfer(system.machine().memory(), record, 0, record.length));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(FileSystem fileSystem) {
        FileSystem.Statistics statistics = fileSystem.statistics();
        long share = statistics.blocks() / PERCENT;
        suspended = statistics.freeBlocks() <= (suspended ? RESUME_PERCENT : SUSPEND_PERCENT) * share;
        return !suspended;
    }

    private byte[] record(UserThread last, int status, long mapped) {
        Process process = last.process();
        boolean killed = (status & SIGNAL_MASK) != 0;
        byte[] record = new byte[RECORD_BYTES];
        record[0] = (byte) ((process.lineage.hasExecuted() ? 0 : AFORK) | (killed ? AXSIG : 0));
        record[1] = VERSION;
        int terminal = last.job().terminal().get().map(Tty::device).orElse(0);
        putShort(record, 2, (short) terminal);
        putInt(record, 4, status);
        putInt(record, 8, last.identity().user().real());
        putInt(record, 12, last.identity().group().real());
        putInt(record, 16, process.id());
        putInt(record, 20, process.parentId());
        long elapsed = system.now() - process.times().startNanos();
        putInt(record, 24, (int)
                TimeUnit.NANOSECONDS.toSeconds(system.wallClock().nanos() - elapsed));
        putInt(record, 28, Float.floatToRawIntBits(elapsed / TICK));
        ProcessTimes.Usage usage = process.times().total();
        putShort(record, 32, compressed(usage.userNanos() / TICK));
        putShort(record, 34, compressed(usage.systemNanos() / TICK));
        putShort(record, 36, compressed(mapped >>> 10));
        putShort(record, 42, compressed(usage.faults()));
        String name = last.name();
        for (int i = 0; i < Math.min(name.length(), NAME_BYTES); i++) {
            record[NAME_OFFSET + i] = (byte) name.charAt(i);
        }
        return record;
    }

    /** A number as a comp_t, rounded as Linux does. */
    static short compressed(long number) {
        long fraction = number;
        int exponent = 0;
        boolean up = false;
        while (fraction > MOST_FRACTION) {
            up = (fraction & 1 << EXPONENT_BITS - 1) != 0;
            fraction >>>= EXPONENT_BITS;
            exponent++;
        }
        if (up && ++fraction > MOST_FRACTION) {
            fraction >>>= EXPONENT_BITS;
            exponent++;
        }
        return (short) (exponent > MOST_EXPONENT ? TOO_MUCH : exponent << FRACTION_BITS | fraction);
    }
}
