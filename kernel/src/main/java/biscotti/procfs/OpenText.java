package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.nio.charset.StandardCharsets;

/** An open file of text: each read from its start makes the text anew, what follows reads on in the same text. */
final class OpenText extends OpenFile {
    private final Text text;
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);
    private byte[] content = new byte[0];
    private long position;

    OpenText(Text text, Place place, int flags) {
        super(place, flags);
        this.text = text;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        lock.lock();
        try {
            long count = read(caller, to, position);
            position += Math.max(count, 0);
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected long doReadAt(Caller caller, Transfer to, long at) {
        lock.lock();
        try {
            return read(caller, to, at);
        } finally {
            lock.unlock();
        }
    }

    private long read(Caller caller, Transfer to, long at) {
        if (at == 0) {
            StringBuilder made = new StringBuilder();
            int error = text.write(caller, made);
            if (error < 0) {
                return error;
            }
            content = made.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
        int count = (int) Math.max(0, Math.min(to.remaining(), content.length - at));
        int error = count == 0 ? 0 : to.put(content, (int) at, count);
        return error < 0 ? error : count;
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return -EPERM;
    }

    @Override
    public long seek(long offset, int whence) {
        lock.lock();
        try {
            long target = switch (whence) {
                case Seek.SEEK_SET -> offset;
                case Seek.SEEK_CUR -> position + offset;
                default -> -1;
            };
            if (target < 0) {
                return -EINVAL;
            }
            position = target;
            return target;
        } finally {
            lock.unlock();
        }
    }
}
