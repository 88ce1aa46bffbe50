package biscotti.ipc;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EIDRM;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOMSG;
import static biscotti.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Ipc;
import biscotti.abi.LittleEndian;
import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.file.Identity;
import biscotti.file.TestSystem;
import biscotti.heap.HeapShare;
import biscotti.memory.AddressSpace;
import biscotti.memory.Region;
import biscotti.memory.UserMemory;
import biscotti.sched.KernelThread;
import biscotti.sched.Waiter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments, semaphores and messages keep what sysvipc(7) promises, and give back all frames. */
@Timeout(60)
class IpcTest {
    private static final Identity WHO = Identity.KERNEL;
    private static final int PROCESS = 7;
    private static final int MODE = 0600;

    private final TestSystem system = new TestSystem(8 << 20);
    private final IpcSpace space =
            new IpcSpace(system.machine().memory(), system.frames(), () -> 1, HeapShare.UNLIMITED);

    @AfterEach
    void close() {
        system.close();
    }

    private long freeFrames() {
        system.frames().drainCaches();
        return system.frames().freeFrames();
    }

    private static byte[] operation(int semaphore, int change, int flags) {
        byte[] bytes = new byte[6];
        LittleEndian.putShort(bytes, 0, (short) semaphore);
        LittleEndian.putShort(bytes, 2, (short) change);
        LittleEndian.putShort(bytes, 4, (short) flags);
        return bytes;
    }

    private static int operate(SemaphoreSet set, UndoList undo, int semaphore, int change, int flags) {
        Waiter waiter = KernelThread.current().waiter();
        return set.operate(WHO, PROCESS, operation(semaphore, change, flags), 1, undo, waiter, Waiter.FOREVER);
    }

    private SemaphoreSet newSet(int count) {
        return space.sets().get(SemaphoreSet.get(space, WHO, Ipc.IPC_PRIVATE, count, MODE, Rounds.FREE));
    }

    @Test
    void aKeyLeadsToOneObjectUntilThatIsRemoved() {
        int id = MessageQueue.get(space, WHO, 5, Ipc.IPC_CREAT | MODE, Rounds.FREE);
        assertEquals(id, MessageQueue.get(space, WHO, 5, Ipc.IPC_CREAT | MODE, Rounds.FREE));
        assertEquals(-EEXIST, MessageQueue.get(space, WHO, 5, Ipc.IPC_CREAT | Ipc.IPC_EXCL, Rounds.FREE));
        assertEquals(0, space.queues().get(id).remove());
        assertEquals(-ENOENT, MessageQueue.get(space, WHO, 5, MODE, Rounds.FREE));
        int next = MessageQueue.get(space, WHO, 5, Ipc.IPC_CREAT | MODE, Rounds.FREE);
        assertTrue(next != id, "a number is not used again at once");
        assertTrue(space.queues().isAbsent(space.queues().get(id)));
        assertEquals(0, space.queues().setLimit(1));
        assertEquals(-ENOSPC, MessageQueue.get(space, WHO, 6, Ipc.IPC_CREAT | MODE, Rounds.FREE));
    }

    @Test
    void aSegmentLivesUntilItsLastUserHasGone() {
        long free = freeFrames();
        int id = Segment.get(space, WHO, PROCESS, 9, 10000, Ipc.IPC_CREAT | MODE, Rounds.FREE);
        Segment segment = space.segments().get(id);
        AddressSpace user = system.newCaller().memory().space();
        assertEquals(0, segment.beginAttach());
        long at = user.map(0, 10000, Mman.PROT_READ | Mman.PROT_WRITE, 0, Region.SHARED, segment, 0);
        segment.endAttach(PROCESS, true);
        assertEquals(0, new UserMemory(user).writeInt(at + 8192, 42));
        segment.remove();
        assertEquals(id, segment.id());
        assertEquals(1, segment.attached());
        assertEquals(-ENOENT, Segment.get(space, WHO, PROCESS, 9, 1, MODE, Rounds.FREE));
        assertEquals(42, new UserMemory(user).readInt(at + 8192));
        user.leave();
        assertTrue(space.segments().isAbsent(space.segments().get(id)));
        assertEquals(-EIDRM, segment.beginAttach());
        assertEquals(0, space.segmentPages());
        assertEquals(free, freeFrames());
    }

    @Test
    void operationsAreDoneAllOrNone() throws InterruptedException {
        system.run(() -> {
            SemaphoreSet set = newSet(2);
            byte[] both = new byte[12];
            System.arraycopy(operation(0, 3, 0), 0, both, 0, 6);
            System.arraycopy(operation(1, -1, Ipc.IPC_NOWAIT), 0, both, 6, 6);
            Waiter waiter = KernelThread.current().waiter();
            int result = set.operate(WHO, PROCESS, both, 2, new UndoList(), waiter, Waiter.FOREVER);
            assertEquals(-EAGAIN, result);
            assertEquals(0, set.value(0));
        });
    }

    @Test
    void whatIsToBeUndoneIsWhenTheLastThreadLeaves() throws InterruptedException {
        long free = freeFrames();
        system.run(() -> {
            SemaphoreSet set = newSet(3);
            UndoList undo = new UndoList();
            undo.join();
            assertEquals(0, operate(set, undo, 1, 5, Ipc.SEM_UNDO));
            assertEquals(0, operate(set, undo, 1, -2, Ipc.SEM_UNDO));
            assertEquals(0, operate(set, undo, 1, 4, 0));
            undo.leave(PROCESS);
            assertEquals(7, set.value(1));
            undo.leave(PROCESS);
            assertEquals(4, set.value(1));
            UndoList late = new UndoList();
            assertEquals(0, operate(set, late, 0, 1, Ipc.SEM_UNDO));
            assertEquals(0, set.remove());
            late.leave(PROCESS);
        });
        assertEquals(free, freeFrames());
        assertEquals(0, space.semaphores());
    }

    @Test
    void aSemaphoreGuardsWhatSeveralThreadsChange() throws InterruptedException {
        SemaphoreSet set = newSet(1);
        assertEquals(0, set.setValues(0, new byte[] {1, 0}, 1, PROCESS));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Runnable body = () -> {
            UndoList undo = new UndoList();
            for (int i = 0; i < 500; i++) {
                assertEquals(0, operate(set, undo, 0, -1, Ipc.SEM_UNDO));
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                assertEquals(0, operate(set, undo, 0, 1, Ipc.SEM_UNDO));
            }
            undo.leave(PROCESS);
        };
        system.run(body, body, body);
        assertEquals(1, most.get());
        assertEquals(1, set.value(0));
    }

    @Test
    void aQueueBehavesAsAListOfMessages() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        UserMemory memory = system.newCaller().memory();
        long buffer = memory.space().map(0, 1 << 16, 3, Mman.MAP_PRIVATE, 0, AddressSpace.zeros(), 0);
        memory.zero(buffer, 1 << 14);
        long free = freeFrames();
        system.run(() -> {
            MessageQueue queue = space.queues().get(MessageQueue.get(space, WHO, 0, MODE, Rounds.FREE));
            Queue<byte[]> model = new ArrayDeque<>();
            for (int i = 0; i < 2000; i++) {
                if (random.nextBoolean()) {
                    byte[] message = new byte[random.nextInt(3000) + 1];
                    random.nextBytes(message);
                    message[0] = (byte) (random.nextInt(3) + 1);
                    memory.write(buffer, message, 0, message.length);
                    int sent = queue.send(
                            WHO,
                            KernelThread.current(),
                            PROCESS,
                            memory,
                            message[0],
                            buffer,
                            message.length,
                            Ipc.IPC_NOWAIT);
                    long bytes = model.stream().mapToLong(each -> each.length).sum();
                    assertEquals(bytes + message.length <= space.queueBytes() ? 0 : -EAGAIN, sent);
                    if (sent == 0) {
                        model.add(message);
                    }
                } else {
                    int type = random.nextInt(4);
                    receive(queue, memory, buffer, type, take(model, type));
                }
            }
            assertEquals(model.size(), queue.count());
            assertEquals(0, queue.remove());
        });
        assertEquals(free, freeFrames());
        assertEquals(0, space.messageBytes());
    }

    private static byte[] take(Queue<byte[]> model, int type) {
        for (Iterator<byte[]> each = model.iterator(); each.hasNext(); ) {
            byte[] message = each.next();
            if (type == 0 || message[0] == type) {
                each.remove();
                return message;
            }
        }
        return new byte[0];
    }

    private static void receive(MessageQueue queue, UserMemory memory, long buffer, int type, byte[] expected) {
        KernelThread thread = KernelThread.current();
        if (expected.length > 1) {
            assertEquals(
                    -E2BIG,
                    queue.receive(WHO, thread, PROCESS, memory, buffer, expected.length - 1, type, Ipc.IPC_NOWAIT));
        }
        long length = queue.receive(WHO, thread, PROCESS, memory, buffer, 3000, type, Ipc.IPC_NOWAIT);
        assertEquals(expected.length == 0 ? -ENOMSG : expected.length, length);
        byte[] read = new byte[expected.length];
        assertEquals(0, memory.read(buffer + Long.BYTES, read, 0, read.length));
        org.junit.jupiter.api.Assertions.assertArrayEquals(expected, read);
    }
}
