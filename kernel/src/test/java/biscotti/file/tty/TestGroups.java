package biscotti.file.tty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Process groups that remember what they were sent, as {@code group:signal}. */
final class TestGroups implements ProcessGroups {
    final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public void signal(int group, int signal) {
        sent.add(group + ":" + signal);
    }

    @Override
    public int sessionOf(int group) {
        return 1;
    }

    @Override
    public void hangUpLeader(int session) {
        sent.add(session + ":hang-up");
    }
}
