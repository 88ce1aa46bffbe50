package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Node;

/**
 * A place where the analyser cannot vouch for a bound.
 *
 * @param where the method
 * @param node the instruction; null for the method as a whole
 * @param kind what is wrong
 * @param what what is wrong there, and what to do
 */
public record Finding(MethodClone where, Node node, Kind kind, String what) {
    /** What can be wrong. */
    public enum Kind {
        /** A loop that keeps what it makes goes round no one knows how often. */
        LOOP,
        /** An array is as long as no one knows. */
        ARRAY,
        /** Methods that call each other make objects. */
        RECURSION,
        /** A method of the JDK that is for the kernel's start, or whose costs have no limit. */
        START_ONLY,
        /** A method without a body that no table lists. */
        UNLISTED,
        /** A call of which it is not known what it runs. */
        UNRESOLVED,
        /** What the code says of itself is not so. */
        STATED,
        /** Each part has a bound, but all together are beyond counting. */
        SUM
    }

    /** Method, file and line of the kernel; and of the JDK if it is there. */
    public String place() {
        MethodClone.Place kernel = where.inKernel(node);
        String place = kernel.where().place(kernel.node());
        return kernel.where() == where ? place : place + ", in " + where.place(node);
    }

    @Override
    public String toString() {
        return place() + ": " + what;
    }
}
