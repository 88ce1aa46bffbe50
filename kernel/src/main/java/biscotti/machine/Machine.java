package biscotti.machine;

/**
 * The machine that the kernel runs on: its memory, processors, clock, interrupts and ports.
 *
 * <p>A machine is handed to whoever needs it; nothing reaches it through a global variable, so tests may run several
 * simulated machines side by side. All parts may be used by all threads at any time.
 */
public abstract class Machine {
    /** For subclasses. */
    protected Machine() {}

    /** All physical memory. */
    public abstract PhysicalMemory memory();

    /** The CPUs. */
    public abstract Processors processors();

    /** The translation caches of the CPUs. */
    public abstract Tlb tlb();

    /** The clocks. */
    public abstract Clock clock();

    /** The x86 I/O port space. */
    public abstract Ports ports();

    /** The interrupt lines of the I/O interrupt controllers. */
    public abstract InterruptLines interruptLines();

    /**
     * Registers of a device, for ever.
     *
     * @param address where they begin among the physical addresses
     * @param length how many bytes there are
     */
    public abstract DeviceRegisters deviceRegisters(long address, long length);

    /** The kernel log's way out of the machine. */
    public abstract LogPort logPort();

    /** The source of unpredictable bytes. */
    public abstract Entropy entropy();

    /** The heap of the Java machine that the kernel is. */
    public abstract HeapCounter heap();

    /** The classes of the Java machine that the kernel is. */
    public abstract ClassCounter classes();

    /** What the machine was booted with. */
    public abstract BootInformation boot();

    /** Registers kept in a physical frame, and how they get into the CPU. */
    protected abstract UserContext userContext(long frame);

    /**
     * The registers of a user thread, kept in a physical frame that the caller owns, and frees when it has ended the
     * thread. The registers are set to those of a new program: all zero, the FPU in its initial state.
     *
     * @param frame physical address of a frame; its old content is lost
     */
    public final UserContext newUserContext(long frame) {
        UserContext context = userContext(frame);
        context.reset();
        return context;
    }

    /**
     * Stops the whole machine.
     *
     * @param code 0 for an orderly stop, anything else for a failure
     */
    public abstract void stop(int code);
}
