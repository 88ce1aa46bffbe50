package biscotti.driver.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool gives each packet to one at a time, all of them, and says when there is none. */
@Timeout(60)
class PacketPoolTest {
    private final SimulatedMachine machine = SimulatedMachine.builder().cpus(4).build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final PacketPool pool = PacketPool.of(machine, new FrameAllocator(machine), 512);

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    @Test
    void allCanBeTakenAndNoMore() throws InterruptedException {
        scheduler.start();
        TestThreads.run(machine, scheduler, () -> {
            PacketQueue taken = new PacketQueue();
            Set<Packet> different = new HashSet<>();
            for (int i = 0; i < pool.size(); i++) {
                Packet packet = pool.take();
                assertFalse(packet.isNone());
                assertTrue(different.add(packet));
                taken.add(packet);
            }
            assertTrue(pool.take().isNone());
            assertEquals(0, pool.free());
            taken.release();
            assertEquals(512, pool.free());
        });
    }

    @Test
    void packetsOfOneCpuCanBeHadByAnother() throws InterruptedException {
        scheduler.start();
        TestThreads.run(machine, scheduler, () -> {
            PacketQueue taken = new PacketQueue();
            for (int i = 0; i < 512; i++) {
                taken.add(pool.take());
            }
            KernelThread.current().setAffinity(1);
            KernelThread.current().yieldCpu();
            for (int i = 0; i < 40; i++) {
                taken.take().release(); // stay at this CPU's hand
            }
            KernelThread.current().setAffinity(2);
            KernelThread.current().yieldCpu();
            for (int i = 0; i < 40; i++) {
                Packet packet = pool.take();
                assertFalse(packet.isNone());
                taken.add(packet);
            }
            assertTrue(pool.take().isNone());
            taken.release();
        });
    }

    @Test
    void whenAllCpusTakeAndReleaseNoneIsLost() throws InterruptedException {
        scheduler.start();
        Runnable[] users = new Runnable[8];
        for (int i = 0; i < users.length; i++) {
            int seed = i;
            users[i] = () -> use(new Random(seed));
        }
        TestThreads.run(machine, scheduler, users);
        assertEquals(512, pool.free());
    }

    private void use(Random random) {
        PacketQueue mine = new PacketQueue();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(100) < 50 && mine.size() < 60) {
                Packet packet = pool.take();
                if (!packet.isNone()) {
                    assertEquals(0, packet.length());
                    packet.extend(1);
                    mine.add(packet);
                }
            } else if (!mine.isEmpty()) {
                mine.take().release();
            }
            if (i % 97 == 0) {
                KernelThread.current().yieldCpu();
            }
        }
        mine.release();
    }
}
