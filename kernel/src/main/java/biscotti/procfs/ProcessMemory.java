package biscotti.procfs;

import biscotti.abi.Mman;
import biscotti.file.DeviceNumber;
import biscotti.memory.PageSource;
import biscotti.memory.Region;
import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.process.Program;
import java.nio.charset.StandardCharsets;

/** What /proc/PID tells of a process's memory: statm, maps, cmdline, environ, auxv (proc(5)). */
final class ProcessMemory {
    private static final int PAGE_SHIFT = 12;
    /** The longest arguments or environment that are shown. */
    private static final int LONGEST = 128 << 10;
    /** The column where the file's name starts in a line of maps. */
    private static final int NAME_COLUMN = 73;

    private ProcessMemory() {}

    /** Sizes in pages: all, resident, of files, code, 0, data, 0. */
    static int writeStatm(Process process, StringBuilder out) {
        long size = process.isZombie() ? 0 : process.space().mappedBytes() >>> PAGE_SHIFT;
        long resident = process.isZombie() ? 0 : process.space().residentBytes() >>> PAGE_SHIFT;
        long code = 0;
        long data = 0;
        for (Region region : regions(process)) {
            long pages = region.length() >>> PAGE_SHIFT;
            if ((region.protection() & Mman.PROT_EXEC) != 0) {
                code += pages;
            } else if ((region.protection() & Mman.PROT_WRITE) != 0 && !region.shared()) {
                data += pages;
            }
        }
        out.append(size).append(' ').append(resident).append(" 0 ");
        out.append(code).append(" 0 ").append(data).append(" 0\n");
        return 0;
    }

    private static Region[] regions(Process process) {
        return process.isZombie() ? new Region[0] : process.space().regions();
    }

    static int writeMaps(Process process, StringBuilder out) {
        for (Region region : regions(process)) {
            int lineStart = out.length();
            out.append(hex(region.start(), 8))
                    .append('-')
                    .append(hex(region.end(), 8))
                    .append(' ');
            out.append(letter(region, Mman.PROT_READ, 'r')).append(letter(region, Mman.PROT_WRITE, 'w'));
            out.append(letter(region, Mman.PROT_EXEC, 'x'))
                    .append(region.shared() ? 's' : 'p')
                    .append(' ');
            PageSource source = region.source();
            boolean anonymous = region.anonymous();
            int device = anonymous ? 0 : source.device();
            out.append(hex(anonymous ? 0 : region.firstSourcePage() << PAGE_SHIFT, 8))
                    .append(' ');
            out.append(hex(DeviceNumber.major(device), 2)).append(':').append(hex(DeviceNumber.minor(device), 2));
            out.append(' ').append(anonymous ? 0 : source.inode());
            String name = name(region);
            if (!name.isEmpty()) {
                out.append(" ".repeat(Math.max(1, NAME_COLUMN - (out.length() - lineStart))))
                        .append(name);
            }
            out.append('\n');
        }
        return 0;
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

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** The arguments as they lie in the process's memory now, each ended by a NUL; nothing for a zombie. */
    static int writeArguments(Process process, StringBuilder out) {
        Program program = process.program();
        return writeMemory(process, program.argumentsStart(), program.argumentsEnd(), out);
    }

    static int writeEnvironment(Process process, StringBuilder out) {
        Program program = process.program();
        return writeMemory(process, program.environmentStart(), program.environmentEnd(), out);
    }

    private static int writeMemory(Process process, long start, long end, StringBuilder out) {
        if (process.isZombie() || start == end) {
            return 0;
        }
        byte[] bytes = new byte[(int) Math.min(LONGEST, Math.max(0, end - start))];
        int error = new UserMemory(process.space()).read(start, bytes, 0, bytes.length);
        out.append(error < 0 ? "" : new String(bytes, StandardCharsets.ISO_8859_1));
        return 0;
    }

    static int writeAuxiliaryVector(Process process, StringBuilder out) {
        out.append(new String(process.program().auxiliaryVector(), StandardCharsets.ISO_8859_1));
        return 0;
    }
}
