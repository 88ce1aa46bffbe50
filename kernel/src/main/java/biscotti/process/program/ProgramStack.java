package biscotti.process.program;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Latin1;
import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.Region;
import biscotti.memory.UserMemory;

/**
 * The stack that a new program finds (System V ABI for x86-64, 3.4.1): at the top the strings, below them the auxiliary
 * vector and the pointers to environment and arguments, at the bottom the number of arguments.
 *
 * <p>Strings are pushed from the last to the first, straight into the new program's memory, so that neither their number nor their
 * size costs heap: where each begins is found by reading them again. A script's interpreter and its argument are pushed after the
 * arguments, in front of them.
 */
public final class ProgramStack {
    private static final int FIRST_PAGES = 33;
    /** Linux's MAX_ARG_STRLEN. */
    private static final int LONGEST_STRING = 128 << 10;
    /** Strings and the pointers to them may take a quarter of RLIMIT_STACK, but this much always, and never more than 6 MB. */
    private static final int LEAST_BYTES = 128 << 10;

    private static final int MOST_BYTES = 6 << 20;
    private static final int STACK_SHARE = 4;
    private static final int POINTER = 8;
    private static final int VECTORS = 512;

    private final AddressSpace space;
    private final UserMemory memory;
    private final long limit;
    private final byte[] buffer = new byte[PhysicalMemory.FRAME_SIZE];
    private long pointer;
    /** The part of the vectors that was not written yet: it ends before {@link #vectorsAt}. */
    private final byte[] vectors = new byte[VECTORS];

    private int vectorsLength;
    private long vectorsAt;
    private int strings;
    private int environmentStrings;
    private long environmentEnd;
    private long argumentsEnd;
    private long argumentsStart;

    /** A stack in a new address space, with nothing on it. */
    public ProgramStack(AddressSpace space, UserMemory memory, long stackLimit) {
        this.space = space;
        this.memory = memory;
        this.pointer = space.layout().stackTop() - POINTER;
        long stack = stackLimit;
        this.limit = stack < 0 ? MOST_BYTES : Math.clamp(stack / STACK_SHARE, LEAST_BYTES, MOST_BYTES);
    }

    /** Maps it: 0 or -ENOMEM. */
    public long map() {
        long size = (long) FIRST_PAGES * PhysicalMemory.FRAME_SIZE;
        int protection = Mman.PROT_READ | Mman.PROT_WRITE;
        long start =
                space.mapZeros(space.layout().stackTop() - size, size, protection, Region.GROWS_DOWN | Region.STACK);
        return Math.min(start, 0);
    }

    /** Makes it executable, as old programs want it: 0 or -ENOMEM. */
    public long makeExecutable() {
        int protection = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC | Mman.PROT_GROWSDOWN;
        long last = space.layout().stackTop() - PhysicalMemory.FRAME_SIZE;
        return space.protect(last, PhysicalMemory.FRAME_SIZE, protection, Rounds.FREE);
    }

    /** The lowest address in use. */
    public long pointer() {
        return pointer;
    }

    /** Pushes a string that the kernel knows, without counting it among the arguments: its address, or a negative errno. */
    public long pushText(String text) {
        pointer -= text.length() + 1;
        int error = 0;
        for (int done = 0; done < text.length() && error == 0; done += buffer.length) {
            int part = Math.min(buffer.length, text.length() - done);
            Latin1.copy(text, done, buffer, 0, part);
            error = memory.write(pointer + done, buffer, 0, part);
        }
        error = error < 0 ? error : memory.zero(pointer + text.length(), 1);
        return error < 0 ? error : pointer;
    }

    /** Pushes bytes: their address, or a negative errno. */
    public long pushBytes(byte[] bytes) {
        pointer -= bytes.length;
        int error = memory.write(pointer, bytes, 0, bytes.length);
        return error < 0 ? error : pointer;
    }

    /** Pushes an argument or environment string of the kernel's: 0 or a negative errno. */
    public long push(String text) {
        long error = note(text.length());
        if (error < 0) {
            return error;
        }
        long at = pushText(text);
        return Math.min(at, 0);
    }

    private long note(int length) {
        long bytes = space.layout().stackTop() - pointer + length + 1;
        if (bytes + (strings + 1L) * POINTER > limit) {
            return -E2BIG;
        }
        strings++;
        return 0;
    }

    /** Ends the environment's strings, which were pushed first. */
    public void endEnvironment() {
        environmentStrings = strings;
        argumentsEnd = pointer;
    }

    /** Begins the environment's strings. */
    public void beginEnvironment() {
        environmentEnd = pointer;
    }

    /** How many arguments there are. */
    public int argumentCount() {
        return strings - environmentStrings;
    }

    /** Takes the last pushed argument off: a script's interpreter gets the script's path in its place. 0 or an errno. */
    public long dropArgument() {
        long length = lengthOf(memory, pointer);
        if (length < 0) {
            return length;
        }
        strings--;
        pointer += length + 1;
        return 0;
    }

    /**
     * Pushes all strings of a list in another program's memory, the last one first.
     *
     * @param from the memory that has the list
     * @param list address of pointers, up to a null pointer; 0 for an empty list
     * @return 0, -EFAULT, -E2BIG or -ENOMEM
     */
    public long pushAll(UserMemory from, long list) {
        int count = 0;
        while (list != 0) {
            int error = from.readLong(list + (long) count * POINTER);
            if (error < 0) {
                return error;
            }
            if (from.value() == 0) {
                break;
            }
            count++;
            if ((long) count * POINTER > limit) {
                return -E2BIG;
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            int error = from.readLong(list + (long) i * POINTER);
            long pushed = error < 0 ? error : pushFrom(from, from.value());
            if (pushed < 0) {
                return pushed;
            }
        }
        return 0;
    }

    private long pushFrom(UserMemory from, long string) {
        long length = lengthOf(from, string);
        if (length < 0) {
            return length;
        }
        long error = note((int) length);
        if (error < 0) {
            return error;
        }
        pointer -= length + 1;
        if (length < buffer.length) {
            return memory.write(pointer, buffer, 0, (int) length + 1);
        }
        for (long done = 0; done <= length; done += buffer.length) {
            int part = (int) Math.min(buffer.length, length + 1 - done);
            int failed = from.read(string + done, buffer, 0, part);
            failed = failed < 0 ? failed : memory.write(pointer + done, buffer, 0, part);
            if (failed < 0) {
                return failed;
            }
        }
        return 0;
    }

    /** Length of a string, of which the first bytes are in the buffer then, if it fits: -E2BIG if it is too long, -EFAULT. */
    private long lengthOf(UserMemory from, long string) {
        for (int done = 0; done < LONGEST_STRING; done += buffer.length) {
            long part = from.readString(string + done, buffer, buffer.length);
            if (part != -ENAMETOOLONG) {
                return part < 0 ? part : done + part;
            }
        }
        return -E2BIG;
    }

    /**
     * Writes the vectors below the strings and the bytes that they point to.
     *
     * @param auxiliaryVector keys and values, the end among them
     * @return 0 or a negative errno
     */
    public long finish(long[] auxiliaryVector) {
        int arguments = argumentCount();
        long words = 1L + arguments + 1 + environmentStrings + 1 + auxiliaryVector.length;
        pointer = pointer - words * POINTER & -16L;
        vectorsAt = pointer;
        long error = putWord(arguments);
        error = error < 0 ? error : putPointers(argumentsStart, arguments);
        error = error < 0 ? error : putPointers(argumentsEnd, environmentStrings);
        for (int i = 0; i < auxiliaryVector.length && error == 0; i++) {
            error = putWord(auxiliaryVector[i]);
        }
        return error < 0 ? error : flush();
    }

    /** Writes pointers to so many strings that lie one after the other, and a null pointer. */
    private long putPointers(long first, int count) {
        long string = first;
        for (int i = 0; i < count; i++) {
            long error = putWord(string);
            long length = error < 0 ? error : lengthOf(memory, string);
            if (length < 0) {
                return length;
            }
            string += length + 1;
        }
        return putWord(0);
    }

    private long putWord(long word) {
        putLong(vectors, vectorsLength, word);
        vectorsLength += POINTER;
        return vectorsLength < VECTORS ? 0 : flush();
    }

    private long flush() {
        long error = memory.write(vectorsAt, vectors, 0, vectorsLength);
        vectorsAt += vectorsLength;
        vectorsLength = 0;
        return error;
    }

    /** Ends the arguments' strings: what is pushed from now on are none. */
    public void endArguments() {
        argumentsStart = pointer;
    }

    /** Address of the first argument. */
    public long argumentsStart() {
        return argumentsStart;
    }

    /** Address behind the last argument, where the environment begins. */
    public long argumentsEnd() {
        return argumentsEnd;
    }

    /** Address behind the last environment string. */
    public long environmentEnd() {
        return environmentEnd;
    }
}
