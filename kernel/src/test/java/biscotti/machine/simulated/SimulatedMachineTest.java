package biscotti.machine.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import biscotti.machine.UserContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The simulated machine keeps the promises of its package page. */
class SimulatedMachineTest {
    private static final long FRAMES = SimulatedMachine.MEMORY_START + PhysicalMemory.FRAME_SIZE;
    private static final long ROOT = FRAMES;
    private static final long CONTEXT = FRAMES + 4096;
    private static final long CHILD_CONTEXT = FRAMES + 2 * 4096;
    private static final long DATA = FRAMES + 3 * 4096;
    private static final long TABLES = FRAMES + 4 * 4096;
    private static final long ENTRY = 0x400000;
    private static final long PRESENT_USER = 5;
    private static final long WRITE = 2;
    private static final long DIRTY = 0x40;

    private final SimulatedMachine machine =
            SimulatedMachine.builder().memory(64 << 10).manualClock().ticks().build();
    private final SimulatedMemory memory = machine.memory();

    @AfterEach
    void close() {
        machine.close();
    }

    /** Maps virtual page 0x10000 to DATA; returns the place of its entry. */
    private long map(long flags) {
        for (int level = 0; level < 3; level++) {
            long table = level == 0 ? ROOT : TABLES + (level - 1) * 4096L;
            memory.writeLong(table, TABLES + level * 4096L | PRESENT_USER | WRITE);
        }
        long place = TABLES + 2 * 4096 + 8 * 0x10;
        memory.writeLong(place, DATA | flags);
        return place;
    }

    private UserContext start(UserCode code) {
        machine.register(ENTRY, code);
        UserContext context = machine.newUserContext(CONTEXT);
        context.setRip(ENTRY);
        return context;
    }

    /** Lets the tick go by that a CPU has from the clock's start. */
    private int enter(UserContext context) {
        int vector;
        do {
            vector = context.enter(ROOT);
        } while (vector == Trap.TIMER);
        return vector;
    }

    @Test
    void theUpperHalfOfRaxIsNoPartOfACallsNumber() {
        UserContext context = machine.newUserContext(CONTEXT);
        context.setRax(0x1_0000_0027L);
        assertEquals(0x27, context.systemCallNumber());
    }

    @Test
    void aSystemCallCarriesNumberArgumentsAndResult() {
        UserContext context = start(cpu -> cpu.call(cpu.call(7, 1, 2, 3, 4, 5, 6)));
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        assertEquals(7, context.systemCallNumber());
        for (int i = 0; i < 6; i++) {
            assertEquals(i + 1, context.argument(i));
        }
        context.setResult(99);
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        assertEquals(99, context.systemCallNumber());
    }

    @Test
    void aWriteFaultsUntilThePageIsThereAndWritableAndThenSetsDirty() {
        UserContext context = start(cpu -> cpu.store64(0x10008, 42));
        assertEquals(Trap.PAGE_FAULT, enter(context));
        assertEquals(0x10008, context.faultAddress());
        assertEquals(Trap.FAULT_USER | Trap.FAULT_WRITE, context.errorCode());
        long place = map(PRESENT_USER);
        assertEquals(Trap.PAGE_FAULT, enter(context));
        assertEquals(Trap.FAULT_USER | Trap.FAULT_WRITE | Trap.FAULT_PRESENT, context.errorCode());
        memory.writeLong(place, memory.readLong(place) | WRITE);
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        assertEquals(42, memory.readLong(DATA + 8));
        assertTrue((memory.readLong(place) & DIRTY) != 0);
    }

    @Test
    void aTranslationThatIsNotFlushedIsStillUsed() {
        long place = map(PRESENT_USER);
        memory.writeLong(DATA, 1);
        UserContext context = start(cpu -> {
            while (true) {
                cpu.call(cpu.load64(0x10000));
            }
        });
        enter(context);
        memory.writeLong(place, 0);
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        machine.tlb().flush(1, 0x10000, 1);
        assertEquals(Trap.PAGE_FAULT, enter(context));
    }

    @Test
    void aChildStartsAtTheRipOfTheCallAndTheParentGoesOn() {
        machine.register(0x500000, cpu -> cpu.call(1000 + cpu.register(Register.RAX)));
        UserContext context = start(cpu -> cpu.call(cpu.callAt(0x500000, 57)));
        enter(context);
        UserContext child = machine.newUserContext(CHILD_CONTEXT);
        child.copyFrom(context);
        child.setResult(0);
        context.setResult(5);
        assertEquals(Trap.SYSTEM_CALL, enter(child));
        assertEquals(1000, child.systemCallNumber());
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        assertEquals(5, context.systemCallNumber());
    }

    @Test
    void aHandlerRunsAndItsSigreturnGoesBackToTheInterruptedCode() {
        machine.register(0x600000, cpu -> cpu.call(15));
        UserContext context = start(cpu -> {
            cpu.call(1);
            cpu.call(2);
        });
        enter(context);
        long rip = context.rip();
        long rsp = context.rsp();
        context.setRip(0x600000);
        context.setRsp(0x7000);
        enter(context);
        assertEquals(15, context.systemCallNumber());
        context.setRip(rip);
        context.setRsp(rsp);
        enter(context);
        assertEquals(2, context.systemCallNumber());
    }

    @Test
    void ripMovedBackRestartsTheCall() {
        UserContext context = start(cpu -> cpu.call(35, 8));
        enter(context);
        context.setRip(context.rip() - 2);
        context.setResult(35);
        assertEquals(Trap.SYSTEM_CALL, enter(context));
        assertEquals(35, context.systemCallNumber());
        assertEquals(8, context.argument(0));
        context.setResult(0);
        enter(context);
        assertEquals(60, context.systemCallNumber());
    }

    @Test
    void theClockTicksAndAnotherCpuWakes() {
        UserContext context = start(cpu -> {
            while (true) {
                cpu.step();
            }
        });
        assertEquals(Trap.TIMER, context.enter(ROOT));
        machine.processors().wake(0);
        assertEquals(Trap.RESCHEDULE, context.enter(ROOT));
        machine.clock().advance(1_000_000);
        assertEquals(Trap.TIMER, context.enter(ROOT));
    }

    @Test
    void freedFramesAndMissingMemoryMayNotBeTouched() {
        memory.frameFreed(DATA);
        assertThrows(AssertionError.class, () -> memory.readLong(DATA));
        assertThrows(AssertionError.class, () -> memory.frameFreed(DATA));
        memory.frameTaken(DATA);
        assertEquals(0xa5a5a5a5, memory.readInt(DATA));
        assertThrows(AssertionError.class, () -> memory.readLong(0));
        assertThrows(AssertionError.class, () -> memory.zero(1L << 40, 1));
    }

    @Test
    void anInterruptSetsItsPendingBitAndALevelLineIsMaskedUntilEnabled() {
        machine.interruptLines().route(4, 0, 9, true);
        machine.interrupt(4);
        assertEquals(1L << 9, machine.processors().takePending(0));
        machine.interrupt(4);
        assertEquals(0, machine.processors().takePending(0));
        machine.interruptLines().enable(4);
        machine.interrupt(4);
        assertEquals(1L << 9, machine.processors().takePending(0));
    }
}
