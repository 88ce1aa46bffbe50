package biscotti.procfs;

import biscotti.abi.DeviceNumber;
import biscotti.abi.Mempolicy;
import biscotti.abi.Mman;
import biscotti.memory.AddressSpace;
import biscotti.memory.NodePolicy;
import biscotti.memory.PageSource;
import biscotti.memory.Region;
import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.process.program.Program;
import java.util.Optional;

/** What /proc/PID tells of a process's memory: statm, maps, cmdline, environ, auxv (proc(5)). */
final class ProcessMemory {
    private static final int PAGE_SHIFT = 12;
    /** Arguments and environment are read in pieces of this size. */
    private static final int PIECE = 1024;

    private static final int ADDRESS_DIGITS = 8;
    /** Columns of maps that are no numbers: blanks, permissions, a minus, a colon. */
    private static final int OTHER_COLUMNS = 10;
    /** The column where the file's name starts in a line of maps. */
    private static final int NAME_COLUMN = 73;

    private ProcessMemory() {}

    /** Sizes in pages: all, resident, of files, code, 0, data, 0. */
    static long writeStatm(Process process, TextWindow out) {
        if (process.isZombie()) {
            out.append("0 0 0 0 0 0 0\n");
            return Text.END;
        }
        AddressSpace space = process.space();
        out.append(space.usage().mappedBytes() >>> PAGE_SHIFT).append(' ');
        out.append(space.usage().residentBytes() >>> PAGE_SHIFT).append(" 0 ");
        out.append(space.usage().codeBytes() >>> PAGE_SHIFT).append(" 0 ");
        out.append(space.usage().dataBytes() >>> PAGE_SHIFT).append(" 0\n");
        return Text.END;
    }

    /** A line for the first mapping that ends behind an address. */
    static long writeMaps(Process process, long address, TextWindow out) {
        Optional<Region> found =
                process.isZombie() ? Optional.empty() : process.space().regionBehind(address);
        if (found.isEmpty()) {
            return Text.END;
        }
        Region region = found.get();
        PageSource source = region.source();
        boolean anonymous = region.anonymous();
        int device = anonymous ? 0 : source.device();
        long inode = anonymous ? 0 : source.inode();
        out.hex(region.start(), ADDRESS_DIGITS).append('-').hex(region.end(), ADDRESS_DIGITS);
        out.append(' ').append(letter(region, Mman.PROT_READ, 'r')).append(letter(region, Mman.PROT_WRITE, 'w'));
        out.append(letter(region, Mman.PROT_EXEC, 'x')).append(region.shared() ? 's' : 'p');
        out.append(' ').hex(anonymous ? 0 : region.firstSourcePage() << PAGE_SHIFT, ADDRESS_DIGITS);
        out.append(' ').hex(DeviceNumber.major(device), 2).append(':').hex(DeviceNumber.minor(device), 2);
        out.append(' ').append(inode);
        String name = name(region);
        if (!name.isEmpty()) {
            out.repeat(' ', Math.max(1, NAME_COLUMN - columns(region, inode))).append(name);
        }
        out.append('\n');
        return region.end();
    }

    /** How long a line of maps is up to the inode's number. */
    private static int columns(Region region, long inode) {
        long offset = region.anonymous() ? 0 : region.firstSourcePage() << PAGE_SHIFT;
        int addresses = hexDigits(region.start(), ADDRESS_DIGITS)
                + hexDigits(region.end(), ADDRESS_DIGITS)
                + hexDigits(offset, ADDRESS_DIGITS);
        int device = region.anonymous() ? 0 : region.source().device();
        int numbers = hexDigits(DeviceNumber.major(device), 2) + hexDigits(DeviceNumber.minor(device), 2);
        return addresses + numbers + OTHER_COLUMNS + Long.toString(inode).length();
    }

    private static int hexDigits(long value, int least) {
        return Math.max(least, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
    }

    private static String name(Region region) {
        if (region.has(Region.HEAP)) {
            return "[heap]";
        }
        if (region.has(Region.STACK)) {
            return "[stack]";
        }
        return region.anonymous() ? "" : region.source().name();
    }

    private static char letter(Region region, int protection, char letter) {
        return (region.protection() & protection) != 0 ? letter : '-';
    }

    /** /proc/PID/numa_maps (numa(7)): the policy and pages of the first mapping that ends behind an address. */
    static long writeNodes(Process process, NodePolicy ofThread, long address, TextWindow out) {
        Optional<Region> found =
                process.isZombie() ? Optional.empty() : process.space().regionBehind(address);
        if (found.isEmpty()) {
            return Text.END;
        }
        Region region = found.get();
        NodePolicy own = region.policy();
        NodePolicy policy = own == NodePolicy.DEFAULT ? ofThread : own;
        out.hex(region.start(), ADDRESS_DIGITS).append(' ').append(policy.name());
        boolean fixed = (policy.flags() & Mempolicy.MPOL_F_STATIC_NODES) != 0;
        boolean relative = (policy.flags() & Mempolicy.MPOL_F_RELATIVE_NODES) != 0;
        out.append(fixed ? "=static" : relative ? "=relative" : "");
        boolean named = policy.mode() != Mempolicy.MPOL_DEFAULT && policy.mode() != Mempolicy.MPOL_LOCAL;
        out.append(named ? ":0" : "");
        if (!region.anonymous()) {
            out.append(" file=").append(region.source().name());
        } else if (region.has(Region.HEAP)) {
            out.append(" heap");
        } else if (region.has(Region.STACK)) {
            out.append(" stack");
        }
        long pages =
                process.space().usage().residence(region.start(), region.end()).pages();
        if (pages > 0) {
            String kind = region.anonymous() ? " anon=" : " mapped=";
            out.append(kind).append(pages);
            if (region.anonymous()) {
                out.append(" dirty=").append(pages);
            }
            out.append(" N0=").append(pages).append(" kernelpagesize_kB=4");
        }
        out.append('\n');
        return region.end();
    }

    /** The arguments as they lie in the process's memory now, each ended by a NUL; nothing for a zombie. */
    static long writeArguments(Process process, long record, TextWindow out) {
        Program program = process.program();
        return writeMemory(process, program.argumentsStart() + record, program.argumentsEnd(), record, out);
    }

    static long writeEnvironment(Process process, long record, TextWindow out) {
        Program program = process.program();
        return writeMemory(process, program.environmentStart() + record, program.environmentEnd(), record, out);
    }

    /** A piece of memory; its record's number is how far from the beginning it is. */
    private static long writeMemory(Process process, long start, long end, long record, TextWindow out) {
        if (process.isZombie() || start >= end) {
            return Text.END;
        }
        int length = (int) Math.min(PIECE, end - start);
        byte[] bytes = new byte[PIECE];
        int error = new UserMemory(process.space()).read(start, bytes, 0, length);
        if (error < 0) {
            return Text.END;
        }
        out.append(bytes, length);
        return record + length;
    }

    static long writeAuxiliaryVector(Process process, TextWindow out) {
        byte[] vector = process.program().auxiliaryVector();
        out.append(vector, vector.length);
        return Text.END;
    }
}
