package biscotti.file;

/**
 * One operation on names, as its file system stores it: all that is done between {@link FileSystem#beginChange} and {@link #end} is lasting as a
 * whole, or not at all. It is begun when the directories are locked, and ended before a file gives its storage back, for that is a
 * change of its own. A thread has one at a time.
 */
public interface Change {
    /** That of a file system that keeps nothing beyond a restart: it costs nothing. */
    Change NONE = new Change() {
        @Override
        public int error() {
            return 0;
        }

        @Override
        public int store(Vnode vnode) {
            return 0;
        }

        @Override
        public int end() {
            return 0;
        }
    };

    /** 0; or why nothing can be changed, such as -EROFS: such a change is ended like others. */
    int error();

    /**
     * Stores a file's attributes, times and number of names as they are now in memory. A file with no name is stored as one to be
     * removed when nobody uses it any more, also by the next mount.
     *
     * @return 0; -EIO, -EROFS
     */
    int store(Vnode vnode);

    /** Ends it: 0, or the error with which nothing is stored any more. */
    int end();
}
