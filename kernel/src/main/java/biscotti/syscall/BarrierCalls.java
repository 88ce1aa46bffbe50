package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.MembarrierCommands;
import biscotti.abi.Rseq;
import biscotti.process.Barriers;
import biscotti.process.RestartableSequence;
import biscotti.process.UserThread;

/** Order between threads without instructions of their own for it: membarrier(2) and rseq(2). */
public final class BarrierCalls {
    /** The family has no state. */
    public BarrierCalls() {}

    /** membarrier(2). */
    @SystemCall(number = 324, name = "membarrier")
    public long membarrier(UserThread caller, int command, int flags, int cpu) {
        boolean restarts = command == MembarrierCommands.RSEQ;
        if (restarts ? (flags & ~MembarrierCommands.FLAG_CPU) != 0 : flags != 0) {
            return -EINVAL;
        }
        Barriers barriers = caller.process().barriers();
        return switch (command) {
            case MembarrierCommands.QUERY -> MembarrierCommands.ALL;
            case MembarrierCommands.GET_REGISTRATIONS -> barriers.registered();
            case MembarrierCommands.REGISTER_GLOBAL_EXPEDITED,
                    MembarrierCommands.REGISTER_PRIVATE_EXPEDITED,
                    MembarrierCommands.REGISTER_SYNC_CORE,
                    MembarrierCommands.REGISTER_RSEQ -> {
                barriers.register(command);
                yield 0;
            }
            case MembarrierCommands.GLOBAL, MembarrierCommands.GLOBAL_EXPEDITED -> {
                barriers.pass();
                yield 0;
            }
            case MembarrierCommands.PRIVATE_EXPEDITED, MembarrierCommands.SYNC_CORE, MembarrierCommands.RSEQ -> {
                if ((barriers.registered() & command << 1) == 0) {
                    yield -EPERM;
                }
                if (restarts) {
                    barriers.restartSequences(cpus(caller, flags, cpu));
                } else {
                    barriers.pass();
                }
                yield 0;
            }
            default -> -EINVAL;
        };
    }

    /** The CPUs that are meant, as bits; a CPU that does not exist means none. */
    private static long cpus(UserThread caller, int flags, int cpu) {
        long all = caller.process().system().scheduler().allCpus();
        if (flags == 0) {
            return all;
        }
        return cpu < 0 || cpu >= Long.SIZE ? 0 : all & 1L << cpu;
    }

    /** rseq(2). */
    @SystemCall(number = 334, name = "rseq")
    public long rseq(UserThread caller, long structure, int length, int flags, int signature) {
        RestartableSequence sequence = caller.sequence();
        if (flags == Rseq.FLAG_UNREGISTER) {
            return sequence.unregister(structure, length, signature);
        }
        return flags != 0 ? -EINVAL : sequence.register(structure, length, signature);
    }
}
