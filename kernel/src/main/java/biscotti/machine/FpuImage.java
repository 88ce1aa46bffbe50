package biscotti.machine;

/**
 * XSAVE images in physical memory (standard form; Intel SDM vol. 1, 13.4): made from the shim's fast form, and made safe
 * to load when a user wrote them.
 */
final class FpuImage {
    // The legacy area, as FXSAVE writes it (SDM vol. 1, table 10-2).
    private static final int CONTROL_WORD = 0;
    private static final int STATUS_WORD = 2;
    private static final int TAG_BYTE = 4;
    private static final int MXCSR = 24;
    private static final int MXCSR_MASK = 28;
    private static final int XMM = 160;
    // The XSAVE header and the AVX state, at its fixed place.
    private static final int XSTATE_BV = 512;
    private static final int XCOMP_BV = 520;
    private static final int HEADER_END = 576;
    private static final int YMM_HIGH = 576;
    // The x87 environment, as FNSTENV writes it in 32-bit form (SDM vol. 1, figure 8-9).
    private static final int ENVIRONMENT_CONTROL = 0;
    private static final int ENVIRONMENT_STATUS = 4;

    private static final int REGISTERS = 16;

    /** Bytes of an XMM register, which is the lower half of a YMM register. */
    private static final long HALF = 16;

    private static final int X87_AND_SSE = 3;
    private static final int AVX = 4;
    private static final int AVX512 = 0xe0;
    private static final int INITIAL_CONTROL = 0x37f;
    private static final int INITIAL_MXCSR = 0x1f80;
    private static final int MXCSR_BITS = 0xffff;

    private final PhysicalMemory memory;
    private final int bytes;
    private final long components;

    FpuImage(PhysicalMemory memory, BootInformation boot) {
        this.memory = memory;
        this.bytes = boot.xsaveBytes();
        this.components = X87_AND_SSE
                | (boot.has(BootInformation.FEATURE_AVX) ? AVX : 0)
                | (boot.has(BootInformation.FEATURE_AVX512) ? AVX512 : 0);
    }

    /** How many bytes an image has. */
    int bytes() {
        return bytes;
    }

    /** Writes the image of the FPU's initial state. */
    void initialise(long image) {
        memory.zero(image, bytes);
        memory.writeShort(image + CONTROL_WORD, (short) INITIAL_CONTROL);
        memory.writeInt(image + MXCSR, INITIAL_MXCSR);
        memory.writeInt(image + MXCSR_MASK, MXCSR_BITS);
    }

    /** Builds an image from the fast form, whose x87 stack is empty. */
    void fromFast(long ymm, long environment, long mxcsr, long image) {
        initialise(image);
        memory.writeShort(image + CONTROL_WORD, memory.readShort(environment + ENVIRONMENT_CONTROL));
        memory.writeShort(image + STATUS_WORD, memory.readShort(environment + ENVIRONMENT_STATUS));
        memory.writeByte(image + TAG_BYTE, (byte) 0);
        memory.writeInt(image + MXCSR, memory.readInt(mxcsr));
        gather(ymm, image + XMM);
        if ((components & AVX) != 0) {
            gather(ymm + HALF, image + YMM_HIGH);
        }
        memory.writeLong(image + XSTATE_BV, components & (X87_AND_SSE | AVX));
    }

    /** Copies one half of each register, from where they lie 32 bytes apart to where they lie side by side. */
    private void gather(long from, long to) {
        for (int i = 0; i < REGISTERS; i++) {
            memory.writeLong(to + HALF * i, memory.readLong(from + 2 * HALF * i));
            memory.writeLong(to + HALF * i + 8, memory.readLong(from + 2 * HALF * i + 8));
        }
    }

    /** The state components that an image has. */
    long components() {
        return components;
    }

    /** Leaves only the x87 and SSE state of an image. */
    void limitToLegacy(long image) {
        memory.writeLong(image + XSTATE_BV, X87_AND_SSE);
    }

    /** Clears what would make XRSTOR fault (SDM vol. 1, 13.8): unknown components, a compact form, reserved MXCSR bits. */
    void sanitise(long image) {
        memory.writeLong(image + XSTATE_BV, memory.readLong(image + XSTATE_BV) & components);
        memory.zero(image + XCOMP_BV, HEADER_END - XCOMP_BV);
        memory.writeInt(image + MXCSR, memory.readInt(image + MXCSR) & MXCSR_BITS);
    }
}
