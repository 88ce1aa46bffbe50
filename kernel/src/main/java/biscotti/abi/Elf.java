package biscotti.abi;

/** The layout of 64-bit ELF executables (elf(5)). */
public final class Elf {
    /** The first four bytes, as a little-endian int. */
    public static final int MAGIC = 0x464c_457f;

    /** Bytes of the file header. */
    public static final int HEADER_BYTES = 64;

    /** Bytes of a program header. */
    public static final int PROGRAM_HEADER_BYTES = 56;

    /** e_ident[EI_CLASS]: offset. */
    public static final int CLASS = 4;

    /** 64-bit. */
    public static final int CLASS_64 = 2;

    /** e_ident[EI_DATA]: offset. */
    public static final int DATA = 5;

    /** Little-endian. */
    public static final int LITTLE_ENDIAN = 1;

    /** e_type: offset. */
    public static final int TYPE = 16;

    /** At fixed addresses. */
    public static final int ET_EXEC = 2;

    /** Position-independent. */
    public static final int ET_DYN = 3;

    /** e_machine: offset. */
    public static final int MACHINE = 18;

    /** x86-64. */
    public static final int EM_X86_64 = 62;

    /** e_entry: offset. */
    public static final int ENTRY = 24;

    /** e_phoff: offset. */
    public static final int PROGRAM_HEADERS = 32;

    /** e_phentsize: offset. */
    public static final int PROGRAM_HEADER_SIZE = 54;

    /** e_phnum: offset. */
    public static final int PROGRAM_HEADER_COUNT = 56;

    /** p_type: a segment to load. */
    public static final int PT_LOAD = 1;

    /** p_type: the interpreter's path. */
    public static final int PT_INTERP = 3;

    /** p_type: the program headers themselves. */
    public static final int PT_PHDR = 6;

    /** p_type: whether the stack is executable. */
    public static final int PT_GNU_STACK = 0x6474_e551;

    /** p_flags: execute. */
    public static final int PF_X = 1;

    /** p_flags: write. */
    public static final int PF_W = 2;

    /** p_flags: read. */
    public static final int PF_R = 4;

    /** p_flags: offset in a program header. */
    public static final int FLAGS = 4;

    /** p_offset: offset. */
    public static final int OFFSET = 8;

    /** p_vaddr: offset. */
    public static final int ADDRESS = 16;

    /** p_filesz: offset. */
    public static final int FILE_SIZE = 32;

    /** p_memsz: offset. */
    public static final int MEMORY_SIZE = 40;

    /** p_align: offset. */
    public static final int ALIGN = 48;

    private Elf() {}
}
