package biscotti.process.program;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.ENOEXEC;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.getShort;

import biscotti.abi.Elf;
import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.file.KernelTransfer;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.PageSource;
import biscotti.memory.UserMemory;
import biscotti.memory.UserRange;
import java.nio.charset.StandardCharsets;

/**
 * An executable or shared object in ELF (elf(5)): its headers, and how it is mapped. Everything read from the file is checked
 * where it is used; a file that makes no sense is ENOEXEC.
 */
public final class ElfImage {
    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_INTERPRETER = 4096;

    private final Place place;
    private final byte[] header;
    private byte[] programHeaders = new byte[0];
    private int count;
    private long bias;

    /** An image whose first bytes were read already. */
    public ElfImage(Place place, byte[] firstBytes) {
        this.place = place;
        this.header = firstBytes;
    }

    /** Reads the headers: 0, -ENOEXEC, or a negative errno of the file. */
    public long readHeaders(PhysicalMemory memory) {
        if (getInt(header, 0) != Elf.MAGIC
                || header[Elf.CLASS] != Elf.CLASS_64
                || header[Elf.DATA] != Elf.LITTLE_ENDIAN
                || getShort(header, Elf.MACHINE) != Elf.EM_X86_64
                || getShort(header, Elf.PROGRAM_HEADER_SIZE) != Elf.PROGRAM_HEADER_BYTES
                || (type() != Elf.ET_EXEC && type() != Elf.ET_DYN)) {
            return -ENOEXEC;
        }
        int headers = getShort(header, Elf.PROGRAM_HEADER_COUNT);
        if (headers < 1 || headers > MOST_HEADERS) {
            return -ENOEXEC;
        }
        count = headers;
        programHeaders = new byte[headers * Elf.PROGRAM_HEADER_BYTES];
        long read = read(memory, programHeaders, getLong(header, Elf.PROGRAM_HEADERS));
        return read < 0 ? read : read < programHeaders.length ? -ENOEXEC : 0;
    }

    private long read(PhysicalMemory memory, byte[] to, long position) {
        return position < 0 ? -ENOEXEC : place.vnode().readAt(new KernelTransfer(memory, to, 0, to.length), position);
    }

    private int type() {
        return getShort(header, Elf.TYPE);
    }

    /** Whether it may be loaded anywhere. */
    boolean isPositionIndependent() {
        return type() == Elf.ET_DYN;
    }

    private int typeOf(int index) {
        return getInt(programHeaders, index * Elf.PROGRAM_HEADER_BYTES);
    }

    private int flagsOf(int index) {
        return getInt(programHeaders, index * Elf.PROGRAM_HEADER_BYTES + Elf.FLAGS);
    }

    private long field(int index, int offset) {
        return getLong(programHeaders, index * Elf.PROGRAM_HEADER_BYTES + offset);
    }

    /** How many program headers there are. */
    public int headerCount() {
        return count;
    }

    /** Whether the program wants an executable stack. */
    public boolean wantsExecutableStack() {
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_GNU_STACK) {
                return (flagsOf(i) & Elf.PF_X) != 0;
            }
        }
        return false;
    }

    /** Reads the path of the interpreter: 0 with an empty path if there is none, or a negative errno. */
    public long readInterpreter(PhysicalMemory memory, Slot<String> path) {
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_INTERP) {
                long length = field(i, Elf.FILE_SIZE);
                if (length < 2 || length > LONGEST_INTERPRETER) {
                    return -ENOEXEC;
                }
                byte[] bytes = new byte[(int) length];
                long read = read(memory, bytes, field(i, Elf.OFFSET));
                if (read < length || bytes[(int) length - 1] != 0) {
                    return read < 0 ? read : -ENOEXEC;
                }
                return path.put(new String(bytes, 0, (int) length - 1, StandardCharsets.ISO_8859_1));
            }
        }
        return path.put("");
    }

    /** Where the entry point is, once mapped. */
    public long entry() {
        return getLong(header, Elf.ENTRY) + bias;
    }

    /** How far from the addresses in the file it is mapped. */
    public long bias() {
        return bias;
    }

    /** Where the program headers are in memory; 0 if they are not mapped. */
    public long headersAddress() {
        long offset = getLong(header, Elf.PROGRAM_HEADERS);
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_PHDR) {
                return field(i, Elf.ADDRESS) + bias;
            }
        }
        for (int i = 0; i < count; i++) {
            long start = field(i, Elf.OFFSET);
            if (typeOf(i) == Elf.PT_LOAD && offset >= start && offset - start < field(i, Elf.FILE_SIZE)) {
                return offset - start + field(i, Elf.ADDRESS) + bias;
            }
        }
        return 0;
    }

    /** The first address behind all segments, once mapped. */
    public long end() {
        return highest() + bias;
    }

    private long lowest() {
        long low = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_LOAD) {
                low = Math.min(low, UserRange.pageStart(field(i, Elf.ADDRESS)));
            }
        }
        return low;
    }

    private long highest() {
        long high = 0;
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_LOAD) {
                high = Math.max(high, field(i, Elf.ADDRESS) + field(i, Elf.MEMORY_SIZE));
            }
        }
        return high;
    }

    private long largestAlignment() {
        long alignment = PhysicalMemory.FRAME_SIZE;
        for (int i = 0; i < count; i++) {
            long wanted = field(i, Elf.ALIGN);
            if (typeOf(i) == Elf.PT_LOAD && Long.bitCount(wanted) == 1 && wanted > 0) {
                alignment = Math.max(alignment, wanted);
            }
        }
        return alignment;
    }

    /**
     * Maps the segments.
     *
     * @param space an address space that nobody runs yet
     * @param memory a view of it
     * @param base where a position-independent image goes; 0 for wherever there is room
     * @param rounds of which each segment takes one; no lock is held
     * @return 0, or a negative errno: -EINTR if the thread must die
     */
    public long map(AddressSpace space, UserMemory memory, long base, Rounds rounds) {
        Slot<PageSource> source = new Slot<>();
        long error = place.pages(place.vnode(), source);
        if (error < 0 || lowest() == Long.MAX_VALUE || lowest() < 0 || highest() < lowest()) {
            return error == -ENOMEM ? error : -ENOEXEC;
        }
        if (isPositionIndependent()) {
            error = chooseBias(space, base);
            if (error < 0) {
                return error;
            }
        }
        for (int i = 0; i < count; i++) {
            if (typeOf(i) == Elf.PT_LOAD) {
                if (!rounds.awaitRound()) {
                    return -EINTR;
                }
                error = mapSegment(space, memory, source.get(), i);
                if (error < 0) {
                    return error;
                }
            }
        }
        return 0;
    }

    private long chooseBias(AddressSpace space, long base) {
        long alignment = largestAlignment();
        long span = highest() - lowest();
        if (base != 0) {
            bias = (base & -alignment) - lowest();
            return 0;
        }
        long room = span + alignment;
        long place = space.map(0, room, Mman.PROT_NONE, 0, 0, AddressSpace.zeros(), 0);
        if (place < 0) {
            return place;
        }
        bias = (place + alignment - 1 & -alignment) - lowest();
        return space.unmap(place, room);
    }

    private long mapSegment(AddressSpace space, UserMemory memory, PageSource source, int index) {
        long address = field(index, Elf.ADDRESS) + bias;
        long fileSize = field(index, Elf.FILE_SIZE);
        long memorySize = field(index, Elf.MEMORY_SIZE);
        long offset = field(index, Elf.OFFSET);
        long inPage = address & PhysicalMemory.FRAME_MASK;
        if (fileSize < 0
                || memorySize < fileSize
                || offset < 0
                || (offset & PhysicalMemory.FRAME_MASK) != inPage
                || !UserRange.contains(address, memorySize)) {
            return -ENOEXEC;
        }
        int protection = protectionOf(flagsOf(index));
        long start = address - inPage;
        long fileEnd = UserRange.pageEnd(address + fileSize);
        long end = UserRange.pageEnd(address + memorySize);
        if (fileSize > 0) {
            long page = offset >>> PhysicalMemory.FRAME_SHIFT;
            long error = space.map(start, fileEnd - start, protection, Mman.MAP_FIXED, 0, source, page);
            if (error < 0) {
                return error;
            }
        } else {
            fileEnd = start;
        }
        if (end > fileEnd) {
            long error = space.mapZeros(fileEnd, end - fileEnd, protection, 0);
            if (error < 0) {
                return error;
            }
        }
        boolean writable = (protection & Mman.PROT_WRITE) != 0;
        long tail = Math.min(fileEnd, end) - (address + fileSize);
        return memorySize > fileSize && fileSize > 0 && writable ? memory.zero(address + fileSize, tail) : 0;
    }

    private static int protectionOf(int flags) {
        return ((flags & Elf.PF_R) != 0 ? Mman.PROT_READ : 0)
                | ((flags & Elf.PF_W) != 0 ? Mman.PROT_WRITE : 0)
                | ((flags & Elf.PF_X) != 0 ? Mman.PROT_EXEC : 0);
    }
}
