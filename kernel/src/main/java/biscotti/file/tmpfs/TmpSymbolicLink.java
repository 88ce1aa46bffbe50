package biscotti.file.tmpfs;

import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;

/** A symbolic link in memory. */
final class TmpSymbolicLink extends SymbolicLink {
    private final String target;

    TmpSymbolicLink(TmpFileSystem tmpfs, String target, int userId, int groupId) {
        super(tmpfs, tmpfs.nextNumber(), userId, groupId);
        this.target = target;
    }

    @Override
    public long size() {
        return target.length();
    }

    @Override
    public int target(Caller caller, Slot<String> path) {
        return path.put(target);
    }
}
