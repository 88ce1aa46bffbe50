package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.CloneFlags;
import biscotti.abi.Errno;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.heap.Bounds;
import biscotti.heap.HeapBudget;
import biscotti.machine.Trap;
import biscotti.machine.simulated.Register;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.UserCode;
import biscotti.machine.simulated.UserCpu;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes, threads and signals, with programs on the simulated machine. */
@Timeout(60)
class ProcessTest {
    private static final long CHILD = 0x500000;
    private static final long HANDLER = 0x600000;
    private static final long RESTORER = 0x700000;
    private static final long THREAD = 0x510000;
    private static final long DATA = Kernel.DATA;
    private static final long SCRATCH = Kernel.DATA + 0x8000;
    private static final long FORK_FLAGS = SignalNumber.SIGCHLD;
    private static final long THREAD_FLAGS = CloneFlags.CLONE_VM
            | CloneFlags.CLONE_FS
            | CloneFlags.CLONE_FILES
            | CloneFlags.CLONE_SIGHAND
            | CloneFlags.CLONE_THREAD
            | CloneFlags.CLONE_SYSVSEM
            | CloneFlags.CLONE_PARENT_SETTID
            | CloneFlags.CLONE_CHILD_CLEARTID;

    private static SimulatedMachine.Builder machine() {
        return SimulatedMachine.builder().memory(4 << 20);
    }

    /** Runs a program; it must end with status 0, and all frames but those of address spaces that CPUs still have loaded be free. */
    private static void run(SimulatedMachine.Builder described, Programs programs) throws Exception {
        try (SimulatedMachine machine = described.build();
                Kernel kernel = new Kernel(machine, new TestCalls())) {
            long before = kernel.frames.freeFrames();
            UserCode first = programs.register(machine, kernel);
            int status = kernel.run(first);
            assertEquals(0, status, machine.log());
            assertEquals(0, kernel.processes.bugs(), machine.log());
            long lost = before - kernel.frames.freeFrames();
            assertTrue(lost <= machine.processors().count(), lost + " frames lost");
        }
    }

    /** Registers further programs and returns the first one. */
    private interface Programs {
        UserCode register(SimulatedMachine machine, Kernel kernel);
    }

    private static void check(long expected, long actual) {
        assertEquals(expected, actual);
    }

    private static void exit(UserCpu cpu, int code) {
        cpu.call(TestCalls.EXIT_GROUP, code);
    }

    private static long fork(UserCpu cpu) {
        return cpu.callAt(CHILD, TestCalls.CLONE, FORK_FLAGS, 0, 0, 0, 0);
    }

    private static int await(UserCpu cpu, long pid) {
        check(pid, cpu.call(TestCalls.WAIT4, pid, SCRATCH, 0, 0));
        return cpu.load32(SCRATCH);
    }

    private static void kill(UserCpu cpu, long pid) {
        check(0, cpu.call(TestCalls.KILL, pid, SignalNumber.SIGKILL));
        await(cpu, pid);
    }

    private static void handle(UserCpu cpu, int signal, long flags, long mask) {
        cpu.store64(SCRATCH, HANDLER);
        cpu.store64(SCRATCH + 8, flags | Signal.SA_RESTORER);
        cpu.store64(SCRATCH + 16, RESTORER);
        cpu.store64(SCRATCH + 24, mask);
        check(0, cpu.call(TestCalls.SIGACTION, signal, SCRATCH, 0, 8));
    }

    private static void sigreturn(UserCpu cpu) {
        cpu.setRegister(Register.RSP, cpu.register(Register.RSP) + 8);
        cpu.call(TestCalls.SIGRETURN);
    }

    @Test
    void aParentLearnsHowItsChildrenEnded() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                int order = cpu.load32(DATA);
                if (order == 1) {
                    cpu.call(TestCalls.KILL, cpu.call(TestCalls.GETPID), SignalNumber.SIGTERM);
                }
                exit(cpu, 42);
            });
            return cpu -> {
                long child = fork(cpu);
                assertTrue(child > 1);
                check(WaitOptions.exited(42), await(cpu, child));
                cpu.store32(DATA, 1);
                check(WaitOptions.killed(SignalNumber.SIGTERM, false), await(cpu, fork(cpu)));
                check(-Errno.ECHILD, cpu.call(TestCalls.WAIT4, -1, 0, 0, 0));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aChildWhoseEndIsToSendNoSignalEndsLikeAnyOther() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> exit(cpu, 5));
            return cpu -> {
                for (int number : new int[] {0, SignalNumber.LAST + 1, 127, 255}) {
                    long child = cpu.callAt(CHILD, TestCalls.CLONE, number, 0, 0, 0, 0);
                    check(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WALL));
                    check(WaitOptions.exited(5), cpu.load32(SCRATCH));
                }
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aProcessWithAllSignalsQueuedThatMayWaitCanBeKilled() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> cpu.call(TestCalls.PAUSE));
            return cpu -> {
                cpu.store64(DATA, -1);
                check(0, cpu.call(TestCalls.SIGPROCMASK, Signal.SIG_BLOCK, DATA, 0));
                long child = fork(cpu);
                int realTime = SignalNumber.FIRST_REAL_TIME + 1;
                for (int i = 0; i < SignalQuota.MOST; i++) {
                    check(0, cpu.call(TestCalls.KILL, child, realTime));
                }
                check(0, cpu.call(TestCalls.KILL, child, realTime)); // only who sent it is lost
                for (int signal = 1; signal < SignalNumber.FIRST_REAL_TIME; signal++) {
                    if (signal != SignalNumber.SIGSTOP && signal != SignalNumber.SIGKILL) {
                        check(0, cpu.call(TestCalls.KILL, child, signal));
                    }
                }
                check(0, cpu.call(TestCalls.KILL, child, SignalNumber.SIGKILL));
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, child));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void memoryIsCopiedOnWriteAcrossFork() throws Exception {
        run(machine().cpus(2), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                boolean good = cpu.load64(DATA) == 7;
                cpu.store64(DATA, 8);
                exit(cpu, good && cpu.load64(DATA) == 8 ? 3 : 4);
            });
            return cpu -> {
                for (int i = 0; i < 50; i++) {
                    cpu.store64(DATA, 7);
                    long child = fork(cpu);
                    check(7, cpu.load64(DATA));
                    cpu.store64(DATA, 9);
                    check(WaitOptions.exited(3), await(cpu, child));
                    check(9, cpu.load64(DATA));
                }
                exit(cpu, 0);
            };
        });
    }

    @Test
    void orphansGoToTheFirstProcess() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                if (cpu.load32(DATA) == 0) {
                    cpu.store32(DATA, 1);
                    fork(cpu);
                    exit(cpu, 1);
                }
                while (cpu.call(TestCalls.GETPPID) != 1) {
                    cpu.call(TestCalls.YIELD);
                }
                exit(cpu, 2);
            });
            return cpu -> {
                long child = fork(cpu);
                check(WaitOptions.exited(1), await(cpu, child));
                assertTrue(cpu.call(TestCalls.WAIT4, -1, SCRATCH, 0, 0) > child);
                check(WaitOptions.exited(2), cpu.load32(SCRATCH));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aHandlerRunsAndTheProgramGoesOnWhereItWas() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                check(SignalNumber.SIGUSR1, cpu.register(Register.RDI));
                check(SignalNumber.SIGUSR1, cpu.load32(cpu.register(Register.RSI)));
                check(Signal.SI_USER, cpu.load32(cpu.register(Register.RSI) + 8));
                check(1, cpu.load32(cpu.register(Register.RSI) + 16));
                check(8, cpu.register(Register.RSP) & 15);
                check(RESTORER, cpu.load64(cpu.register(Register.RSP)));
                cpu.store32(DATA, cpu.load32(DATA) + 1);
                sigreturn(cpu);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGUSR1, 0, 0);
                cpu.setRegister(Register.RBX, 1234);
                check(0, cpu.call(TestCalls.KILL, 1, SignalNumber.SIGUSR1));
                check(1, cpu.load32(DATA));
                check(1234, cpu.register(Register.RBX));
                check(Kernel.STACK, cpu.register(Register.RSP));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aBlockedSignalWaitsAndARealTimeSignalComesAsOftenAsItWasSent() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                long at = DATA + 8 * cpu.register(Register.RDI);
                cpu.store64(at, cpu.load64(at) + 1);
                sigreturn(cpu);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGUSR1, 0, -1);
                handle(cpu, 40, 0, -1);
                cpu.store64(SCRATCH, -1);
                check(0, cpu.call(TestCalls.SIGPROCMASK, Signal.SIG_BLOCK, SCRATCH, 0, 8));
                for (int i = 0; i < 3; i++) {
                    cpu.call(TestCalls.KILL, 1, SignalNumber.SIGUSR1);
                    cpu.call(TestCalls.KILL, 1, 40);
                }
                check(0, cpu.load64(DATA + 8 * SignalNumber.SIGUSR1));
                check(0, cpu.call(TestCalls.SIGPENDING, SCRATCH + 8, 8));
                check(SignalNumber.bit(SignalNumber.SIGUSR1) | SignalNumber.bit(40), cpu.load64(SCRATCH + 8));
                check(0, cpu.call(TestCalls.SIGPROCMASK, Signal.SIG_UNBLOCK, SCRATCH, 0, 8));
                check(1, cpu.load64(DATA + 8 * SignalNumber.SIGUSR1));
                check(3, cpu.load64(DATA + 8 * 40));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aBadAccessIsSegvWithCodeAndAddress() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                check(SignalNumber.SIGSEGV, cpu.register(Register.RDI));
                long info = cpu.register(Register.RSI);
                check(Signal.SEGV_MAPERR, cpu.load32(info + 8));
                check(0x1234_5000L, cpu.load64(info + 16));
                exit(cpu, 0);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGSEGV, 0, 0);
                cpu.load32(0x1234_5000L);
                exit(cpu, 1);
            };
        });
    }

    @Test
    void withoutAHandlerABadAccessKills() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                if (cpu.load32(DATA) == 0) {
                    cpu.store64(0x80000000000L, 1);
                }
                cpu.raise(Trap.DIVIDE_ERROR, 0);
                exit(cpu, 1);
            });
            return cpu -> {
                check(WaitOptions.killed(SignalNumber.SIGSEGV, false), await(cpu, fork(cpu)));
                cpu.store32(DATA, 1);
                check(WaitOptions.killed(SignalNumber.SIGFPE, false), await(cpu, fork(cpu)));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void anInterruptedWaitIsMadeAgainOnlyWithSaRestart() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                cpu.store32(DATA, cpu.load32(DATA) + 1);
                sigreturn(cpu);
            });
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.SLEEP_MILLIS, 20);
                cpu.call(TestCalls.KILL, 1, SignalNumber.SIGUSR1);
                cpu.call(TestCalls.SLEEP_MILLIS, 20);
                exit(cpu, 5);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGUSR1, 0, 0);
                long child = fork(cpu);
                check(-Errno.EINTR, cpu.call(TestCalls.WAIT4, child, SCRATCH, 0, 0));
                check(1, cpu.load32(DATA));
                check(WaitOptions.exited(5), await(cpu, child));
                handle(cpu, SignalNumber.SIGUSR1, Signal.SA_RESTART, 0);
                check(WaitOptions.exited(5), await(cpu, fork(cpu)));
                check(2, cpu.load32(DATA));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void sigsuspendWaitsWithAnotherMaskAndPutsTheOldOneBack() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                cpu.store32(DATA, cpu.load32(DATA) + 1);
                sigreturn(cpu);
            });
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.KILL, 1, SignalNumber.SIGUSR1);
                exit(cpu, 0);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGUSR1, 0, 0);
                long blocked = SignalNumber.bit(SignalNumber.SIGUSR1);
                cpu.store64(SCRATCH, blocked);
                cpu.call(TestCalls.SIGPROCMASK, Signal.SIG_BLOCK, SCRATCH, 0, 8);
                long child = fork(cpu);
                check(0, await(cpu, child));
                check(0, cpu.load32(DATA));
                cpu.store64(SCRATCH, 0);
                check(-Errno.EINTR, cpu.call(TestCalls.SIGSUSPEND, SCRATCH, 8));
                check(1, cpu.load32(DATA));
                cpu.call(TestCalls.SIGPROCMASK, Signal.SIG_BLOCK, 0, SCRATCH, 8);
                check(blocked, cpu.load64(SCRATCH));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aStoppedChildIsReportedAndGoesOn() throws Exception {
        run(machine().cpus(2), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.KILL, cpu.call(TestCalls.GETPID), SignalNumber.SIGSTOP);
                exit(cpu, 6);
            });
            return cpu -> {
                long child = fork(cpu);
                check(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WUNTRACED, 0));
                check(WaitOptions.stopped(SignalNumber.SIGSTOP), cpu.load32(SCRATCH));
                check(0, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WNOHANG | WaitOptions.WUNTRACED, 0));
                cpu.call(TestCalls.KILL, child, SignalNumber.SIGCONT);
                check(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WCONTINUED, 0));
                int status = cpu.load32(SCRATCH);
                if (status == WaitOptions.CONTINUED) {
                    status = await(cpu, child);
                }
                check(WaitOptions.exited(6), status);
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aTerminalStopStopsAJobOfTheFirstProcess() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                check(0, cpu.call(TestCalls.SETPGID));
                cpu.call(TestCalls.KILL, cpu.call(TestCalls.GETPID), SignalNumber.SIGTSTP);
                exit(cpu, 6);
            });
            return cpu -> {
                long child = fork(cpu);
                check(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WUNTRACED, 0));
                check(WaitOptions.stopped(SignalNumber.SIGTSTP), cpu.load32(SCRATCH));
                cpu.call(TestCalls.KILL, child, SignalNumber.SIGCONT);
                check(WaitOptions.exited(6), await(cpu, child));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void killEndsAStoppedProcess() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.KILL, cpu.call(TestCalls.GETPID), SignalNumber.SIGSTOP);
                exit(cpu, 6);
            });
            return cpu -> {
                long child = fork(cpu);
                check(child, cpu.call(TestCalls.WAIT4, child, SCRATCH, WaitOptions.WUNTRACED, 0));
                cpu.call(TestCalls.KILL, child, SignalNumber.SIGKILL);
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, child));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void threadsShareMemoryAndJoinByAFutex() throws Exception {
        run(machine().cpus(2), (machine, kernel) -> {
            machine.register(THREAD, cpu -> {
                for (int i = 0; i < 200; i++) {
                    int old;
                    do {
                        old = cpu.load32(DATA);
                    } while (!cpu.compareAndSet32(DATA, old, old + 1));
                }
                cpu.call(TestCalls.EXIT, 0);
            });
            return cpu -> {
                for (int i = 0; i < 3; i++) {
                    long word = DATA + 16 + 4 * i;
                    long stack = Kernel.STACK - 0x1000 * (i + 1);
                    long tid = cpu.callAt(THREAD, TestCalls.CLONE, THREAD_FLAGS, stack, word, word, 0);
                    assertTrue(tid > 0);
                }
                for (int i = 0; i < 3; i++) {
                    long word = DATA + 16 + 4 * i;
                    for (int tid = cpu.load32(word); tid != 0; tid = cpu.load32(word)) {
                        long result = cpu.call(TestCalls.FUTEX, word, 0, tid, 0, 0, 0);
                        assertTrue(result == 0 || result == -Errno.EAGAIN, "futex: " + result);
                    }
                }
                check(600, cpu.load32(DATA));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aDeadProcessThatIsHeldKeepsNoneThatDiedLater() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> cpu.call(TestCalls.PAUSE));
            return cpu -> {
                List<Process> held = new ArrayList<>();
                List<WeakReference<Process>> others = new ArrayList<>();
                long before = fork(cpu);
                held.add(kernel.processes.table().process((int) before).orElseThrow());
                for (int i = 0; i < 6; i++) {
                    long child = fork(cpu);
                    others.add(new WeakReference<>(
                            kernel.processes.table().process((int) child).orElseThrow()));
                    kill(cpu, before);
                    before = child;
                }
                kill(cpu, before);
                System.gc();
                check(1, held.size());
                assertTrue(others.stream().allMatch(other -> other.refersTo(null)));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void exitGroupEndsThreadsThatRunAndThatSleep() throws Exception {
        run(machine().cpus(2).ticks(), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                cpu.callAt(THREAD, TestCalls.CLONE, THREAD_FLAGS, Kernel.STACK - 0x1000, DATA + 16, DATA + 16, 0);
                cpu.callAt(
                        THREAD + 0x10000,
                        TestCalls.CLONE,
                        THREAD_FLAGS,
                        Kernel.STACK - 0x2000,
                        DATA + 20,
                        DATA + 20,
                        0);
                while (cpu.load32(DATA) == 0) {
                    cpu.step();
                }
                exit(cpu, 9);
            });
            machine.register(THREAD, cpu -> {
                cpu.store32(DATA, 1);
                while (true) {
                    cpu.step();
                }
            });
            machine.register(THREAD + 0x10000, cpu -> cpu.call(TestCalls.FUTEX, DATA + 64, 0, 0, 0, 0, 0));
            return cpu -> {
                check(WaitOptions.exited(9), await(cpu, fork(cpu)));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aWakeIsNeverLostBetweenTwoThreadsThatHandOver() throws Exception {
        for (int cpus = 1; cpus <= 2; cpus++) {
            run(machine().cpus(cpus), (machine, kernel) -> {
                machine.register(THREAD, cpu -> {
                    handOver(cpu, 1);
                    cpu.call(TestCalls.EXIT, 0);
                });
                return cpu -> {
                    cpu.callAt(THREAD, TestCalls.CLONE, THREAD_FLAGS, Kernel.STACK - 0x1000, DATA + 16, DATA + 16, 0);
                    handOver(cpu, 0);
                    exit(cpu, 0);
                };
            });
        }
    }

    private static void handOver(UserCpu cpu, int own) {
        for (int i = 0; i < 500; i++) {
            for (int turn = cpu.load32(DATA); (turn & 1) != own; turn = cpu.load32(DATA)) {
                cpu.call(TestCalls.FUTEX, DATA, 128, turn, 0, 0, 0);
            }
            cpu.store32(DATA, cpu.load32(DATA) + 1);
            cpu.call(TestCalls.FUTEX, DATA, 1 | 128, 1, 0, 0, 0);
        }
    }

    @Test
    void aFutexWaitEndsAtItsDeadline() throws Exception {
        run(machine(), (machine, kernel) -> cpu -> {
            cpu.store64(SCRATCH, 0);
            cpu.store64(SCRATCH + 8, 5_000_000);
            check(-Errno.ETIMEDOUT, cpu.call(TestCalls.FUTEX, DATA, 128, 0, SCRATCH, 0, 0));
            check(-Errno.EAGAIN, cpu.call(TestCalls.FUTEX, DATA, 128, 1, SCRATCH, 0, 0));
            check(-Errno.EFAULT, cpu.call(TestCalls.FUTEX, 0x1000, 128, 1, SCRATCH, 0, 0));
            check(-Errno.EINVAL, cpu.call(TestCalls.FUTEX, DATA + 1, 128, 1, SCRATCH, 0, 0));
            exit(cpu, 0);
        });
    }

    @Test
    void vforkWaitsUntilTheChildHasEnded() throws Exception {
        run(machine().cpus(2), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.SLEEP_MILLIS, 20);
                cpu.store32(DATA, 77);
                exit(cpu, 1);
            });
            return cpu -> {
                long flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK | SignalNumber.SIGCHLD;
                long child = cpu.callAt(CHILD, TestCalls.CLONE, flags, Kernel.STACK - 0x1000, 0, 0, 0);
                check(77, cpu.load32(DATA));
                check(WaitOptions.exited(1), await(cpu, child));
                exit(cpu, 0);
            };
        });
    }

    /** One of the calls may take a fifth of the heap: ten at once could not. */
    @Test
    void aParentThatWaitsForItsVforkedChildReservesNothing() throws Exception {
        try (SimulatedMachine machine = machine().build();
                Kernel kernel = new Kernel(machine, new TestCalls(), cloneTakesAFifth(machine))) {
            long flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK | SignalNumber.SIGCHLD;
            machine.register(CHILD, cpu -> {
                int generation = cpu.load32(DATA) + 1;
                cpu.store32(DATA, generation);
                if (generation < 10) {
                    cpu.callAt(CHILD, TestCalls.CLONE, flags, Kernel.STACK - 0x1000 * generation, 0, 0, 0);
                }
                exit(cpu, 0);
            });
            int status = kernel.run(cpu -> {
                cpu.callAt(CHILD, TestCalls.CLONE, flags, Kernel.STACK, 0, 0, 0);
                exit(cpu, cpu.load32(DATA));
            });
            assertEquals(WaitOptions.exited(10), status, machine.log());
        }
    }

    private static Bounds cloneTakesAFifth(SimulatedMachine machine) {
        long fifth = HeapBudget.of(machine).limit() / 5;
        return Bounds.parse(List.of("system-call " + TestCalls.CLONE + " clone " + fifth + " unbounded"));
    }

    @Test
    void alarmInterruptsPause() throws Exception {
        run(machine(), (machine, kernel) -> {
            machine.register(HANDLER, cpu -> {
                cpu.store32(DATA, (int) cpu.register(Register.RDI));
                sigreturn(cpu);
            });
            return cpu -> {
                handle(cpu, SignalNumber.SIGALRM, 0, 0);
                cpu.store64(SCRATCH, 0);
                cpu.store64(SCRATCH + 8, 0);
                cpu.store64(SCRATCH + 16, 0);
                cpu.store64(SCRATCH + 24, 10_000);
                check(0, cpu.call(TestCalls.SETITIMER, 0, SCRATCH, 0));
                check(-Errno.EINTR, cpu.call(TestCalls.PAUSE));
                check(SignalNumber.SIGALRM, cpu.load32(DATA));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void aBugInASystemCallKillsOnlyItsProcess() throws Exception {
        try (SimulatedMachine machine = machine().build();
                Kernel kernel = new Kernel(machine, new TestCalls())) {
            machine.register(CHILD, cpu -> {
                cpu.call(TestCalls.BUG);
                exit(cpu, 0);
            });
            int status = kernel.run(cpu -> {
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, fork(cpu)));
                exit(cpu, 3);
            });
            assertEquals(WaitOptions.exited(3), status);
            assertEquals(1, kernel.processes.bugs());
            assertTrue(machine.log().contains("TestCalls"));
        }
    }

    @Test
    void aProcessThatTakesAllMemoryIsKilledAndTheOthersLive() throws Exception {
        run(machine().memory(1 << 20), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                // Each mapping by itself would fit; no more than there is would be promised at once.
                for (int mapping = 0; mapping < 16; mapping++) {
                    long at = cpu.call(TestCalls.MMAP, 0, 512 << 10, 3, 0x22, -1, 0);
                    for (long i = 0; i < 512 << 10; i += 4096) {
                        cpu.store32(at + i, 1);
                    }
                }
                exit(cpu, 0);
            });
            return cpu -> {
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, fork(cpu)));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void theProcessWithMostMemoryDiesNotTheOneThatAsksForMore() throws Exception {
        run(machine().memory(2 << 20), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                take(cpu, 300);
                while (true) {
                    cpu.call(TestCalls.SLEEP_MILLIS, 1000);
                }
            });
            return cpu -> {
                long hog = fork(cpu);
                Process greatest = kernel.processes.table().process((int) hog).orElseThrow();
                while (greatest.space().usage().residentBytes() < 300 << 12) {
                    cpu.call(TestCalls.YIELD);
                }
                while (!greatest.isZombie()) {
                    take(cpu, 1);
                }
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, hog));
                exit(cpu, 0);
            };
        });
    }

    @Test
    void theFirstProcessIsNotKilledForTheOthersSake() throws Exception {
        run(machine().memory(2 << 20), (machine, kernel) -> {
            machine.register(CHILD, cpu -> {
                take(cpu, 400);
                exit(cpu, 0);
            });
            return cpu -> {
                take(cpu, 200);
                check(WaitOptions.killed(SignalNumber.SIGKILL, false), await(cpu, fork(cpu)));
                exit(cpu, 0);
            };
        });
    }

    /** Writes to so many new pages. */
    private static void take(UserCpu cpu, int pages) {
        long at = cpu.call(TestCalls.MMAP, 0, (long) pages << 12, 3, 0x22, -1, 0);
        for (long i = 0; i < pages; i++) {
            cpu.store32(at + (i << 12), 1);
        }
    }

    @Test
    void forkWithoutMemoryFailsAndLosesNothing() throws Exception {
        run(machine().memory(1 << 20), (machine, kernel) -> {
            machine.register(CHILD, cpu -> exit(cpu, 0));
            return cpu -> {
                for (int i = 0; i < 20; i++) {
                    cpu.store32(DATA + 4096L * i, i);
                }
                long before = kernel.frames.freeFrames();
                boolean forked = false;
                for (int left = 0; !forked; left++) {
                    java.util.List<Long> hog = new java.util.ArrayList<>();
                    while (kernel.frames.freeFrames() > left) {
                        hog.add(kernel.frames.allocate());
                    }
                    long child = fork(cpu);
                    assertTrue(child > 0 || child == -Errno.ENOMEM);
                    forked = child > 0;
                    if (forked) {
                        int status = await(cpu, child);
                        forked = status == 0;
                        assertTrue(forked || status == SignalNumber.SIGKILL);
                    }
                    hog.forEach(kernel.frames::release);
                    long lost = before - kernel.frames.freeFrames();
                    assertTrue(lost <= 1, lost + " lost with " + left);
                }
                exit(cpu, 0);
            };
        });
    }

    @Test
    void initIsSparedByItsOwnKill() throws Exception {
        run(machine(), (machine, kernel) -> cpu -> {
            check(0, cpu.call(TestCalls.KILL, 1, SignalNumber.SIGKILL));
            check(0, cpu.call(TestCalls.KILL, 1, SignalNumber.SIGTERM));
            check(-Errno.ESRCH, cpu.call(TestCalls.KILL, 999, 0));
            check(-Errno.EINVAL, cpu.call(TestCalls.KILL, 1, 65));
            assertFalse(kernel.processes.table().process(1).isEmpty());
            exit(cpu, 0);
        });
    }
}
