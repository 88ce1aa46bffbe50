package biscotti.tools.guest;

import java.nio.file.Path;
import java.util.List;

/**
 * Tests that run one after another in a machine, and whose output must be what it is on Linux.
 *
 * @param place where the machine has them
 * @param names their names, sorted
 * @param packages what the machine's root has besides busybox: Debian packages
 * @param seconds how long one may take, in the machine's own time
 * @param expected the directory with what each prints on Linux and how it ends
 */
public record TestSet(String place, List<String> names, List<String> packages, int seconds, Path expected) {
    /** The same with only the tests whose names begin with {@code prefix}. */
    public TestSet startingWith(String prefix) {
        List<String> some =
                names.stream().filter(name -> name.startsWith(prefix)).toList();
        return new TestSet(place, some, packages, seconds, expected);
    }

    /** The file with what test {@code name} prints on Linux and how it ends. */
    public Path expectation(String name) {
        return expected.resolve(name);
    }
}
