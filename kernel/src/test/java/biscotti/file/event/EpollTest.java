package biscotti.file.event;

import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Epoll;
import biscotti.abi.LittleEndian;
import biscotti.abi.Mman;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.AnonymousInode;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.memory.AddressSpace;
import biscotti.sched.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An epoll does what epoll(7) says, whatever happens at the same time. */
@Timeout(60)
class EpollTest {
    private final TestSystem system = new TestSystem(8 << 20);
    private final TestCaller caller = system.newCaller();
    private final AnonymousInode inode = new AnonymousInode(system.devices(), () -> 0);
    private final EpollNesting nesting = new EpollNesting();
    private final EpollFile epoll = newEpoll();

    @AfterEach
    void close() {
        system.close();
    }

    private EpollFile newEpoll() {
        return new EpollFile(inode, nesting);
    }

    private EventFile newCounter(int initial) {
        return new EventFile(inode, initial, OpenFlags.O_NONBLOCK, false);
    }

    private void add(EventFile counter, long value) {
        byte[] bytes = new byte[Long.BYTES];
        LittleEndian.putLong(bytes, 0, value);
        assertEquals(Long.BYTES, counter.write(caller, system.transfer(bytes)));
    }

    private long take(EventFile counter) {
        byte[] bytes = new byte[Long.BYTES];
        long result = counter.read(caller, system.transfer(bytes));
        return result < 0 ? result : LittleEndian.getLong(bytes, 0);
    }

    @Test
    void aCloseThatMeetsARemovalLeavesNothingBehind() throws InterruptedException {
        for (int round = 0; round < 2000; round++) {
            EventFile counter = newCounter(1);
            assertEquals(0, epoll.add(3, counter, Poll.POLLIN, 0));
            counter.retain();
            system.run(
                    () -> {
                        epoll.remove(3, counter);
                        counter.release();
                    },
                    counter::release);
            assertEquals(0, epoll.events());
            assertEquals(-ENOENT, epoll.remove(3, counter));
        }
    }

    @Test
    void anEpollThatIsClosedLetsGoOfItsFiles() throws InterruptedException {
        for (int round = 0; round < 2000; round++) {
            EventFile counter = newCounter(1);
            EpollFile closing = newEpoll();
            assertEquals(0, closing.add(3, counter, Poll.POLLIN, 0));
            system.run(closing::release, counter::release);
        }
        EventFile counter = newCounter(0);
        EpollFile closed = newEpoll();
        assertEquals(0, closed.add(3, counter, Poll.POLLIN, 0));
        closed.release();
        add(counter, 1);
        assertEquals(0, closed.events());
    }

    @Test
    void epollsMayNotFormALoopOrALongChain() {
        EpollFile[] chain = new EpollFile[6];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = newEpoll();
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(0, chain[i].add(i, chain[i + 1], Poll.POLLIN, 0));
        }
        assertEquals(-ELOOP, chain[4].add(9, chain[5], Poll.POLLIN, 0), "a chain of six");
        assertEquals(-ELOOP, chain[4].add(9, chain[0], Poll.POLLIN, 0), "a loop");
        assertEquals(0, chain[0].add(9, chain[3], Poll.POLLIN, 0), "a shorter way");
        assertEquals(0, chain[0].remove(0, chain[1]));
        assertEquals(0, chain[4].add(9, chain[5], Poll.POLLIN, 0), "a chain that has become shorter");
    }

    @Test
    void anEventPassesThroughAChain() {
        EventFile counter = newCounter(0);
        EpollFile outer = newEpoll();
        assertEquals(0, epoll.add(0, counter, Poll.POLLIN, 0));
        assertEquals(0, outer.add(1, epoll, Poll.POLLIN, 0));
        assertEquals(0, outer.events());
        add(counter, 1);
        assertEquals(Poll.READABLE, outer.events());
        assertEquals(1, take(counter));
        assertEquals(0, outer.events());
    }

    /** Threads give and take tokens through several counters; with one shot, each token wakes one taker. */
    @Test
    void noEventIsLostAndAOneShotIsToldOnce() throws InterruptedException {
        long seed = System.nanoTime();
        int tokens = 3000;
        EventFile[] counters = new EventFile[4];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = newCounter(0);
            assertEquals(0, epoll.add(i, counters[i], Poll.POLLIN | Epoll.EPOLLONESHOT, i));
        }
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger[] holders = new AtomicInteger[counters.length];
        for (int i = 0; i < holders.length; i++) {
            holders[i] = new AtomicInteger();
        }
        EventFile end = newCounter(0);
        assertEquals(0, epoll.add(100, end, Poll.POLLIN, 100));
        List<Runnable> bodies = new ArrayList<>();
        bodies.add(() -> {
            Random random = new Random(seed);
            for (int i = 0; i < tokens; i++) {
                add(counters[random.nextInt(counters.length)], 1);
            }
        });
        for (int thread = 0; thread < 3; thread++) {
            TestCaller own = system.newCaller();
            bodies.add(() -> takeTokens(own, counters, holders, taken, tokens, end));
        }
        system.run(bodies.toArray(Runnable[]::new));
        assertEquals(tokens, taken.get(), "seed " + seed);
    }

    private void takeTokens(
            TestCaller own,
            EventFile[] counters,
            AtomicInteger[] holders,
            AtomicInteger taken,
            int all,
            EventFile end) {
        long address = own.memory()
                .space()
                .map(0, 4096, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_PRIVATE, 0, AddressSpace.zeros(), 0);
        byte[] event = new byte[Epoll.EVENT_SIZE];
        while (true) {
            int count = epoll.await(own.memory(), address, 1, Waiter.FOREVER);
            assertEquals(1, count);
            assertEquals(0, own.memory().read(address, event, 0, event.length));
            int index = (int) LittleEndian.getLong(event, Epoll.EVENT_DATA);
            if (index == 100) {
                return;
            }
            assertEquals(1, holders[index].incrementAndGet(), "one shot, told twice");
            long tokens = take(counters[index]);
            holders[index].decrementAndGet();
            assertTrue(tokens > 0, "told of nothing");
            assertEquals(0, epoll.modify(index, counters[index], Poll.POLLIN | Epoll.EPOLLONESHOT, index));
            if (taken.addAndGet((int) tokens) == all) {
                add(end, 1);
            }
        }
    }
}
