package biscotti.syscall;

import biscotti.process.UserThread;

/** System calls about the numbers of threads. */
public final class ThreadCalls {
    /** The family has no state. */
    public ThreadCalls() {}

    /** gettid(2). */
    @SystemCall(number = 186, name = "gettid")
    public long gettid(UserThread caller) {
        return caller.id();
    }

    /** set_tid_address(2). */
    @SystemCall(number = 218, name = "set_tid_address")
    public long setTidAddress(UserThread caller, long address) {
        caller.setClearChildTid(address);
        return caller.id();
    }
}
