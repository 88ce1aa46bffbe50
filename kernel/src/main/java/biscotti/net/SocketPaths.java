package biscotti.net;

/** The tree of files, in which sockets have names. Made for one system call of one thread. */
public interface SocketPaths {
    /**
     * Makes a name for a socket, with the permissions that the umask leaves.
     *
     * @return 0; -EEXIST, or another errno of mknod(2)
     */
    int make(String path, Socket socket);

    /** What {@link #make} has made. */
    Binding made();

    /**
     * Finds the socket that has a name.
     *
     * @return 0; -ECONNREFUSED if nobody has bound a socket to it, -EACCES without permission to write, or another errno of
     *     path_resolution(7)
     */
    int find(String path, SocketSlot found);

    /** A name that leads to a socket. */
    interface Binding {
        /** That no name leads to a socket. */
        Binding NONE = new Binding() {
            @Override
            public void end() {}

            @Override
            public void undo() {}
        };

        /** The name stays, but leads nowhere: the socket is closed. Once. */
        void end();

        /** Takes the name away, which should not have been made. */
        void undo();
    }
}
