package biscotti.abi;

/** Flags of send(2) and recv(2), and types of what messages carry beside data ({@code linux/socket.h}). */
public final class MessageFlags {
    /** Urgent data. */
    public static final int MSG_OOB = 1;

    /** Receive without taking. */
    public static final int MSG_PEEK = 2;

    /** What is beside the data was cut off. */
    public static final int MSG_CTRUNC = 8;

    /** The message was longer than the buffer; as an argument: tell its whole length. */
    public static final int MSG_TRUNC = 0x20;

    /** Do not wait. */
    public static final int MSG_DONTWAIT = 0x40;

    /** The end of a record. */
    public static final int MSG_EOR = 0x80;

    /** Wait until the buffer is full. */
    public static final int MSG_WAITALL = 0x100;

    /** No SIGPIPE. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** recvmmsg(2): wait for the first message only. */
    public static final int MSG_WAITFORONE = 0x10000;

    /** Descriptors that are received are closed by execve(2). */
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    /** Control message: descriptors. */
    public static final int SCM_RIGHTS = 1;

    /** Control message: credentials. */
    public static final int SCM_CREDENTIALS = 2;

    /** The most descriptors in one message. */
    public static final int SCM_MAX_FD = 253;

    /** Bytes of a time that comes with a message: {@code struct timeval} or {@code struct timespec}. */
    public static final int TIME_SIZE = 16;

    private MessageFlags() {}
}
