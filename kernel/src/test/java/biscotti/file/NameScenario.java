package biscotti.file;

import static biscotti.abi.Errno.EPERM;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.bounded.TextHash;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.file.tmpfs.TmpFileSystems;
import biscotti.heap.HeapShare;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.AddressLayout;
import biscotti.memory.AddressSpace;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.sched.Meeting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Threads that change and look up names in one tree at once, each by a program of operations as {@link NameModel} describes
 * them. What they answered, and the tree that they leave, must be what the model allows.
 */
final class NameScenario extends Meeting {
    private static final long MEMORY = 4 << 20;
    private static final SimulatedMachine MACHINE =
            SimulatedMachine.builder().memory(MEMORY).build();
    private static final FrameAllocator FRAMES = new FrameAllocator(MACHINE);
    private static final Devices DEVICES = new Devices(FRAMES);
    private static final AddressSpace SPACE = new AddressSpaces(MACHINE, FRAMES)
            .create(AddressLayout.fixed(MEMORY))
            .orElseThrow();

    private final List<String> programs;
    private final Set<String> allowed;
    private final FileSystem root;
    private final MountTable mounts;
    private final List<List<String>> answers = new ArrayList<>();

    /**
     * Programs that come together.
     *
     * @param cachedNames 0 for a tree in memory; or one whose names are on a disk, with a cache of so many
     */
    NameScenario(String tree, List<String> programs, Set<String> allowed, Integer cachedNames) {
        root = cachedNames == 0 ? fileSystem() : new CachedNames(cachedNames);
        mounts = new MountTable(Mount.top(root), HeapShare.UNLIMITED);
        this.programs = programs;
        this.allowed = allowed;
        Doer maker = new Doer();
        root.root().changeOwner(Identity.KERNEL, NameModel.ROOT, -1);
        NameModel.operations(tree).forEach(maker::perform);
    }

    private static TmpFileSystem fileSystem() {
        return new TmpFileSystems(MACHINE.memory(), FRAMES, DEVICES, () -> 0, HeapShare.UNLIMITED)
                .create("tmpfs", new TextHash(1), 0755);
    }

    @Override
    protected void makeThreads() {
        for (String program : programs) {
            List<String> answered = new ArrayList<>();
            answers.add(answered);
            List<String> operations = NameModel.operations(program);
            Doer doer = new Doer();
            thread(program, () -> operations.forEach(operation -> answered.add("" + doer.perform(operation))));
        }
    }

    @Override
    public void check() {
        String outcome = answers + " " + describe(root.root());
        expect(allowed.contains(outcome), outcome + " is none of\n" + String.join("\n", allowed));
    }

    /** A directory and what is in it: the number of each file, and how many names it has. */
    private static String describe(Directory directory) {
        TreeMap<String, String> names = new TreeMap<>();
        directory.list(null, 2, (name, number, type, next) -> {
            Slot<Vnode> found = new Slot<>();
            int error = directory.lookup(name, found);
            names.put(name, error < 0 ? "lost" : describe(found.get(), directory, name));
            return true;
        });
        return directory.userId() + "/" + directory.links() + names;
    }

    private static String describe(Vnode file, Directory in, String name) {
        if (!(file instanceof Directory directory)) {
            return file.userId() + "/" + file.links();
        }
        boolean settled = directory.parent() == in && directory.nameInParent().equals(name);
        return settled ? describe(directory) : "a directory that takes itself to be elsewhere";
    }

    /** Somebody who may do everything, and whose files can be told by their owner. */
    private record Owner(int userId) implements Identity {
        @Override
        public int groupId() {
            return 0;
        }

        @Override
        public boolean inGroup(int group) {
            return true;
        }

        @Override
        public boolean has(int capability) {
            return true;
        }
    }

    /** Performs the operations of one thread. */
    private final class Doer {
        private final TestCaller caller = new TestCaller(Identity.KERNEL, mounts, SPACE);

        /** The answer: a file's number, 0, or a negative errno. */
        int perform(String operation) {
            String[] words = operation.split(" ");
            PathWalk walk = new PathWalk(caller);
            boolean whole = NameModel.WHOLE.contains(words[0]);
            int error = walk.resolve(AtFlags.AT_FDCWD, words[1], whole ? 0 : PathWalk.PARENT);
            if (error < 0) {
                return error;
            }
            Directory in = walk.directory();
            String name = walk.lastName();
            return switch (words[0]) {
                case "stat" -> walk.vnode().userId();
                case "create" -> make(in, name, FileMode.S_IFREG, words[2]);
                case "mkdir" -> make(in, name, FileMode.S_IFDIR, words[2]);
                case "unlink" -> in.unlink(Identity.KERNEL, name);
                case "rmdir" -> in.removeDirectory(Identity.KERNEL, name);
                case "link" -> link(walk.vnode(), words[2]);
                case "rename" -> rename(in, name, words[2], 0);
                case "exchange" -> rename(in, name, words[2], Rename.EXCHANGE);
                case "mount" -> mount(walk.place(), Integer.parseInt(words[2]));
                case "umount" -> new Unmounting(mounts).unmount(walk.place(), 0);
                default -> throw new IllegalArgumentException(operation);
            };
        }

        private int make(Directory in, String name, int type, String number) {
            return in.create(new Owner(Integer.parseInt(number)), name, type, 0, "", new Slot<>());
        }

        private int link(Vnode file, String path) {
            if (file instanceof Directory) {
                return -EPERM;
            }
            PathWalk walk = new PathWalk(caller);
            int error = walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.PARENT);
            return error < 0 ? error : walk.directory().link(Identity.KERNEL, walk.lastName(), file);
        }

        private int rename(Directory from, String name, String path, int flags) {
            PathWalk walk = new PathWalk(caller);
            int error = walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.PARENT);
            return error < 0
                    ? error
                    : new Rename(Identity.KERNEL, from, name, walk.directory(), walk.lastName(), flags).perform();
        }

        /** Mounts a file system that has one file x. */
        private int mount(Place point, int number) {
            TmpFileSystem mounted = fileSystem();
            mounted.root().changeOwner(Identity.KERNEL, number, -1);
            make(mounted.root(), "x", FileMode.S_IFREG, "" + (number + 1));
            return mounts.mount("tmpfs", mounted.root(), point, 0);
        }
    }
}
