package biscotti.file.pipe;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import biscotti.file.AnonymousFiles;
import biscotti.file.Caller;
import biscotti.file.Devices;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import java.util.function.LongSupplier;

/** Makes pipes: pipe(2). A pipe is a FIFO without a name. */
public final class Pipes {
    private static final long MAGIC = 0x50495045;

    private static final int USUAL_LARGEST = 1 << 20;
    private static final int MOST_BYTES = 1 << 30;

    private static volatile int largest = USUAL_LARGEST;

    private final AnonymousFiles files;
    private final Devices devices;

    /** Makes pipes whose vnodes have times of a clock. */
    public Pipes(Devices devices, LongSupplier wallClock) {
        this.files = new AnonymousFiles("pipefs", MAGIC, devices, wallClock);
        this.devices = devices;
    }

    /** {@code /proc/sys/fs/pipe-max-size}: to how many bytes F_SETPIPE_SZ makes a pipe larger without CAP_SYS_RESOURCE. */
    public static int largest() {
        return largest;
    }

    /** Sets {@link #largest}, rounded up to what a pipe can have: 0, or -EINVAL if none can. */
    public static int setLargest(long bytes) {
        if (bytes < 0 || bytes > MOST_BYTES) {
            return -EINVAL;
        }
        largest = Pipe.rounded((int) bytes);
        return 0;
    }

    /**
     * Makes a pipe.
     *
     * @param flags O_NONBLOCK of pipe2(2), for both ends, and O_DIRECT, for the one that is written to
     */
    public void make(Caller caller, int flags, Slot<OpenFile> reader, Slot<OpenFile> writer) {
        long number = files.nextNumber();
        Identity who = caller.identity();
        SpecialFile fifo =
                new SpecialFile(files, number, FileMode.S_IFIFO | 0600, who.userId(), who.groupId(), 0, devices);
        Place place = files.place(fifo, "pipe:[" + number + "]");
        open(caller, place, OpenFlags.O_RDONLY, flags & ~OpenFlags.O_DIRECT, reader);
        open(caller, place, OpenFlags.O_WRONLY, flags, writer);
    }

    private static void open(Caller caller, Place place, int access, int flags, Slot<OpenFile> opened) {
        place.vnode().retain();
        int error = place.vnode().open(caller, place, access, opened);
        if (error < 0) {
            throw new IllegalStateException("an end of a new pipe cannot be opened: " + error);
        }
        opened.get().setFlags(flags);
    }
}
