package biscotti.file.socket;

import static biscotti.abi.Errno.EBADF;

import biscotti.abi.MessageFlags;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.net.unix.Cargo;
import biscotti.net.unix.UnixSocket;

/** Open files in a message, each with the message as an owner: SCM_RIGHTS of unix(7). */
public final class FileCargo extends Cargo {
    private final OpenFile[] files;

    private FileCargo(OpenFile[] files, UnixSocket[] sockets) {
        super(sockets, files.length);
        this.files = files;
    }

    /**
     * The files of some descriptors.
     *
     * @param descriptors of which the first {@code count} are meant
     * @return 0; -EBADF
     */
    public static int of(FileTable table, int[] descriptors, int count, Slot<Cargo> made) {
        OpenFile[] files = new OpenFile[Math.min(count, MessageFlags.SCM_MAX_FD)];
        for (int i = 0; i < files.length; i++) {
            OpenFile file = table.get(descriptors[i]);
            if (!file.tryRetain()) {
                release(files, i);
                return -EBADF;
            }
            files[i] = file;
        }
        return made.put(new FileCargo(files, socketsOf(files)));
    }

    private static UnixSocket[] socketsOf(OpenFile[] files) {
        int count = 0;
        for (OpenFile file : files) {
            count += file instanceof SocketFile open && open.socket() instanceof UnixSocket ? 1 : 0;
        }
        UnixSocket[] sockets = new UnixSocket[Math.min(count, MessageFlags.SCM_MAX_FD)];
        int filled = 0;
        for (OpenFile file : files) {
            if (file instanceof SocketFile open && open.socket() instanceof UnixSocket local) {
                sockets[filled] = local;
                filled++;
            }
        }
        return sockets;
    }

    private static void release(OpenFile[] files, int count) {
        for (int i = 0; i < count; i++) {
            files[i].release();
        }
    }

    /** A file; the message stays its owner. */
    public OpenFile get(int index) {
        return files[index];
    }

    @Override
    public Cargo copy() {
        for (OpenFile file : files) {
            file.retain();
        }
        return new FileCargo(files, socketsOf(files));
    }

    @Override
    public void discard() {
        release(files, files.length);
    }

    /** As {@link #discard}, while other files are being closed. */
    void release(OpenFile.Closing closing) {
        for (OpenFile file : files) {
            closing.release(file);
        }
    }
}
