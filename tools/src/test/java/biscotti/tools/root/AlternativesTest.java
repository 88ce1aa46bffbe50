package biscotti.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AlternativesTest {
    private final FileTree tree = new FileTree();
    private final Alternatives alternatives = new Alternatives();

    @Test
    void theHighestPriorityOfThoseThatAreThereGetsTheName() {
        tree.file("usr/bin/mawk", 0755, Content.of(""));
        tree.file("usr/bin/gawk", 0755, Content.of(""));
        alternatives.readScript("""
                update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 10 \\
                    --slave /usr/share/man/man1/awk.1.gz awk.1.gz /usr/share/man/man1/gawk.1.gz
                """);
        alternatives.readScript("update-alternatives --quiet --install /usr/bin/awk awk /usr/bin/mawk 5\n");
        alternatives.apply(tree);
        assertEquals(Optional.of("usr/bin/gawk"), tree.resolve("usr/bin/awk"));
        assertEquals(Optional.empty(), tree.resolve("usr/share/man/man1/awk.1.gz"));
    }

    @Test
    void aNameThatIsTakenStays() {
        tree.file("usr/bin/mawk", 0755, Content.of(""));
        tree.file("usr/bin/awk", 0755, Content.of(""));
        alternatives.readScript("update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5\n");
        alternatives.apply(tree);
        assertEquals(Optional.of("usr/bin/awk"), tree.resolve("usr/bin/awk"));
    }
}
