package biscotti.process;

import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.getShort;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.abi.Signal;
import biscotti.machine.UserContext;
import biscotti.memory.UserMemory;
import biscotti.process.signal.AlternateStack;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;
import java.util.Arrays;

/**
 * The frame that a signal handler finds on its stack, and that sigreturn(2) takes back: Linux's {@code struct rt_sigframe}
 * (asm/sigframe.h, asm/sigcontext.h, asm/ucontext.h), which C libraries, debuggers and language runtimes know.
 *
 * <pre>
 *   0  address of the restorer: where the handler returns to
 *   8  ucontext: flags, link, alternate stack; registers; signal mask
 * 312  siginfo
 * 440  end; the FPU's XSAVE image lies above, at a multiple of 64
 * </pre>
 */
final class SignalFrame {
    private static final int CONTEXT = 8;
    private static final int STACK_BASE = CONTEXT + 16;
    private static final int STACK_FLAGS = CONTEXT + 24;
    private static final int STACK_SIZE = CONTEXT + 32;
    private static final int REGISTERS = CONTEXT + 40;
    private static final int SELECTORS = REGISTERS + 144;
    private static final int ERROR = REGISTERS + 152;
    private static final int TRAP = REGISTERS + 160;
    private static final int OLD_MASK = REGISTERS + 168;
    private static final int FAULT_ADDRESS = REGISTERS + 176;
    private static final int FPU_STATE = REGISTERS + 184;
    private static final int MASK = REGISTERS + 256;
    private static final int INFO = MASK + 8;
    private static final int BYTES = INFO + Signal.INFO_BYTES;

    /** Bytes of the ucontext that sigreturn reads. */
    private static final int CONTEXT_BYTES = INFO - CONTEXT;

    /** uc_flags: an XSAVE image is there; ss is saved, and to be restored as it is. */
    private static final long CONTEXT_FLAGS = 1 | 2 | 4;

    /** The ABI lets functions use this much below the stack pointer. */
    private static final int RED_ZONE = 128;

    private static final int FPU_ALIGNMENT = 64;

    // struct _fpx_sw_bytes in the part of the legacy area that the CPU leaves alone, and what follows the image.
    private static final int SOFTWARE = 464;
    private static final int SOFTWARE_BYTES = 48;
    private static final int MAGIC1 = 0x46505853;
    private static final int MAGIC2 = 0x46505845;
    private static final int MAGIC2_BYTES = 4;
    private static final int LEGACY_BYTES = 512;
    private static final int HEADER_RESERVED = 520;
    private static final int HEADER_RESERVED_BYTES = 56;

    /** Flags that a handler starts without: single step, direction, resume. */
    private static final long CLEARED_FLAGS = 0x1_0500;

    /** uc_flags: the selector ss is to be restored as it is. */
    private static final long STRICT_STACK_SEGMENT = 4;

    private static final int RING_3 = 3;

    private SignalFrame() {}

    /** The most stack that a frame takes: AT_MINSIGSTKSZ. */
    static long maximumBytes(int xsaveBytes) {
        return RED_ZONE + BYTES + xsaveBytes + MAGIC2_BYTES + FPU_ALIGNMENT + 16;
    }

    /**
     * Pushes a frame on a thread's stack, and makes the thread go on in the handler.
     *
     * @param savedMask the mask that sigreturn sets again
     * @return whether the stack could be written; if not, the registers are as before
     */
    static boolean push(UserThread thread, SignalInfo signal, SignalActions.Action action, long savedMask) {
        UserContext context = thread.context();
        AlternateStack stack = thread.alternateStack();
        long top =
                action.has(Signal.SA_ONSTACK) && stack.canEnter(context.rsp()) ? stack.top() : context.rsp() - RED_ZONE;
        long fpu = top - context.xsaveBytes() - MAGIC2_BYTES & -FPU_ALIGNMENT;
        long frame = (fpu - BYTES & -16L) - 8;
        byte[] bytes = new byte[BYTES];
        putLong(bytes, 0, action.restorer());
        putLong(bytes, CONTEXT, CONTEXT_FLAGS);
        putLong(bytes, STACK_BASE, stack.base());
        putInt(bytes, STACK_FLAGS, stack.flags(context.rsp()));
        putLong(bytes, STACK_SIZE, stack.size());
        saveRegisters(context, bytes);
        putLong(bytes, OLD_MASK, savedMask);
        putLong(bytes, FPU_STATE, fpu);
        putLong(bytes, MASK, savedMask);
        signal.write(bytes, INFO);
        UserMemory memory = thread.memory();
        if (pushFpu(context, memory, fpu) < 0 || memory.write(frame, bytes, 0, BYTES) < 0) {
            return false;
        }
        stack.entered();
        context.setRdi(signal.number());
        context.setRsi(frame + INFO);
        context.setRdx(frame + CONTEXT);
        context.setRax(0);
        context.setRip(action.handler());
        context.setRsp(frame);
        context.setRflags(context.rflags() & ~CLEARED_FLAGS);
        context.restoreAll();
        return true;
    }

    private static void saveRegisters(UserContext from, byte[] to) {
        putLong(to, REGISTERS, from.r8());
        putLong(to, REGISTERS + 8, from.r9());
        putLong(to, REGISTERS + 16, from.r10());
        putLong(to, REGISTERS + 24, from.r11());
        putLong(to, REGISTERS + 32, from.r12());
        putLong(to, REGISTERS + 40, from.r13());
        putLong(to, REGISTERS + 48, from.r14());
        putLong(to, REGISTERS + 56, from.r15());
        putLong(to, REGISTERS + 64, from.rdi());
        putLong(to, REGISTERS + 72, from.rsi());
        putLong(to, REGISTERS + 80, from.rbp());
        putLong(to, REGISTERS + 88, from.rbx());
        putLong(to, REGISTERS + 96, from.rdx());
        putLong(to, REGISTERS + 104, from.rax());
        putLong(to, REGISTERS + 112, from.rcx());
        putLong(to, REGISTERS + 120, from.rsp());
        putLong(to, REGISTERS + 128, from.rip());
        putLong(to, REGISTERS + 136, from.rflags());
        putShort(to, SELECTORS, (short) UserContext.USER_CODE);
        putShort(to, SELECTORS + 6, (short) UserContext.USER_DATA);
        putLong(to, ERROR, from.errorCode());
        putLong(to, TRAP, from.vector());
        putLong(to, FAULT_ADDRESS, from.faultAddress());
    }

    /** Writes the FPU's image with the words of software in it and behind it; 0 or a negative errno. */
    private static int pushFpu(UserContext context, UserMemory memory, long to) {
        int size = context.xsaveBytes();
        byte[] software = new byte[SOFTWARE_BYTES];
        putInt(software, 0, MAGIC1);
        putInt(software, 4, size + MAGIC2_BYTES);
        putLong(software, 8, context.xsaveComponents());
        putInt(software, 16, size);
        int error = memory.writeFromPhysical(to, context.xsaveImage(), size);
        if (error == 0) {
            error = memory.write(to + SOFTWARE, software, 0, SOFTWARE_BYTES);
        }
        return error == 0 ? memory.writeInt(to + size, MAGIC2) : error;
    }

    /**
     * Takes the frame back that a handler left on its stack: registers, FPU, mask and alternate stack.
     *
     * @return whether there was a good frame; if not, the thread deserves SIGSEGV
     */
    static boolean pop(UserThread thread) {
        UserContext context = thread.context();
        UserMemory memory = thread.memory();
        byte[] bytes = new byte[BYTES];
        if (memory.read(context.rsp(), bytes, CONTEXT, CONTEXT_BYTES) < 0) {
            return false;
        }
        if (!popFpu(context, memory, getLong(bytes, FPU_STATE))) {
            return false;
        }
        restoreRegisters(bytes, context);
        thread.setSignalMask(getLong(bytes, MASK) & ~SignalSet.UNBLOCKABLE);
        thread.alternateStack()
                .restore(getLong(bytes, STACK_BASE), getInt(bytes, STACK_FLAGS), getLong(bytes, STACK_SIZE));
        return hasUserSelectors(bytes);
    }

    /** Whether the frame asks for the segments that programs have. Addresses need no check: ring 3 faults on bad ones. */
    private static boolean hasUserSelectors(byte[] bytes) {
        boolean strict = (getLong(bytes, CONTEXT) & STRICT_STACK_SEGMENT) != 0;
        boolean code = (getShort(bytes, SELECTORS) | RING_3) == UserContext.USER_CODE;
        return code && (!strict || (getShort(bytes, SELECTORS + 6) | RING_3) == UserContext.USER_DATA);
    }

    private static void restoreRegisters(byte[] from, UserContext to) {
        to.setR8(getLong(from, REGISTERS));
        to.setR9(getLong(from, REGISTERS + 8));
        to.setR10(getLong(from, REGISTERS + 16));
        to.setR11(getLong(from, REGISTERS + 24));
        to.setR12(getLong(from, REGISTERS + 32));
        to.setR13(getLong(from, REGISTERS + 40));
        to.setR14(getLong(from, REGISTERS + 48));
        to.setR15(getLong(from, REGISTERS + 56));
        to.setRdi(getLong(from, REGISTERS + 64));
        to.setRsi(getLong(from, REGISTERS + 72));
        to.setRbp(getLong(from, REGISTERS + 80));
        to.setRbx(getLong(from, REGISTERS + 88));
        to.setRdx(getLong(from, REGISTERS + 96));
        to.setRax(getLong(from, REGISTERS + 104));
        to.setRcx(getLong(from, REGISTERS + 112));
        to.setRsp(getLong(from, REGISTERS + 120));
        to.setRip(getLong(from, REGISTERS + 128));
        to.setRflags(getLong(from, REGISTERS + 136));
        to.restoreAll();
    }

    /** Loads the FPU's state: a whole image, an old one of 512 bytes, or none for the initial state. */
    private static boolean popFpu(UserContext context, UserMemory memory, long from) {
        if (from == 0) {
            context.resetFpu();
            return true;
        }
        byte[] software = new byte[SOFTWARE_BYTES];
        if (memory.read(from + SOFTWARE, software, 0, SOFTWARE_BYTES) < 0) {
            return false;
        }
        int size = context.xsaveBytes();
        boolean whole = getInt(software, 0) == MAGIC1
                && getInt(software, 16) == size
                && memory.readInt(from + size) == Integer.toUnsignedLong(MAGIC2);
        if (!whole) {
            context.resetFpu();
        }
        if (whole && !hasCleanHeader(memory, from)) {
            return false;
        }
        int error = memory.readToPhysical(from, context.xsaveArea(), whole ? size : LEGACY_BYTES);
        if (whole) {
            context.adoptXsaveImage();
        } else {
            context.adoptLegacyImage();
        }
        return error == 0;
    }

    /** Whether the image's header has zeros where it must (SDM vol. 1, 13.4.2): the CPU would refuse it. */
    private static boolean hasCleanHeader(UserMemory memory, long image) {
        byte[] reserved = new byte[HEADER_RESERVED_BYTES];
        return memory.read(image + HEADER_RESERVED, reserved, 0, HEADER_RESERVED_BYTES) == 0
                && Arrays.equals(reserved, new byte[HEADER_RESERVED_BYTES]);
    }
}
