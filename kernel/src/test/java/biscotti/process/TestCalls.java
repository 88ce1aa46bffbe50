package biscotti.process;

import biscotti.abi.CloneFlags;
import biscotti.abi.Errno;
import biscotti.abi.Mman;
import biscotti.abi.Restart;
import biscotti.abi.Signal;
import biscotti.abi.WaitOptions;
import biscotti.machine.UserContext;
import biscotti.memory.AddressSpace;
import biscotti.process.signal.SignalActions;
import biscotti.sched.Deadline;
import biscotti.sched.Waiter;

/** The system calls that tests of this package need; their families lie above it. */
final class TestCalls implements SystemCallHandler {
    static final long MMAP = 9;
    static final long SIGACTION = 13;
    static final long SIGPROCMASK = 14;
    static final long SIGRETURN = 15;
    static final long YIELD = 24;
    static final long PAUSE = 34;
    static final long SETITIMER = 38;
    static final long GETPID = 39;
    static final long CLONE = 56;
    static final long EXIT = 60;
    static final long WAIT4 = 61;
    static final long KILL = 62;
    static final long SETPGID = 109;
    static final long GETPPID = 110;
    static final long SIGPENDING = 127;
    static final long SIGSUSPEND = 130;
    static final long FUTEX = 202;
    static final long EXIT_GROUP = 231;
    static final long SLEEP_MILLIS = 1000;
    static final long BUG = 1001;

    @Override
    public long call(UserThread caller, int number) {
        UserContext registers = caller.context();
        long first = registers.argument(0);
        long second = registers.argument(1);
        long third = registers.argument(2);
        long fourth = registers.argument(3);
        Processes system = caller.process().system();
        if (number == EXIT_GROUP) {
            caller.process().exit(WaitOptions.exited((int) first));
        } else if (number == EXIT) {
            caller.exit((int) first);
        } else if (number == GETPID) {
            return caller.process().id();
        } else if (number == GETPPID) {
            return caller.process().parentId();
        } else if (number == SETPGID) {
            return caller.process().system().jobs().setGroup(caller.process(), 0, 0);
        } else if (number == YIELD) {
            caller.kernelThread().yieldCpu();
        } else if (number == CLONE) {
            long flags = first & ~CloneFlags.CSIGNAL;
            int signal = (int) (first & CloneFlags.CSIGNAL);
            return Clone.call(caller, new CloneArguments(flags, signal, second, registers.argument(4), third, fourth));
        } else if (number == WAIT4) {
            return await(caller, (int) first, second, (int) third);
        } else if (number == KILL) {
            return Kill.kill(caller, (int) first, (int) second);
        } else if (number == MMAP) {
            AddressSpace space = caller.process().space();
            return space.map(first, second, (int) third, (int) fourth & ~Mman.MAP_TYPE, 0, AddressSpace.zeros(), 0);
        } else if (number == SLEEP_MILLIS) {
            return caller.kernelThread().sleepUntil(system.now() + first * 1_000_000);
        } else if (number == BUG) {
            throw new IllegalStateException("a bug");
        } else {
            return callAboutSignals(caller, number, first, second, third);
        }
        return 0;
    }

    private static long callAboutSignals(UserThread caller, long number, long first, long second, long third) {
        Processes system = caller.process().system();
        if (number == SIGACTION) {
            return setAction(caller, (int) first, second);
        }
        if (number == SIGPROCMASK) {
            return setMask(caller, (int) first, second, third);
        }
        if (number == SIGRETURN) {
            return caller.delivery().returnFromHandler();
        }
        if (number == SIGPENDING) {
            return caller.memory()
                    .writeLong(first, caller.pendingSignals() | caller.process().pendingSignals());
        }
        if (number == PAUSE || number == SIGSUSPEND) {
            if (number == SIGSUSPEND) {
                caller.memory().readLong(first);
                caller.setTemporaryMask(caller.memory().value());
            }
            caller.kernelThread().waiter().reset();
            caller.kernelThread().waiter().sleep(Waiter.FOREVER);
            return -Restart.ERESTARTNOHAND;
        }
        if (number == SETITIMER) {
            caller.memory().readLong(second + 24);
            caller.process()
                    .timers()
                    .set((int) first, new IntervalTimers.Setting(caller.memory().value() * 1000, 0));
            return 0;
        }
        if (number == FUTEX) {
            return futex(caller, system, first, (int) second, (int) third);
        }
        return -Errno.ENOSYS;
    }

    private static long futex(UserThread caller, Processes system, long word, int operation, int value) {
        boolean shared = (operation & 128) == 0;
        if ((operation & 127) == 1) {
            return system.futexes().wake(caller.futexWaiter(), word, shared, value, -1);
        }
        long deadline = Waiter.FOREVER;
        long timeout = caller.context().argument(3);
        if (timeout != 0) {
            caller.memory().readLong(timeout + 8);
            deadline = system.now() + caller.memory().value();
        }
        return system.futexes().await(caller.futexWaiter(), word, shared, value, -1, Deadline.at(deadline));
    }

    private static long await(UserThread caller, int pid, long status, int options) {
        Waits.Event event = new Waits.Event();
        int type = pid == -1 ? WaitOptions.P_ALL : WaitOptions.P_PID;
        long error = caller.process().system().waits().await(caller, type, pid, options | WaitOptions.WEXITED, event);
        if (error == 0 && status != 0 && event.pid() != 0) {
            caller.memory().writeInt(status, event.status());
        }
        return error < 0 ? error : event.pid();
    }

    private static long setAction(UserThread caller, int signal, long address) {
        long[] fields = new long[4];
        for (int i = 0; i < 4; i++) {
            caller.memory().readLong(address + 8L * i);
            fields[i] = caller.memory().value();
        }
        caller.process().setAction(signal, new SignalActions.Action(fields[0], fields[1], fields[2], fields[3]));
        return 0;
    }

    private static long setMask(UserThread caller, int how, long set, long old) {
        long before = caller.signalMask();
        if (set != 0) {
            caller.memory().readLong(set);
            long given = caller.memory().value();
            caller.setSignalMask(how == Signal.SIG_BLOCK ? before | given : before & ~given);
        }
        return old == 0 ? 0 : caller.memory().writeLong(old, before);
    }
}
