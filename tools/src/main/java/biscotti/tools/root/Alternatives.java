package biscotti.tools.root;

import biscotti.tools.archive.FileTree;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the links that {@code update-alternatives --install LINK NAME PATH PRIORITY} in the packages' scripts would make (awk,
 * which, pager, editor): the program of the highest priority gets the common name. A link is made directly, without the
 * station /etc/alternatives/NAME.
 */
final class Alternatives {
    private static final Pattern INSTALL =
            Pattern.compile("(?:--install|--slave)\\s+(/[^\\s$]+)\\s+[^\\s$]+\\s+(/[^\\s$]+)(?:\\s+(\\d+))?");

    private record Choice(String target, int priority) {}

    private final Map<String, Choice> choices = new HashMap<>();

    /** Reads the script {@code postinst} of a package; what it computes is passed over. */
    void readScript(String script) {
        int priority = 0;
        Matcher install = INSTALL.matcher(script.replace("\\\n", " "));
        while (install.find()) {
            if (install.group(3) != null) {
                priority = Integer.parseInt(install.group(3));
            }
            Choice choice = new Choice(install.group(2), priority);
            choices.merge(install.group(1).substring(1), choice, (a, b) -> b.priority > a.priority ? b : a);
        }
    }

    /** Makes the links whose targets are in {@code tree} and whose names are free. */
    void apply(FileTree tree) {
        choices.forEach((link, choice) -> {
            if (tree.node(choice.target.substring(1)).isPresent()
                    && tree.node(link).isEmpty()) {
                tree.link(link, choice.target);
            }
        });
    }
}
