package biscotti.net.unix;

/** Tells how many owners the open file of a socket has. */
public interface SocketFileOwners {
    /** Of a socket without a file: nobody can put it into a message. */
    SocketFileOwners NO_FILE = () -> Integer.MAX_VALUE;

    /** How many descriptors, messages and calls under way refer to the file. */
    int owners();
}
