package biscotti.procfs;

import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import java.util.function.Function;

/** A link whose target depends on who follows it: /proc/self. */
final class TextLink extends SymbolicLink {
    private final Function<Caller, String> target;

    TextLink(ProcFileSystem fileSystem, long number, Function<Caller, String> target) {
        super(fileSystem, number, 0, 0);
        this.target = target;
        addLink();
    }

    @Override
    public int target(Caller caller, Slot<String> path) {
        return path.put(target.apply(caller));
    }
}
