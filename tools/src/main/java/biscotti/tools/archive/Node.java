package biscotti.tools.archive;

/**
 * A file in a {@link FileTree}. Device nodes are not among them: the kernel makes its own in /dev.
 *
 * <p>Two paths of a tree that hold the same {@code RegularFile} object are hard links of one file.
 */
public sealed interface Node {
    /** Owner, permissions and time. */
    Attributes attributes();

    /** A directory. */
    record Directory(Attributes attributes) implements Node {}

    /** A regular file. */
    final class RegularFile implements Node {
        private final Attributes attributes;
        private final Content content;

        /** A file with the given content. */
        public RegularFile(Attributes attributes, Content content) {
            this.attributes = attributes;
            this.content = content;
        }

        @Override
        public Attributes attributes() {
            return attributes;
        }

        /** The bytes of the file. */
        public Content content() {
            return content;
        }
    }

    /** A symbolic link to {@code target}, one character for a byte. */
    record SymbolicLink(Attributes attributes, String target) implements Node {}
}
