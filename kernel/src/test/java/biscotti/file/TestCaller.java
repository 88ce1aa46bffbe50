package biscotti.file;

import biscotti.bounded.Rounds;
import biscotti.file.tty.ControllingTerminal;
import biscotti.memory.AddressSpace;
import biscotti.memory.FrameAccount;
import biscotti.memory.UserMemory;
import biscotti.net.Party;
import biscotti.net.SenderCredentials;
import biscotti.net.SocketAccount;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process as files see it, whose every answer a test can set. */
public final class TestCaller implements Caller, JobMember {
    private final Identity identity;
    private final UserMemory memory;
    private final FileTable files = new FileTable();
    private final FileContext context;
    private boolean terminalGivenUp;
    private final ControllingTerminal terminal = new ControllingTerminal();
    private final SocketAccount socketAccount = new SocketAccount();
    private final FrameAccount frameAccount = new FrameAccount();
    private final List<Integer> signals = new CopyOnWriteArrayList<>();

    /** How it counts its work. */
    public volatile Rounds rounds = Rounds.FREE;

    /** RLIMIT_FSIZE. */
    public volatile long fileSizeLimit = Long.MAX_VALUE;

    /** RLIMIT_NOFILE. */
    public volatile int openFilesLimit = 1024;

    /** Its number, group and session: 1 makes it a session's leader. */
    public volatile int id = 1;

    /** Its process group. */
    public volatile int group = 1;

    /** Its session. */
    public volatile int session = 1;

    /** A signal that it refuses. */
    public volatile int refused;

    /** Whether its group is orphaned. */
    public volatile boolean orphaned;

    TestCaller(Identity identity, MountTable mounts, AddressSpace space) {
        this.identity = identity;
        this.context = new FileContext(mounts);
        this.memory = new UserMemory(space);
        context.setUmask(0);
    }

    /** The signals that it and its group were sent. */
    public List<Integer> signals() {
        return signals;
    }

    @Override
    public Rounds rounds() {
        return rounds;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public FileTable files() {
        return files;
    }

    @Override
    public FileContext fileContext() {
        return context;
    }

    @Override
    public SenderCredentials credentials() {
        return new SenderCredentials(id, identity.userId(), identity.groupId());
    }

    @Override
    public Party party() {
        return Party.NOBODY;
    }

    @Override
    public FrameAccount frameAccount() {
        return frameAccount;
    }

    @Override
    public SocketAccount socketAccount() {
        return socketAccount;
    }

    @Override
    public JobMember job() {
        return this;
    }

    @Override
    public int processId() {
        return id;
    }

    @Override
    public int threadId() {
        return id;
    }

    @Override
    public long fileSizeLimit() {
        return fileSizeLimit;
    }

    @Override
    public int openFilesLimit() {
        return openFilesLimit;
    }

    @Override
    public void raise(int signal) {
        signals.add(signal);
    }

    @Override
    public int processGroup() {
        return group;
    }

    @Override
    public int session() {
        return session;
    }

    @Override
    public boolean leadsSession() {
        return session == id;
    }

    @Override
    public boolean refuses(int signal) {
        return signal == refused;
    }

    @Override
    public boolean inOrphanedGroup() {
        return orphaned;
    }

    @Override
    public void signalGroup(int signal) {
        signals.add(signal);
    }

    @Override
    public ControllingTerminal terminal() {
        return terminal;
    }

    @Override
    public boolean hasGivenUpTerminal() {
        return terminalGivenUp;
    }

    @Override
    public void giveUpTerminal() {
        terminalGivenUp = true;
    }
}
