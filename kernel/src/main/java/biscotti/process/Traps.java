package biscotti.process;

import static biscotti.abi.SignalNumber.SIGBUS;
import static biscotti.abi.SignalNumber.SIGFPE;
import static biscotti.abi.SignalNumber.SIGILL;
import static biscotti.abi.SignalNumber.SIGKILL;
import static biscotti.abi.SignalNumber.SIGSEGV;
import static biscotti.abi.SignalNumber.SIGTRAP;

import biscotti.abi.Signal;
import biscotti.abi.WaitOptions;
import biscotti.bounded.Unit;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import biscotti.memory.FaultResult;
import biscotti.process.signal.SignalInfo;

/** What follows when an instruction of a user thread faults. Used by its thread only. */
final class Traps {
    // Where the FPU says what went wrong: offsets in its image, bits (Intel SDM vol. 1, 8.1.3, 10.2.3).
    private static final int CONTROL_WORD = 0;
    private static final int STATUS_WORD = 2;
    private static final int MXCSR = 24;
    private static final int MXCSR_MASKS_SHIFT = 7;
    private static final int INVALID = 1;
    private static final int DENORMAL = 2;
    private static final int DIVIDE_BY_ZERO = 4;
    private static final int OVERFLOW = 8;
    private static final int UNDERFLOW = 16;
    private static final int INEXACT = 32;

    private static final long TRAP_FLAG = 0x100;

    private final UserThread thread;

    Traps(UserThread thread) {
        this.thread = thread;
    }

    /** Answers a page fault: the page is there after, or a signal on its way. */
    @Unit("page-fault")
    void pageFault(long address, int error) {
        int result = thread.memory().space().fault(address, error);
        switch (result) {
            case FaultResult.RESOLVED -> {}
            case FaultResult.NOT_MAPPED -> send(SIGSEGV, Signal.SEGV_MAPERR, address);
            case FaultResult.NOT_ALLOWED -> send(SIGSEGV, Signal.SEGV_ACCERR, address);
            case FaultResult.NO_PAGE -> send(SIGBUS, Signal.BUS_ADRERR, address);
            default -> outOfMemory();
        }
    }

    /** The instruction faults again when there is memory; if nobody else can die for it, this process does. */
    private void outOfMemory() {
        Processes system = thread.process().system();
        if (system.frames().isLow()
                && system.outOfMemory().awaitFrames(thread) == 0
                && system.frames().isLow()) {
            system.log().warning("out of memory: killed " + thread.process());
            Signals.exitAll(thread.process(), WaitOptions.killed(SIGKILL, false));
        }
    }

    /** Turns another exception into a signal, as Linux's arch/x86/kernel/traps.c does. */
    @Unit("exception")
    void exception(int vector) {
        long rip = thread.context().rip();
        switch (vector) {
            case Trap.DIVIDE_ERROR -> send(SIGFPE, Signal.FPE_INTDIV, rip);
            case Trap.DEBUG -> send(SIGTRAP, isSingleStep() ? Signal.TRAP_TRACE : Signal.TRAP_BRKPT, rip);
            case Trap.BREAKPOINT -> send(SIGTRAP, Signal.SI_KERNEL, 0);
            case Trap.INVALID_OPCODE -> send(SIGILL, Signal.ILL_ILLOPN, rip);
            case Trap.SEGMENT_NOT_PRESENT, Trap.STACK_FAULT -> send(SIGBUS, Signal.SI_KERNEL, 0);
            case Trap.X87_ERROR -> send(SIGFPE, codeOf(x87Errors()), rip);
            case Trap.ALIGNMENT_CHECK -> send(SIGBUS, Signal.BUS_ADRALN, 0);
            case Trap.SIMD_ERROR -> send(SIGFPE, codeOf(simdErrors()), rip);
            default -> send(SIGSEGV, Signal.SI_KERNEL, 0);
        }
    }

    /** Whether the debug exception came from the trap flag, not from the instruction int1. */
    private boolean isSingleStep() {
        return (thread.context().rflags() & TRAP_FLAG) != 0;
    }

    private void send(int number, int code, long address) {
        Signals.force(thread, SignalInfo.fault(number, code, address));
    }

    private PhysicalMemory memory() {
        return thread.process().system().machine().memory();
    }

    private int x87Errors() {
        long image = thread.context().xsaveImage();
        return memory().readShort(image + STATUS_WORD) & ~memory().readShort(image + CONTROL_WORD);
    }

    private int simdErrors() {
        int mxcsr = memory().readInt(thread.context().xsaveImage() + MXCSR);
        return mxcsr & ~(mxcsr >>> MXCSR_MASKS_SHIFT);
    }

    private static int codeOf(int errors) {
        if ((errors & INVALID) != 0) {
            return Signal.FPE_FLTINV;
        }
        if ((errors & DIVIDE_BY_ZERO) != 0) {
            return Signal.FPE_FLTDIV;
        }
        if ((errors & OVERFLOW) != 0) {
            return Signal.FPE_FLTOVF;
        }
        if ((errors & (UNDERFLOW | DENORMAL)) != 0) {
            return Signal.FPE_FLTUND;
        }
        return (errors & INEXACT) != 0 ? Signal.FPE_FLTRES : Signal.FPE_FLTINV;
    }
}
