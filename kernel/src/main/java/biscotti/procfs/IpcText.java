package biscotti.procfs;

import biscotti.ipc.IpcObject;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.ipc.MessageQueue;
import biscotti.ipc.Segment;
import biscotti.ipc.SemaphoreSet;
import java.util.concurrent.TimeUnit;

/** The files of /proc/sysvipc (sysvipc(7)): a record for the heading, then one for each object. */
final class IpcText {
    private static final int FRAME_BYTES = 4096;
    private static final int NUMBER = 10;
    private static final int SMALL = 5;
    private static final int LARGE = 21;

    private final IpcSpace space;

    IpcText(IpcSpace space) {
        this.space = space;
    }

    /** Record 0 is the heading; record n + 1 the first object whose index is not below n. */
    private static <T extends IpcObject> long next(IpcTable<T> table, int index) {
        int found = table.next(index);
        return found < 0 ? Text.END : found + 1;
    }

    /** Appends what a row begins with; false if the object is gone. */
    private static <T extends IpcObject> boolean begin(IpcTable<T> table, T object, TextWindow out) {
        if (table.isAbsent(object)) {
            return false;
        }
        out.right(object.key(), NUMBER).append(' ').right(object.id(), NUMBER).append("  ");
        out.right(Integer.toOctalString(object.mode()), 4).append(' ');
        return true;
    }

    private static void owners(IpcObject object, TextWindow out) {
        out.append(' ').right(Integer.toUnsignedLong(object.userId()), SMALL);
        out.append(' ').right(Integer.toUnsignedLong(object.groupId()), SMALL);
        out.append(' ').right(Integer.toUnsignedLong(object.creatorUser()), SMALL);
        out.append(' ').right(Integer.toUnsignedLong(object.creatorGroup()), SMALL);
    }

    private static void time(long nanos, TextWindow out) {
        out.append(' ').right(TimeUnit.NANOSECONDS.toSeconds(nanos), NUMBER);
    }

    /** /proc/sysvipc/shm. */
    long segments(long record, TextWindow out) {
        IpcTable<Segment> table = space.segments();
        if (record == 0) {
            out.append("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid");
            out.append("      atime      dtime      ctime                   rss                  swap\n");
            return next(table, 0);
        }
        int index = (int) Math.min(record, Integer.MAX_VALUE) - 1;
        Segment segment = table.atIndex(index);
        if (begin(table, segment, out)) {
            out.right(segment.size(), LARGE).append(' ').right(segment.creatorProcess(), SMALL);
            out.append(' ').right(segment.lastProcess(), SMALL).append("  ").right(segment.attached(), SMALL);
            owners(segment, out);
            time(segment.attachTime(), out);
            time(segment.detachTime(), out);
            time(segment.changeTime(), out);
            out.append(' ')
                    .right(segment.pages() * FRAME_BYTES, LARGE)
                    .append(' ')
                    .right(0, LARGE)
                    .append('\n');
        }
        return next(table, index + 1);
    }

    /** /proc/sysvipc/sem. */
    long sets(long record, TextWindow out) {
        IpcTable<SemaphoreSet> table = space.sets();
        if (record == 0) {
            out.append("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
            return next(table, 0);
        }
        int index = (int) Math.min(record, Integer.MAX_VALUE) - 1;
        SemaphoreSet set = table.atIndex(index);
        if (begin(table, set, out)) {
            out.right(set.count(), NUMBER);
            owners(set, out);
            time(set.operationTime(), out);
            time(set.changeTime(), out);
            out.append('\n');
        }
        return next(table, index + 1);
    }

    /** /proc/sysvipc/msg. */
    long queues(long record, TextWindow out) {
        IpcTable<MessageQueue> table = space.queues();
        if (record == 0) {
            out.append("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid");
            out.append("      stime      rtime      ctime\n");
            return next(table, 0);
        }
        int index = (int) Math.min(record, Integer.MAX_VALUE) - 1;
        MessageQueue queue = table.atIndex(index);
        if (begin(table, queue, out)) {
            out.append(' ').right(queue.bytes(), NUMBER).append(' ').right(queue.count(), NUMBER);
            out.append(' ').right(queue.lastSender(), SMALL).append(' ').right(queue.lastReceiver(), SMALL);
            owners(queue, out);
            time(queue.sendTime(), out);
            time(queue.receiveTime(), out);
            time(queue.changeTime(), out);
            out.append('\n');
        }
        return next(table, index + 1);
    }
}
