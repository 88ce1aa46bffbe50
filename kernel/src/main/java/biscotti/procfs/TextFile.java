package biscotti.procfs;

import static biscotti.abi.Errno.EPERM;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Vnode;

/** A file whose text is made when it is read. */
class TextFile extends Vnode {
    private final ProcFileSystem storage;
    private final Text text;
    private final Setting setting;

    /** A file that is there as long as somebody has it. */
    TextFile(ProcFileSystem fileSystem, long number, int permissions, int userId, int groupId, Text text) {
        this(fileSystem, number, permissions, userId, groupId, text, (writer, value) -> -EPERM);
    }

    /** A file that holds a number that can be set. */
    TextFile(
            ProcFileSystem fileSystem,
            long number,
            int permissions,
            int userId,
            int groupId,
            Text text,
            Setting setting) {
        super(fileSystem, number, FileMode.S_IFREG | permissions, userId, groupId);
        this.storage = fileSystem;
        this.text = text;
        this.setting = setting;
        addLink();
    }

    /** {@inheritDoc} A shell's {@code >} does this; there is nothing to cut. */
    @Override
    public int truncate(long length) {
        return 0;
    }

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return opened.put(new OpenText(text, setting, storage.memory(), storage.frames(), place, flags));
    }
}
