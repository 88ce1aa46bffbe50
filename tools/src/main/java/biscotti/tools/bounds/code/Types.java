package biscotti.tools.bounds.code;

/** Type names as class files write them: internal names of classes, descriptors of arrays. */
public final class Types {
    /** The root of all classes. */
    public static final String OBJECT = "java/lang/Object";

    /** The class of strings. */
    public static final String STRING = "java/lang/String";

    private Types() {}

    /** Whether it is an array's name. */
    public static boolean isArray(String name) {
        return name.startsWith("[");
    }

    /** The descriptor of an array's elements: {@code Lx/Y;} of {@code [Lx/Y;}. */
    public static String element(String array) {
        return array.substring(1);
    }

    /** Whether a descriptor is that of a class or array. */
    public static boolean isReference(String descriptor) {
        return descriptor.startsWith("L") || descriptor.startsWith("[");
    }

    /** The internal name for a reference's descriptor; an array's descriptor is its name. */
    public static String nameOf(String descriptor) {
        return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }

    /** The descriptor for an internal name. */
    public static String descriptorOf(String name) {
        return isArray(name) ? name : "L" + name + ";";
    }

    /** The name without its package. */
    public static String simple(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Whether a value of type {@code from} may be seen as {@code to}. */
    public static boolean isSubtype(ClassWorld world, String from, String to) {
        if (from.equals(to) || to.equals(OBJECT)) {
            return true;
        }
        if (!isArray(from)) {
            return world.find(from).map(c -> c.isSubtypeOf(to)).orElse(false);
        }
        if (!isArray(to)) {
            return to.equals("java/lang/Cloneable") || to.equals("java/io/Serializable");
        }
        String fromElement = element(from);
        String toElement = element(to);
        return isReference(fromElement)
                && isReference(toElement)
                && isSubtype(world, nameOf(fromElement), nameOf(toElement));
    }
}
