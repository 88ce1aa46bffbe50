package biscotti.tools.bounds.code;

/**
 * A field or method as code names it.
 *
 * @param owner internal name of the class it is looked for in, {@code java/lang/String}; an array's own name for its methods
 * @param name its name
 * @param descriptor its type, in the class file's notation
 */
public record MemberRef(String owner, String name, String descriptor) {
    /** Name and descriptor: what a method is looked up by in a class. */
    public String key() {
        return name + descriptor;
    }

    @Override
    public String toString() {
        return Types.simple(owner) + "." + name;
    }
}
