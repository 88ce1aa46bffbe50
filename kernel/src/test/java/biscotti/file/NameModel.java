package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EPERM;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A tree of names under one lock: what threads may see of it that change it at once. Each look-up of one name in a path, each way
 * into a mount, and each operation on the last name is one step; steps of different threads come in any order.
 *
 * <p>A program is a list of operations with semicolons between them; files have numbers:
 *
 * <pre>
 * stat PATH   create PATH NUMBER   mkdir PATH NUMBER   unlink PATH   rmdir PATH   link PATH NEW
 * rename PATH NEW   exchange PATH NEW   mount PATH NUMBER   umount PATH
 * </pre>
 */
final class NameModel {
    /** The number of the directory at the top. */
    static final int ROOT = 1;

    /** Operations on a file that is there, rather than on its name. */
    static final Set<String> WHOLE = Set.of("stat", "link", "mount", "umount");

    /** A file, or a directory. */
    private static final class File {
        private final boolean directory;
        private final Map<String, Integer> names = new TreeMap<>();
        private int links;
        private int parent;
        private boolean removed;
        /** The directory that is covered by this one as a mount's root; 0 if it never covered one. */
        private int point;
        /** The root that covers this directory; 0 if none does. */
        private int cover;

        File(boolean directory) {
            this.directory = directory;
        }

        File copy() {
            File copy = new File(directory);
            copy.names.putAll(names);
            copy.links = links;
            copy.parent = parent;
            copy.removed = removed;
            copy.point = point;
            copy.cover = cover;
            return copy;
        }
    }

    /** A thread on its way through its program. */
    private static final class Walker {
        private final List<String[]> steps;
        private int next;
        private int first;
        private int second;
        private final List<Integer> answers = new ArrayList<>();

        Walker(List<String[]> steps) {
            this.steps = steps;
        }

        Walker copy() {
            Walker copy = new Walker(steps);
            copy.next = next;
            copy.first = first;
            copy.second = second;
            copy.answers.addAll(answers);
            return copy;
        }

        /** Ends the present operation. */
        private void answer(int value) {
            answers.add(value);
            while (next < steps.size() && !steps.get(next)[0].equals("begin")) {
                next++;
            }
        }
    }

    private final Map<Integer, File> files = new HashMap<>();
    private final List<Walker> walkers = new ArrayList<>();

    private NameModel() {}

    /** The operations of a program. */
    static List<String> operations(String program) {
        return program.isEmpty() ? List.of() : List.of(program.split("; *"));
    }

    /** All that programs may answer together, and the trees they may leave. */
    static Set<String> outcomes(String tree, List<String> programs) {
        NameModel start = new NameModel();
        File root = new File(true);
        root.links = 2;
        root.parent = ROOT;
        start.files.put(ROOT, root);
        start.walkers.add(new Walker(steps(tree)));
        while (start.canStep(0)) {
            start.step(0);
        }
        start.walkers.clear();
        programs.forEach(program -> start.walkers.add(new Walker(steps(program))));
        Set<String> outcomes = new TreeSet<>();
        start.explore(outcomes);
        return outcomes;
    }

    private void explore(Set<String> outcomes) {
        boolean ended = true;
        for (int i = 0; i < walkers.size(); i++) {
            if (canStep(i)) {
                ended = false;
                NameModel copy = copy();
                copy.step(i);
                copy.explore(outcomes);
            }
        }
        if (ended) {
            outcomes.add(walkers.stream().map(walker -> walker.answers).toList() + " " + describe(ROOT));
        }
    }

    private NameModel copy() {
        NameModel copy = new NameModel();
        files.forEach((number, file) -> copy.files.put(number, file.copy()));
        walkers.forEach(walker -> copy.walkers.add(walker.copy()));
        return copy;
    }

    private String describe(int number) {
        File file = files.get(number);
        if (!file.directory) {
            return number + "/" + file.links;
        }
        Map<String, String> names = new TreeMap<>();
        file.names.forEach((name, child) -> names.put(name, describe(child)));
        return number + "/" + file.links + names;
    }

    private static List<String[]> steps(String program) {
        List<String[]> steps = new ArrayList<>();
        for (String operation : operations(program)) {
            String[] words = operation.split(" ");
            steps.add(new String[] {"begin"});
            boolean two = Set.of("rename", "exchange", "link").contains(words[0]);
            walk(words[1], "first", WHOLE.contains(words[0]), steps);
            if (words[0].equals("link")) {
                steps.add(new String[] {"check"});
            }
            if (two) {
                walk(words[2], "second", false, steps);
            }
            steps.add(
                    new String[] {words[0], last(words[1]), two ? last(words[2]) : words.length > 2 ? words[2] : "0"});
        }
        return steps;
    }

    private static void walk(String path, String register, boolean whole, List<String[]> steps) {
        String[] names = path.substring(1).split("/");
        for (int i = 0; i < (whole ? names.length : names.length - 1); i++) {
            steps.add(new String[] {"find", register, names[i]});
            steps.add(new String[] {"cross", register});
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private boolean canStep(int index) {
        return walkers.get(index).next < walkers.get(index).steps.size();
    }

    private void step(int index) {
        Walker walker = walkers.get(index);
        String[] step = walker.steps.get(walker.next++);
        switch (step[0]) {
            case "begin" -> {
                walker.first = ROOT;
                walker.second = ROOT;
            }
            case "find" -> find(walker, step[1].equals("first"), step[2]);
            case "cross" -> cross(walker, step[1].equals("first"));
            case "check" -> {
                if (files.get(walker.first).directory) {
                    walker.answer(-EPERM);
                }
            }
            default -> walker.answer(perform(step, walker));
        }
    }

    private void find(Walker walker, boolean first, String name) {
        int at = first ? walker.first : walker.second;
        File here = files.get(at);
        int next;
        if (!here.directory) {
            walker.answer(-ENOTDIR);
            return;
        } else if (name.equals("..")) {
            int below = here.point != 0 ? here.point : at;
            next = files.get(below).parent;
        } else {
            next = here.names.getOrDefault(name, 0);
        }
        if (next == 0) {
            walker.answer(-ENOENT);
        } else if (first) {
            walker.first = next;
        } else {
            walker.second = next;
        }
    }

    private void cross(Walker walker, boolean first) {
        int cover = files.get(first ? walker.first : walker.second).cover;
        if (cover != 0 && first) {
            walker.first = cover;
        } else if (cover != 0) {
            walker.second = cover;
        }
    }

    private int perform(String[] step, Walker walker) {
        File in = files.get(walker.first);
        if (!in.directory && !WHOLE.contains(step[0])) {
            return -ENOTDIR;
        }
        return switch (step[0]) {
            case "stat" -> walker.first;
            case "create", "mkdir" -> make(walker.first, step[1], step[0].equals("mkdir"), Integer.parseInt(step[2]));
            case "unlink" -> unlink(in, step[1]);
            case "rmdir" -> removeDirectory(in, step[1]);
            case "link" -> link(in, files.get(walker.second), step[2], walker.first);
            case "rename" -> rename(walker.first, step[1], walker.second, step[2], false);
            case "exchange" -> rename(walker.first, step[1], walker.second, step[2], true);
            case "mount" -> mount(walker.first, Integer.parseInt(step[2]));
            case "umount" -> unmount(walker.first);
            default -> throw new IllegalArgumentException(step[0]);
        };
    }

    private int make(int parent, String name, boolean directory, int number) {
        File in = files.get(parent);
        if (in.names.containsKey(name)) {
            return -EEXIST;
        }
        if (in.removed) {
            return -ENOENT;
        }
        File made = new File(directory);
        made.links = directory ? 2 : 1;
        made.parent = parent;
        files.put(number, made);
        in.names.put(name, number);
        in.links += directory ? 1 : 0;
        return 0;
    }

    private int unlink(File in, String name) {
        int number = in.names.getOrDefault(name, 0);
        if (number == 0) {
            return -ENOENT;
        }
        if (files.get(number).directory) {
            return -EISDIR;
        }
        in.names.remove(name);
        files.get(number).links--;
        return 0;
    }

    private int removeDirectory(File in, String name) {
        int number = in.names.getOrDefault(name, 0);
        if (number == 0) {
            return -ENOENT;
        }
        File victim = files.get(number);
        int error = close(victim);
        if (error == 0) {
            in.names.remove(name);
            in.links--;
        }
        return error;
    }

    private static int close(File victim) {
        if (!victim.directory) {
            return -ENOTDIR;
        }
        if (victim.cover != 0) {
            return -EBUSY;
        }
        if (!victim.names.isEmpty()) {
            return -ENOTEMPTY;
        }
        victim.removed = true;
        return 0;
    }

    private int link(File from, File to, String name, int number) {
        if (!to.directory) {
            return -ENOTDIR;
        }
        if (to.names.containsKey(name)) {
            return -EEXIST;
        }
        if (to.removed || from.links == 0) {
            return -ENOENT;
        }
        to.names.put(name, number);
        from.links++;
        return 0;
    }

    private boolean isAbove(int upper, int lower) {
        int at = lower;
        while (at != upper) {
            if (files.get(at).parent == at) {
                return false;
            }
            at = files.get(at).parent;
        }
        return true;
    }

    private int rename(int fromNumber, String name, int toNumber, String newName, boolean exchange) {
        File from = files.get(fromNumber);
        File to = files.get(toNumber);
        if (!to.directory) {
            return -ENOTDIR;
        }
        int movedNumber = from.names.getOrDefault(name, 0);
        int victimNumber = to.names.getOrDefault(newName, 0);
        if (from.removed || to.removed || movedNumber == 0) {
            return -ENOENT;
        }
        File moved = files.get(movedNumber);
        if (moved.directory && isAbove(movedNumber, toNumber)) {
            return -EINVAL;
        }
        if (exchange && victimNumber == 0) {
            return -ENOENT;
        }
        File victim = files.getOrDefault(victimNumber, new File(false));
        if (moved.cover != 0 || victim.cover != 0) {
            return -EBUSY;
        }
        if (exchange) {
            if (victim.directory && isAbove(victimNumber, fromNumber)) {
                return -EINVAL;
            }
            move(movedNumber, from, toNumber, newName);
            move(victimNumber, to, fromNumber, name);
            return 0;
        }
        if (moved == victim) {
            return 0;
        }
        int error = victimNumber == 0 ? 0 : replace(moved, victim, isAbove(victimNumber, fromNumber), to);
        if (error == 0) {
            from.names.remove(name);
            move(movedNumber, from, toNumber, newName);
        }
        return error;
    }

    private static int replace(File moved, File victim, boolean above, File to) {
        if (moved.directory != victim.directory) {
            return moved.directory ? -ENOTDIR : -EISDIR;
        }
        if (above) {
            return -ENOTEMPTY;
        }
        if (victim.directory) {
            int error = close(victim);
            to.links -= error == 0 ? 1 : 0;
            return error;
        }
        victim.links--;
        return 0;
    }

    private void move(int number, File from, int toNumber, String name) {
        File to = files.get(toNumber);
        File moved = files.get(number);
        to.names.put(name, number);
        moved.parent = toNumber;
        if (moved.directory) {
            from.links--;
            to.links++;
        }
    }

    private int mount(int at, int number) {
        File point = files.get(at);
        if (!point.directory) {
            return -ENOTDIR;
        }
        if (point.removed) {
            return -ENOENT;
        }
        File root = new File(true);
        root.links = 2;
        root.parent = number;
        root.point = at;
        files.put(number, root);
        make(number, "x", false, number + 1);
        point.cover = number;
        return 0;
    }

    private int unmount(int at) {
        File root = files.get(at);
        if (root.point == 0 || files.get(root.point).cover != at) {
            return at == ROOT ? -EBUSY : -EINVAL;
        }
        files.get(root.point).cover = 0;
        return 0;
    }
}
