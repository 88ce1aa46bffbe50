package biscotti.file.tmpfs;

import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.DataVnode;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;

/** Files in memory that never have a path: memfd_create(2). They are in a tmpfs of their own, which is mounted nowhere. */
public final class MemoryFiles {
    private final TmpFileSystem tmpfs;
    private final Mount mount;

    /** Files in a file system that nobody else uses. */
    public MemoryFiles(TmpFileSystem tmpfs) {
        this.tmpfs = tmpfs;
        this.mount = Mount.top(tmpfs);
    }

    /**
     * Makes a file and opens it for reading and writing.
     *
     * @param name what /proc/PID/fd and maps show behind {@code /memfd:}
     * @param permissions of the file
     * @param seals that it begins with, a union of {@link biscotti.abi.SealFlags}
     * @return 0
     */
    public int create(Caller caller, String name, int permissions, int seals, Slot<OpenFile> opened) {
        DataVnode file = tmpfs.unnamed(caller.identity(), permissions, seals);
        file.retain();
        file.allowWriter();
        Place place = new Place(Place.Kind.ANONYMOUS, mount, file, tmpfs.root(), "/memfd:" + name + " (deleted)");
        int error = file.open(caller, place, OpenFlags.O_RDWR | OpenFlags.O_LARGEFILE, opened);
        if (error == 0) {
            opened.get().countedAsWriter();
        }
        return error;
    }
}
