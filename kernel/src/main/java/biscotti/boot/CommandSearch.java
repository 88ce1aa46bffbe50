package biscotti.boot;

import biscotti.abi.AtFlags;
import biscotti.abi.Errno;
import biscotti.file.Caller;
import biscotti.file.PathWalk;

/** Finds the program that a command's name means, as execvp(3) does. */
final class CommandSearch {
    /** Where programs are looked for. */
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Caller caller;
    private String path = "";

    CommandSearch(Caller caller) {
        this.caller = caller;
    }

    /** Looks for a command; 0 if it was found and may be executed, -ENOENT, -EACCES, or another errno of path_resolution(7). */
    int find(String command) {
        if (command.indexOf('/') >= 0) {
            return tryPath(command);
        }
        int result = -Errno.ENOENT;
        int start = 0;
        while (start <= PATH.length()) {
            int colon = PATH.indexOf(':', start);
            int end = colon < 0 ? PATH.length() : colon;
            int error = tryPath(PATH.substring(start, end) + "/" + command);
            if (error == 0) {
                return 0;
            }
            if (error == -Errno.EACCES) {
                result = error;
            }
            start = end + 1;
        }
        return result;
    }

    private int tryPath(String candidate) {
        PathWalk walk = new PathWalk(caller);
        int error = walk.resolve(AtFlags.AT_FDCWD, candidate, PathWalk.FOLLOW);
        if (error == 0) {
            error = walk.vnode().checkExecutable(caller.identity());
        }
        if (error == 0) {
            path = candidate;
        }
        return error;
    }

    /** The path that was found. */
    String path() {
        return path;
    }
}
