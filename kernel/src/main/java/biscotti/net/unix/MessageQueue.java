package biscotti.net.unix;

import biscotti.net.Payload;

/**
 * What a socket has received: messages, first come first served, their bytes one after the other in a chain of frames. Guarded by the
 * socket's lock.
 */
final class MessageQueue {
    private final ByteChain bytes;
    private Message first;
    private Message last;
    private int count;
    private int marks;

    MessageQueue(ByteChain bytes) {
        this.bytes = bytes;
    }

    /** How many messages there are. */
    int count() {
        return count;
    }

    /** Whether there is none. */
    boolean isEmpty() {
        return first == null;
    }

    /** How many bytes they have together. */
    long length() {
        return bytes.length() - marks;
    }

    /** As {@link #length}, with a byte for each mark. */
    long end() {
        return bytes.length();
    }

    /** A message is only a mark from now on. */
    void mark(Message message) {
        message.mark = true;
        marks++;
    }

    /** The first message; null if there is none. */
    Message first() {
        return first;
    }

    /** The last message; null if there is none. */
    Message last() {
        return last;
    }

    /** Adds a message with so many bytes: 0, or an errno and nothing has changed. */
    int add(Message message, Payload from, int length) {
        int error = bytes.append(from, length);
        if (error < 0) {
            return error;
        }
        message.length = length;
        if (first == null) {
            first = message;
        } else {
            last.next = message;
        }
        last = message;
        count++;
        return 0;
    }

    /** Adds bytes to the last message: 0, or an errno and nothing has changed. */
    int extend(Payload from, int length) {
        int error = bytes.append(from, length);
        if (error == 0) {
            last.length += length;
        }
        return error;
    }

    /** Copies bytes, which stay: 0, or an errno. */
    int copy(long skip, Payload to, int length) {
        return bytes.copy(skip, to, length);
    }

    /** Takes bytes off the first message, which has as many. */
    void take(int length) {
        bytes.drop(length);
        first.length -= length;
    }

    /** Takes the first message away, with the bytes that it still has. */
    void removeFirst() {
        if (first.length > 0) {
            bytes.drop(first.length);
        }
        Message removed = first;
        marks -= removed.mark ? 1 : 0;
        first = removed.next;
        removed.next = null;
        if (first == null) {
            last = null;
        }
        count--;
    }

    /** Takes all messages away; their bytes are lost. The first one, which leads to the others; null if there was none. */
    Message removeAll() {
        Message all = first;
        first = null;
        last = null;
        count = 0;
        marks = 0;
        bytes.clear();
        return all;
    }
}
