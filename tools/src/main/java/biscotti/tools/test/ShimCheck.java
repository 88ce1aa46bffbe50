package biscotti.tools.test;

import biscotti.tools.Repository;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code make check} of the shim: builds without a warning, is no longer than it may be, needs no library. */
final class ShimCheck implements Stage {
    @Override
    public String name() {
        return "shim";
    }

    @Override
    public boolean quick() {
        return true;
    }

    @Override
    public List<Part> parts(Repository repository) {
        return List.of(new Part("", out -> run(repository, out)));
    }

    private Totals run(Repository repository, PrintStream out) throws IOException {
        String directory = repository.home().resolve("shim").toString();
        int status = Streamed.run(
                out, line -> true, repository.lastLogOf("shim-check"), "make", "-s", "-C", directory, "check");
        return status == 0 ? Totals.PASS : Totals.FAIL;
    }
}
