package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.Clocks;
import biscotti.abi.CloneFlags;
import biscotti.abi.Errno;
import biscotti.abi.Futex;
import biscotti.abi.WaitOptions;
import biscotti.machine.UserContext;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.UserCode;
import biscotti.machine.simulated.UserCpu;
import biscotti.syscall.SizedFutexCalls;
import org.junit.jupiter.api.Test;

/** futex_wake(2), futex_wait(2), futex_requeue(2): Linux's man-pages and its selftests (functional/futex_requeue.c). */
class SizedFutexCallsTest {
    private static final long WAKE = 454;
    private static final long WAIT = 455;
    private static final long REQUEUE = 456;
    private static final long WAITER = Kernel.INIT + 0x10_0000;
    private static final long WORD = Kernel.DATA;
    private static final long OTHER = Kernel.DATA + 8;
    private static final long SCRATCH = Kernel.DATA + 64;
    private static final long UNMAPPED = 0x1000;
    private static final long ALL = 0xffff_ffffL;
    private static final int OWN = Futex.FUTEX2_SIZE_U32 | Futex.PRIVATE_FLAG;
    private static final long THREAD_FLAGS = CloneFlags.CLONE_VM
            | CloneFlags.CLONE_FS
            | CloneFlags.CLONE_FILES
            | CloneFlags.CLONE_SIGHAND
            | CloneFlags.CLONE_THREAD;

    private static final class Calls implements SystemCallHandler {
        private final SystemCallHandler others = new TestCalls();
        private final SizedFutexCalls futexes = new SizedFutexCalls();

        @Override
        public long call(UserThread caller, int number) {
            UserContext given = caller.context();
            long word = given.argument(0);
            int fourth = (int) given.argument(3);
            return switch (number) {
                case (int) WAKE -> futexes.futexWake(caller, word, given.argument(1), (int) given.argument(2), fourth);
                case (int) WAIT ->
                    futexes.futexWait(
                            caller, word, given.argument(1), given.argument(2), fourth, given.argument(4), (int)
                                    given.argument(5));
                case (int) REQUEUE ->
                    futexes.futexRequeue(caller, word, (int) given.argument(1), (int) given.argument(2), fourth);
                default -> others.call(caller, number);
            };
        }
    }

    /** Runs a program; its waiters wait for WORD with the first bit. */
    private static void run(UserCode code) throws Exception {
        SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
        try (Kernel kernel = new Kernel(machine, new Calls())) {
            machine.register(WAITER, cpu -> {
                assertEquals(0, cpu.call(WAIT, WORD, 0, 1, OWN, 0, 0));
                cpu.call(TestCalls.EXIT, 0);
            });
            int status = kernel.run(cpu -> {
                code.run(cpu);
                cpu.call(TestCalls.EXIT_GROUP, 0);
            });
            assertEquals(WaitOptions.exited(0), status);
        }
    }

    private static void startWaiter(UserCpu cpu, int index) {
        cpu.callAt(WAITER, TestCalls.CLONE, THREAD_FLAGS, Kernel.STACK - 0x1000 * (index + 1), 0, 0, 0);
    }

    private static void putWaiter(UserCpu cpu, long at, long value, long word, int flags) {
        cpu.store64(at, value);
        cpu.store64(at + Futex.WAITV_ADDRESS, word);
        cpu.store32(at + Futex.WAITV_FLAGS, flags);
        cpu.store32(at + Futex.WAITV_RESERVED, 0);
    }

    private static void check(long expected, long actual) {
        assertEquals(expected, actual);
    }

    @Test
    void argumentsThatDoNotFitTheWordAreRefused() throws Exception {
        run(cpu -> {
            int[] flags = {0, Futex.PRIVATE_FLAG, 1, 3, Futex.FUTEX2_SIZE_U32 | 4, OWN | 256};
            for (int each : flags) {
                check(-Errno.EINVAL, cpu.call(WAKE, WORD, ALL, 1, each, 0, 0));
                check(-Errno.EINVAL, cpu.call(WAIT, WORD, 1, ALL, each, 0, 0));
            }
            check(-Errno.EINVAL, cpu.call(WAKE, WORD, 0, 1, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAKE, WORD, ALL + 1, 1, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAKE, WORD + 1, ALL, 1, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAIT, WORD, ALL + 1, ALL, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAIT, WORD, 1, ALL + 1, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAIT, WORD, 1, 0, OWN, 0, 0));
            check(-Errno.EINVAL, cpu.call(WAIT, WORD + 2, 1, ALL, OWN, 0, 0));
            check(-Errno.EFAULT, cpu.call(WAIT, UNMAPPED, 1, ALL, OWN, 0, 0));
            check(0, cpu.call(WAKE, WORD, ALL, 1, OWN, 0, 0));
            check(0, cpu.call(WAKE, WORD, ALL, 1, Futex.FUTEX2_SIZE_U32, 0, 0));
        });
    }

    @Test
    void aWaitEndsAtOnceIfTheWordDiffersAndAtATimeOfItsClock() throws Exception {
        run(cpu -> {
            check(-Errno.EAGAIN, cpu.call(WAIT, WORD, 1, ALL, OWN, 0, 0));
            cpu.store64(SCRATCH, 0);
            cpu.store64(SCRATCH + 8, 1);
            check(-Errno.ETIMEDOUT, cpu.call(WAIT, WORD, 0, ALL, OWN, SCRATCH, Clocks.MONOTONIC));
            check(-Errno.ETIMEDOUT, cpu.call(WAIT, WORD, 0, ALL, OWN, SCRATCH, Clocks.REALTIME));
            check(-Errno.EINVAL, cpu.call(WAIT, WORD, 0, ALL, OWN, SCRATCH, Clocks.BOOTTIME));
            check(-Errno.EFAULT, cpu.call(WAIT, WORD, 0, ALL, OWN, UNMAPPED, Clocks.MONOTONIC));
            cpu.store64(SCRATCH + 8, 1_000_000_000);
            check(-Errno.EINVAL, cpu.call(WAIT, WORD, 0, ALL, OWN, SCRATCH, Clocks.MONOTONIC));
        });
    }

    @Test
    void aWakeReachesThoseWithItsBitsOnlyAndAsManyAsItSays() throws Exception {
        run(cpu -> {
            startWaiter(cpu, 0);
            startWaiter(cpu, 1);
            check(0, cpu.call(WAKE, WORD, 2, 1, OWN, 0, 0));
            int woken = 0;
            while (woken < 2) {
                check(0, cpu.call(WAKE, WORD, 1, 0, OWN, 0, 0));
                long result = cpu.call(WAKE, WORD, 3, -1, OWN, 0, 0);
                assertEquals(result & 1, result);
                woken += (int) result;
                cpu.call(TestCalls.YIELD);
            }
        });
    }

    @Test
    void aRequeueWakesSomeAndMovesOthersIfTheWordIsAsTold() throws Exception {
        run(cpu -> {
            putWaiter(cpu, SCRATCH, 0, WORD, OWN);
            putWaiter(cpu, SCRATCH + Futex.WAITV_BYTES, 0, OTHER, OWN);
            startWaiter(cpu, 0);
            startWaiter(cpu, 1);
            int moved = 0;
            while (moved < 2) {
                moved += (int) cpu.call(REQUEUE, SCRATCH, 0, 0, 1, 0, 0);
                cpu.call(TestCalls.YIELD);
            }
            check(0, cpu.call(WAKE, WORD, ALL, 2, OWN, 0, 0));
            check(1, cpu.call(WAKE, OTHER, ALL, 1, OWN, 0, 0));
            putWaiter(cpu, SCRATCH, 0, OTHER, OWN);
            putWaiter(cpu, SCRATCH + Futex.WAITV_BYTES, 0, WORD, Futex.FUTEX2_SIZE_U32);
            check(1, cpu.call(REQUEUE, SCRATCH, 0, 1, 1, 0, 0));
            check(0, cpu.call(REQUEUE, SCRATCH, 0, 1, 1, 0, 0));
        });
    }

    @Test
    void aRequeueRefusesWhatIsWrong() throws Exception {
        run(cpu -> {
            putWaiter(cpu, SCRATCH, 1, WORD, OWN);
            putWaiter(cpu, SCRATCH + Futex.WAITV_BYTES, 0, OTHER, OWN);
            check(-Errno.EAGAIN, cpu.call(REQUEUE, SCRATCH, 0, 1, 1, 0, 0));
            check(-Errno.EINVAL, cpu.call(REQUEUE, SCRATCH, 1, 1, 1, 0, 0));
            check(-Errno.EINVAL, cpu.call(REQUEUE, 0, 0, 1, 1, 0, 0));
            check(-Errno.EFAULT, cpu.call(REQUEUE, UNMAPPED, 0, 1, 1, 0, 0));
            check(-Errno.EINVAL, cpu.call(REQUEUE, SCRATCH, 0, -1, 1, 0, 0));
            check(-Errno.EINVAL, cpu.call(REQUEUE, SCRATCH, 0, 1, -1, 0, 0));
            putWaiter(cpu, SCRATCH, 0, WORD, 1);
            check(-Errno.EINVAL, cpu.call(REQUEUE, SCRATCH, 0, 1, 1, 0, 0));
            putWaiter(cpu, SCRATCH, ALL + 1, WORD, OWN);
            check(-Errno.EINVAL, cpu.call(REQUEUE, SCRATCH, 0, 1, 1, 0, 0));
        });
    }
}
