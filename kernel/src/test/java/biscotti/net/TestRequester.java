package biscotti.net;

import biscotti.bounded.Rounds;

/** A thread that asks for sockets: a user, who may all or nothing. */
public record TestRequester(int user, boolean privileged, SocketAccount socketAccount) implements Requester {
    /** One with an account of its own. */
    public TestRequester(int user, boolean privileged) {
        this(user, privileged, new SocketAccount());
    }

    @Override
    public SenderCredentials credentials() {
        return new SenderCredentials(1, user, user);
    }

    @Override
    public Party party() {
        return Party.NOBODY;
    }

    @Override
    public boolean hasCapability(int capability) {
        return privileged;
    }

    @Override
    public int openFilesLimit() {
        return Integer.MAX_VALUE;
    }

    @Override
    public SocketPaths socketPaths() {
        throw new AssertionError("no socket here has a path");
    }

    @Override
    public Rounds rounds() {
        return Rounds.FREE;
    }
}
