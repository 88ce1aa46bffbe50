package biscotti.memory;

import static biscotti.abi.Errno.EINVAL;

import biscotti.machine.Entropy;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Makes address spaces, and knows which one each CPU has loaded. */
public final class AddressSpaces implements FrameHolder {
    private final Machine machine;
    private final FrameAllocator frames;
    private final long zeroFrame;
    private final HugePages hugePages = new HugePages();
    private final AddressSpace[] loaded;

    /**
     * Guards the list of all that live, in the order in which they were made. It is walked without it: who leaves while somebody walks
     * still leads on.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private int walkers;

    private volatile AddressSpace first;
    private AddressSpace last;

    /** For a machine whose frames are managed by {@code frames}, which must have one left. */
    public AddressSpaces(Machine machine, FrameAllocator frames) {
        this.machine = machine;
        this.frames = frames;
        this.zeroFrame = frames.allocateZeroed();
        if (zeroFrame < 0) {
            throw new IllegalStateException("no memory for the page of zeros");
        }
        this.loaded = new AddressSpace[machine.processors().count()];
        frames.add(this);
    }

    /** The most mappings of one address space: vm.max_map_count of proc(5). */
    public static int mostRegions() {
        return RegionMap.MOST.get();
    }

    /** Sets {@link #mostRegions}: 0, or -EINVAL if there cannot be so many. */
    public static int setMostRegions(long most) {
        if (most < 0 || most > RegionMap.LIMIT) {
            return -EINVAL;
        }
        RegionMap.MOST.set((int) most);
        return 0;
    }

    /** A new, empty address space; nothing if there is no memory for its top page table. */
    public Optional<AddressSpace> create(AddressLayout layout) {
        long root = frames.allocateZeroed();
        if (root < 0) {
            return Optional.empty();
        }
        AddressSpace made = new AddressSpace(this, layout, root);
        lock.lock();
        made.previous = last;
        if (last == null) {
            first = made;
        } else {
            last.next = made;
        }
        last = made;
        lock.unlock();
        return Optional.of(made);
    }

    /** It is dead. */
    void remove(AddressSpace gone) {
        lock.lock();
        if (gone.previous == null) {
            first = gone.next;
        } else {
            gone.previous.next = gone.next;
        }
        if (gone.next == null) {
            last = gone.previous;
        } else {
            gone.next.previous = gone.previous;
        }
        gone.previous = null;
        if (walkers == 0) {
            gone.next = null;
        }
        lock.unlock();
    }

    /**
     * Takes the pages of a source from a number on out of all private mappings. A fork's child comes behind its parent in the list, so
     * that what it copied from a parent that was not looked at yet is found.
     */
    void dropPrivate(Mappings mappings, long from) {
        countWalkers(1);
        for (AddressSpace space = first; space != null; space = space.next) {
            space.drop(mappings, from, Long.MAX_VALUE >>> PhysicalMemory.FRAME_SHIFT, false);
        }
        countWalkers(-1);
    }

    /** {@inheritDoc} Those of lazy pages of programs. */
    @Override
    public long reclaim(long wanted) {
        return reclaim(wanted, true);
    }

    /**
     * Takes lazy pages back, from one address space after the other.
     *
     * @param wanted how many would do
     * @param waits whether a space that is busy is waited for; the caller holds no lock then
     * @return how many
     */
    long reclaim(long wanted, boolean waits) {
        long gone = 0;
        countWalkers(1);
        for (AddressSpace space = first; space != null && gone < wanted; space = space.next) {
            gone += LazyPages.reclaim(space, waits);
        }
        countWalkers(-1);
        return gone;
    }

    private void countWalkers(int more) {
        lock.lock();
        walkers += more;
        lock.unlock();
    }

    /** The frames that all pages come from. */
    public FrameAllocator frames() {
        return frames;
    }

    /** Who gets pages of 2 MB. */
    public HugePages hugePages() {
        return hugePages;
    }

    /** Whether a thread that is about to enter ring 3 on a CPU finds its address space loaded there. */
    public boolean isLoaded(int cpu, AddressSpace space) {
        return loaded[cpu] == space;
    }

    /**
     * Called on a CPU before it enters ring 3 with an address space that is not loaded there: from now on, the CPU takes part
     * in the shootdowns of this one, too.
     *
     * @return the address space that was loaded: call its {@link AddressSpace#leftBy} after the CPU has come back from ring 3,
     *     because until then its page tables stay loaded. The same one if there was none.
     */
    public AddressSpace load(int cpu, AddressSpace space) {
        AddressSpace before = loaded[cpu];
        space.enteredBy(cpu);
        loaded[cpu] = space;
        return before == null ? space : before;
    }

    /** Makes the calling CPU leave an address space that it has loaded, so that its root can be freed. */
    public void unload(AddressSpace space) {
        int cpu = machine.processors().current();
        if (loaded[cpu] == space) {
            unload(space, cpu);
        }
    }

    /**
     * Called on a CPU that has nothing to run: if it still has the address space of a dead process loaded, it leaves it, so
     * that an idle machine holds no memory of the dead.
     */
    public void beforeIdle(int cpu) {
        AddressSpace space = loaded[cpu];
        if (space != null && space.isDead()) {
            unload(space, cpu);
        }
    }

    private void unload(AddressSpace space, int cpu) {
        machine.tlb().leaveUserRoot();
        loaded[cpu] = null;
        space.leftBy(cpu);
    }

    Machine machine() {
        return machine;
    }

    PhysicalMemory memory() {
        return machine.memory();
    }

    Entropy entropy() {
        return machine.entropy();
    }

    long zeroFrame() {
        return zeroFrame;
    }
}
