package biscotti.process.program;

import biscotti.file.Place;
import java.util.Optional;

/**
 * The program that a process runs, and where its arguments lie, for /proc.
 *
 * @param name the last name of the file, up to 15 bytes: what ps(1) shows as the command
 * @param place where the file was found; of the program itself, not its interpreter
 * @param argumentsStart address of the first argument
 * @param argumentsEnd address behind the last argument
 * @param environmentStart address of the first environment string
 * @param environmentEnd address behind the last one
 * @param stackStart the stack pointer at the start
 * @param auxiliaryVector the auxiliary vector, as it was put on the stack
 */
public record Program(
        String name,
        Optional<Place> place,
        long argumentsStart,
        long argumentsEnd,
        long environmentStart,
        long environmentEnd,
        long stackStart,
        byte[] auxiliaryVector) {
    /** No program yet. */
    public static final Program NONE = new Program("", Optional.empty(), 0, 0, 0, 0, 0, new byte[0]);

    /** A process more runs it: nobody may write to its file (execve(2): ETXTBSY). Whoever calls this has kept writers away. */
    public void begin() {
        if (place.isPresent()) {
            place.get().vnode().retain();
            place.get().vnode().forbidWriters();
        }
    }

    /** A process less runs it. */
    public void end() {
        if (place.isPresent()) {
            place.get().vnode().allowWriters();
            place.get().vnode().release();
        }
    }

    /** What is told of it when it has ended: the same, but for its file. */
    public Program ended() {
        return new Program(name, Optional.empty(), 0, 0, 0, 0, 0, auxiliaryVector);
    }
}
