package biscotti.tools.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FileTreeTest {
    private final FileTree tree = new FileTree();

    @Test
    void aFileUnderALinkedDirectoryGoesToWhereTheLinkLeads() {
        tree.directory("usr/bin", 0755);
        tree.link("bin", "usr/bin");
        tree.file("bin/ls", 0755, Content.of("ls"));
        assertInstanceOf(RegularFile.class, tree.nodes().get("usr/bin/ls"));
        assertFalse(tree.nodes().containsKey("bin/ls"));
    }

    @Test
    void aDirectoryOverALinkToADirectoryLeavesTheLink() {
        tree.directory("usr/lib", 0755);
        tree.link("lib", "usr/lib");
        tree.put("lib", new Directory(Attributes.ofRoot(0700)));
        assertInstanceOf(SymbolicLink.class, tree.nodes().get("lib"));
    }

    @Test
    void missingParentsAreMade() {
        tree.file("a/b/c", 0644, Content.of(""));
        assertEquals(List.of("", "a", "a/b", "a/b/c"), List.copyOf(tree.nodes().keySet()));
    }

    @Test
    void linksAreFollowedFromTheRootAndUpwards() {
        tree.file("usr/lib/x", 0644, Content.of(""));
        tree.link("opt/absolute", "/usr/lib");
        tree.link("opt/relative", "../usr/lib/");
        assertEquals(Optional.of("usr/lib/x"), tree.resolve("opt/absolute/x"));
        assertEquals(Optional.of("usr/lib/x"), tree.resolve("/opt/./relative/../lib/x"));
    }

    @Test
    void linksThatGoInCirclesLeadNowhere() {
        tree.link("a", "b");
        tree.link("b", "a");
        assertTrue(tree.resolve("a").isEmpty());
        tree.file("a/x", 0644, Content.of("")); // an archive may do that: the link gives way
        assertTrue(tree.node("a/x").isPresent());
    }

    @Test
    void removingADirectoryTakesWhatIsInItAndNothingElse() {
        tree.file("a/b", 0644, Content.of(""));
        tree.file("a.b", 0644, Content.of(""));
        tree.file("ab", 0644, Content.of(""));
        tree.remove("a");
        assertEquals(List.of("", "a.b", "ab"), List.copyOf(tree.nodes().keySet()));
    }

    @Test
    void changesAreWhatUnpackingOverTheOldTreeNeeds() {
        tree.directory("usr/bin", 0755);
        tree.link("bin", "usr/bin");
        FileTree before = tree.copy();
        assertTrue(tree.changesSince(before).isEmpty());
        tree.file("bin/new", 0755, Content.of(""));
        assertEquals(
                List.of("", "usr/bin/new"),
                List.copyOf(tree.changesSince(before).nodes().keySet()));
    }
}
