/** Locks on files: those on ranges of bytes of fcntl(2), and those on whole files of flock(2). */
package biscotti.file.lock;
