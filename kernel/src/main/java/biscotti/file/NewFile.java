package biscotti.file;

import biscotti.abi.FileMode;

/**
 * What a new file has from its maker and its directory (inode(7)).
 *
 * @param mode its type and permissions
 */
public record NewFile(int mode, int userId, int groupId) {
    /** As it is in a directory: one with the set-group-id bit gives its group to all that is made in it, and the bit to directories. */
    public static NewFile in(Directory parent, Identity maker, int mode) {
        if ((parent.mode() & FileMode.S_ISGID) == 0) {
            return new NewFile(mode, maker.userId(), maker.groupId());
        }
        int own = FileMode.isDirectory(mode) ? mode | FileMode.S_ISGID : withoutForeignGroup(parent, maker, mode);
        return new NewFile(own, maker.userId(), parent.groupId());
    }

    /** A program that gets the directory's group does not act as it if its maker could not. */
    private static int withoutForeignGroup(Directory parent, Identity maker, int mode) {
        int program = FileMode.S_ISGID | FileMode.S_IXGRP;
        boolean foreign =
                (mode & program) == program && !maker.inGroup(parent.groupId()) && !maker.has(Identity.CAP_FSETID);
        return foreign ? mode & ~FileMode.S_ISGID : mode;
    }
}
