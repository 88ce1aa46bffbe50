package biscotti.syscall;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.LittleEndian;
import biscotti.abi.Mempolicy;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.NodePolicy;
import biscotti.memory.Region;
import biscotti.memory.UserRange;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls about nodes of memory (numa(7)), on a machine that has one: node 0. */
public final class NodeCalls {
    private static final int WAYS = Mempolicy.MPOL_MF_MOVE | Mempolicy.MPOL_MF_MOVE_ALL;
    private static final int BIND_FLAGS = Mempolicy.MPOL_MF_STRICT | WAYS;
    private static final int QUESTIONS = Mempolicy.MPOL_F_NODE | Mempolicy.MPOL_F_ADDR | Mempolicy.MPOL_F_MEMS_ALLOWED;

    /** The family has no state. */
    public NodeCalls() {}

    /** set_mempolicy(2). */
    @SystemCall(number = 238, name = "set_mempolicy")
    public long setMempolicy(UserThread caller, int mode, long nodes, long most) {
        Slot<NodePolicy> policy = new Slot<>();
        long error = NodeMask.readPolicy(caller.memory(), mode, nodes, most, policy);
        if (error == 0) {
            caller.settings().setNodePolicy(policy.get());
        }
        return error;
    }

    /** get_mempolicy(2). */
    @SystemCall(number = 239, name = "get_mempolicy")
    public long getMempolicy(UserThread caller, long mode, long nodes, long most, long address, long flags) {
        if (nodes != 0 && most == 0 || (flags & ~QUESTIONS) != 0) {
            return -EINVAL;
        }
        if ((flags & Mempolicy.MPOL_F_MEMS_ALLOWED) != 0) {
            return flags != Mempolicy.MPOL_F_MEMS_ALLOWED ? -EINVAL : tell(caller, mode, 0, nodes, most, 1);
        }
        boolean ofAddress = (flags & Mempolicy.MPOL_F_ADDR) != 0;
        NodePolicy policy = caller.settings().nodePolicy();
        if (ofAddress) {
            Optional<Region> region = regionAt(caller.process().space(), address);
            if (region.isEmpty()) {
                return -EFAULT;
            }
            policy = region.get().policy();
        } else if (address != 0) {
            return -EINVAL;
        }
        int told = policy.mode() | policy.flags();
        if ((flags & Mempolicy.MPOL_F_NODE) != 0) {
            if (ofAddress && caller.memory().read(address, new byte[1], 0, 1) < 0) {
                return -EFAULT;
            }
            if (!ofAddress && policy.mode() != Mempolicy.MPOL_INTERLEAVE) {
                return -EINVAL;
            }
            told = 0;
        }
        return tell(caller, mode, told, nodes, most, policy.nodes());
    }

    private static long tell(UserThread caller, long mode, int told, long nodes, long most, long mask) {
        int error = mode == 0 ? 0 : caller.memory().writeInt(mode, told);
        return error < 0 || nodes == 0 ? error : NodeMask.write(caller.memory(), nodes, most, mask);
    }

    /** The region that has an address. */
    private static Optional<Region> regionAt(AddressSpace space, long address) {
        return address < 0 ? Optional.empty() : space.regionBehind(address).filter(region -> region.start() <= address);
    }

    /** mbind(2): the addresses are looked at before the nodes, but after the mode. */
    @SystemCall(number = 237, name = "mbind")
    public long mbind(UserThread caller, long address, long length, long mode, long nodes, long most, int flags) {
        Slot<NodePolicy> policy = new Slot<>();
        long error = NodeMask.readPolicy(caller.memory(), (int) mode, nodes, most, policy);
        boolean wrongNodes = error == -EINVAL && NodeMask.isMode((int) mode);
        if (error < 0 && !wrongNodes) {
            return error;
        }
        if ((flags & ~BIND_FLAGS) != 0) {
            return -EINVAL;
        }
        if ((flags & Mempolicy.MPOL_MF_MOVE_ALL) != 0 && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        long size = UserRange.pageEnd(length);
        if ((address & PhysicalMemory.FRAME_MASK) != 0 || Long.compareUnsigned(address + size, address) < 0) {
            return -EINVAL;
        }
        if (size == 0) {
            return 0;
        }
        if (wrongNodes) {
            return -EINVAL;
        }
        AddressSpace space = caller.process().space();
        boolean everywhere = policy.get().mode() != Mempolicy.MPOL_DEFAULT;
        return isMapped(space, address, address + size, everywhere)
                ? space.setPolicy(address, address + size, policy.get(), caller.rounds())
                : -EFAULT;
    }

    /** Whether a range is mapped everywhere, or anywhere. */
    private static boolean isMapped(AddressSpace space, long start, long end, boolean everywhere) {
        long at = start;
        while (at >= 0 && at < end) {
            Optional<Region> next = space.regionBehind(at);
            if (next.isEmpty()
                    || next.get().start() >= end
                    || everywhere && next.get().start() > at) {
                return false;
            }
            if (!everywhere) {
                return true;
            }
            at = next.get().end();
        }
        return at >= end;
    }

    /** set_mempolicy_home_node(2): where the nodes of a policy are filled first; of one node, that is known. */
    @SystemCall(number = 450, name = "set_mempolicy_home_node")
    public long setMempolicyHomeNode(UserThread caller, long address, long length, long node, long flags) {
        long size = UserRange.pageEnd(length);
        boolean wraps = Long.compareUnsigned(address + size, address) < 0;
        if ((address & PhysicalMemory.FRAME_MASK) != 0 || flags != 0 || node != 0 || wraps) {
            return -EINVAL;
        }
        if (size == 0) {
            return 0;
        }
        long result = -ENOENT;
        long at = address;
        while (at >= 0 && at < address + size) {
            Optional<Region> next = caller.process().space().regionBehind(at);
            if (next.isEmpty() || next.get().start() >= address + size) {
                break;
            }
            int mode = next.get().policy().mode();
            if (mode != Mempolicy.MPOL_DEFAULT) {
                if (mode != Mempolicy.MPOL_BIND && mode != Mempolicy.MPOL_PREFERRED_MANY) {
                    return -EOPNOTSUPP;
                }
                result = 0;
            }
            at = next.get().end();
        }
        return result;
    }

    /** migrate_pages(2): all pages are where they can be. */
    @SystemCall(number = 256, name = "migrate_pages")
    public long migratePages(UserThread caller, int process, long most, long from, long to) {
        NodeMask old = new NodeMask();
        NodeMask wanted = new NodeMask();
        long error = old.read(caller.memory(), from, most);
        if (error == 0) {
            error = wanted.read(caller.memory(), to, most);
        }
        Slot<Process> found = new Slot<>();
        if (error == 0) {
            error = find(caller, process, found);
        }
        if (error < 0) {
            return error;
        }
        if (wanted.hasMissing() && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        return wanted.hasFirst() ? 0 : -EINVAL;
    }

    /** A process or thread whose memory the caller may look into: 0, -ESRCH, -EPERM; -EINVAL for one that has none any more. */
    private static long find(UserThread caller, int id, Slot<Process> found) {
        if (id == 0) {
            return found.put(caller.process());
        }
        var table = caller.process().system().table();
        Optional<Process> process = table.thread(id).map(UserThread::process).or(() -> table.process(id));
        if (process.isEmpty()) {
            return -ESRCH;
        }
        if (!process.get().mayBeInspectedBy(caller)) {
            return -EPERM;
        }
        return process.get().isZombie() ? -EINVAL : found.put(process.get());
    }

    /** move_pages(2). */
    @SystemCall(number = 279, name = "move_pages")
    public long movePages(UserThread caller, int process, long count, long pages, long nodes, long states, int flags) {
        if ((flags & ~WAYS) != 0) {
            return -EINVAL;
        }
        if ((flags & Mempolicy.MPOL_MF_MOVE_ALL) != 0 && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        Slot<Process> found = new Slot<>();
        long error = find(caller, process, found);
        if (error < 0) {
            return error;
        }
        AddressSpace space = found.get().space();
        byte[] bytes = new byte[Long.BYTES];
        for (long i = 0; Long.compareUnsigned(i, count) < 0 && !caller.mustDie(); i++) {
            error = caller.memory().read(pages + i * Long.BYTES, bytes, 0, Long.BYTES);
            long page = LittleEndian.getLong(bytes, 0);
            if (error == 0 && nodes != 0) {
                error = caller.memory().read(nodes + i * Integer.BYTES, bytes, 0, Integer.BYTES);
                int node = LittleEndian.getInt(bytes, 0);
                error = error < 0 || node == 0 ? error : -ENODEV;
            }
            if (error == 0) {
                error = caller.memory()
                        .writeInt(states + i * Integer.BYTES, space.usage().node(page));
            }
            if (error < 0) {
                return error;
            }
        }
        return 0;
    }
}
