package biscotti.file;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EXDEV;

import biscotti.abi.AtFlags;
import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.abi.OpenHow;

/**
 * One walk along a path, as path_resolution(7) describes it. Made for one path, asked for what it found, thrown away; not
 * shared between threads.
 *
 * <p>The walk keeps the directory that it stands in, and the rest of the path; a symbolic link on the way is put in front
 * of the rest, so there is no recursion. No lock is held anywhere, by the caller neither: a walk waits when the heap is short.
 */
public final class PathWalk {
    /** Follow a symbolic link in the last place, too. */
    public static final int FOLLOW = 1;

    /** Stop before the last name: {@link #directory} and {@link #lastName} are the answer, and it may be missing. */
    public static final int PARENT = 2;

    /** An empty path names what the descriptor is open on: AT_EMPTY_PATH. */
    public static final int MAY_BE_EMPTY = 4;

    /** The last name may be missing: the walk succeeds, and {@link #found} says whether it was there. */
    public static final int MAY_BE_MISSING = 8;

    /** openat2(2): a union of the {@code RESOLVE_} constants of {@link OpenHow} counts among the flags, shifted by this. */
    public static final int RESOLVE_SHIFT = 8;

    private final Caller caller;
    private final FileContext context;
    private final Identity who;
    private final Slot<Vnode> step = new Slot<>();

    private Mount mount;
    private Directory directory;
    private Vnode vnode;
    private boolean found;
    private boolean jumped;
    private Place jumpedTo;
    private String name = "";
    private boolean slashBehind;
    private int linksFollowed;
    private int resolve;
    private Place root;

    /** A walk by a thread with its own root, current directory, descriptors and identity. */
    public PathWalk(Caller caller) {
        this(caller, caller.identity());
    }

    /** A walk with another identity: access(2) uses the real ids. */
    public PathWalk(Caller caller, Identity who) {
        this.caller = caller;
        this.context = caller.fileContext();
        this.who = who;
        root = context.root();
        mount = root.mount();
        directory = (Directory) root.vnode();
        vnode = directory;
    }

    /** The directory that has, or would have, the last name. */
    public Directory directory() {
        return directory;
    }

    /** The mount that was walked into. */
    public Mount mount() {
        return jumped ? jumpedTo.mount() : mount;
    }

    /** The last name: "." or ".." too; empty if the path is the root. */
    public String lastName() {
        return name;
    }

    /** Whether slashes follow the last name, so that it must be a directory. */
    public boolean slashBehind() {
        return slashBehind;
    }

    /** Whether the last name was there; asked after a walk with {@link #MAY_BE_MISSING}. */
    public boolean found() {
        return found;
    }

    /** The file found. */
    public Vnode vnode() {
        if (!found) {
            throw new IllegalStateException("the walk found nothing");
        }
        return vnode;
    }

    /** The place of the file found. */
    public Place place() {
        if (jumped) {
            return jumpedTo;
        }
        Vnode file = vnode();
        if (file == mount.root()) {
            return mount.rootPlace();
        }
        Directory holder = file instanceof Directory self ? self : directory;
        return new Place(Place.Kind.NAMED, mount, file, holder, name);
    }

    /**
     * Walks.
     *
     * @param descriptor where a relative path starts: a descriptor of a directory, or {@link AtFlags#AT_FDCWD}
     * @param flags a union of the constants above
     * @return 0; -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG; -EBADF for the descriptor; -EINTR if the caller must die; -EXDEV for a way that openat2(2)
     *     was told not to go
     */
    public int resolve(int descriptor, String path, int flags) {
        if (path.length() >= Limits.PATH_MAX) {
            return -ENAMETOOLONG;
        }
        if (path.isEmpty()) {
            return (flags & MAY_BE_EMPTY) == 0 ? -ENOENT : startAt(descriptor, true);
        }
        resolve = flags >>> RESOLVE_SHIFT;
        boolean absolute = path.charAt(0) == '/';
        if (absolute && forbids(OpenHow.RESOLVE_BENEATH)) {
            return -EXDEV;
        }
        boolean scoped = (resolve & (OpenHow.RESOLVE_BENEATH | OpenHow.RESOLVE_IN_ROOT)) != 0;
        int error = absolute && !scoped ? startAtRoot() : startAt(descriptor, false);
        if (error == 0 && scoped) {
            root = new Place(Place.Kind.NAMED, mount, directory, directory, "");
        }
        return error < 0 ? error : walk(path, flags);
    }

    private boolean forbids(int way) {
        return (resolve & way) != 0;
    }

    private int startAtRoot() {
        mount = root.mount();
        directory = (Directory) root.vnode();
        vnode = directory;
        found = true;
        return 0;
    }

    /** Starts where a descriptor is open: on any file if that is all, else on a directory. */
    private int startAt(int descriptor, boolean whole) {
        Place start = context.current();
        if (descriptor != AtFlags.AT_FDCWD) {
            OpenFile file = caller.files().get(descriptor);
            if (file == OpenFile.CLOSED) {
                return -EBADF;
            }
            start = file.place();
        }
        if (whole) {
            jumped = true;
            jumpedTo = start;
        }
        if (start.vnode() instanceof Directory here) {
            directory = here;
        } else if (!whole) {
            return -ENOTDIR;
        }
        mount = start.mount();
        vnode = start.vnode();
        found = true;
        return 0;
    }

    /** Walks a path that is not empty from the directory where the walk stands. */
    private int walk(String path, int flags) {
        String rest = path;
        int at = 0;
        while (true) {
            at = skipSlashes(rest, at);
            if (at == rest.length()) {
                name = "";
                return 0;
            }
            int end = endOfName(rest, at);
            int next = skipSlashes(rest, end);
            boolean last = next == rest.length();
            if (end - at > Limits.NAME_MAX) {
                return -ENAMETOOLONG;
            }
            name = Latin1.part(rest, at, end);
            slashBehind = last && end < rest.length();
            int error = Access.check(caller, who, directory, Access.EXECUTE);
            if (error < 0) {
                return error;
            }
            if (last && (flags & PARENT) != 0) {
                return 0;
            }
            error = step();
            if (error < 0) {
                boolean mayBeMissing = last && (flags & MAY_BE_MISSING) != 0 && error == -ENOENT;
                return mayBeMissing ? 0 : error;
            }
            boolean follow = !last || slashBehind || (flags & FOLLOW) != 0;
            if (vnode instanceof SymbolicLink link && follow) {
                Slot<String> target = new Slot<>();
                error = last && !Access.mayFollow(who, link, directory) ? -EACCES : follow(link, target);
                if (error < 0) {
                    return error;
                }
                if (error != SymbolicLink.BY_PATH) {
                    error = land(last);
                    if (error < 0 || last) {
                        return error;
                    }
                } else if (target.get().length() + rest.length() - end > Latin1.LONGEST_JOINED) {
                    return -ENAMETOOLONG;
                } else {
                    rest = Latin1.joined(target.get(), rest, end);
                    next = 0;
                }
            } else if (vnode instanceof Directory) {
                if (last) {
                    return 0;
                }
                directory = (Directory) vnode;
            } else {
                return last && !slashBehind ? 0 : -ENOTDIR;
            }
            if (!caller.rounds().awaitRound()) {
                return -EINTR;
            }
            at = next;
        }
    }

    /** Looks the name up from where the walk stands; crosses mounts. */
    private int step() {
        found = false;
        Mount before = mount;
        switch (name) {
            case "." -> vnode = directory;
            case ".." -> {
                if (forbids(OpenHow.RESOLVE_BENEATH) && directory == root.vnode() && mount == root.mount()) {
                    return -EXDEV;
                }
                climb();
            }
            default -> {
                int error = directory.lookup(name, step);
                if (error < 0) {
                    return error;
                }
                vnode = step.get();
                if (vnode.isMountPoint()) {
                    Place top = context.mounts().enter(mount, vnode, directory, name);
                    mount = top.mount();
                    vnode = top.vnode();
                }
            }
        }
        if (mount != before && forbids(OpenHow.RESOLVE_NO_XDEV)) {
            return -EXDEV;
        }
        found = true;
        return 0;
    }

    /** Goes to the directory above, out of mounts, but not above the process's root. */
    private void climb() {
        Mount at = mount;
        Directory here = directory;
        while (here == at.root() && !at.isTop() && !(here == root.vnode() && at == root.mount())) {
            Place point = at.point();
            here = (Directory) point.vnode();
            at = point.mount();
        }
        boolean atRoot = here == root.vnode() && at == root.mount();
        Directory above = atRoot ? here : here.parent();
        if (above.isMountPoint() && !atRoot) {
            Place top = context.mounts().enter(at, above, above, "");
            mount = top.mount();
            vnode = top.vnode();
        } else {
            mount = at;
            vnode = above;
        }
    }

    /** Finds out where a symbolic link leads: its target's path, with the walk put where that starts, or a jump. */
    private int follow(SymbolicLink link, Slot<String> target) {
        if (++linksFollowed > Limits.SYMLINKS_MAX
                || forbids(OpenHow.RESOLVE_NO_SYMLINKS)
                || mount.has(Mount.NO_LINKS)) {
            return -ELOOP;
        }
        Slot<Place> place = new Slot<>();
        int way = link.jump(caller, place);
        if (way < 0) {
            return way;
        }
        if (way != SymbolicLink.BY_PATH) {
            jumpedTo = place.get();
            return checkJump();
        }
        int error = link.target(caller, target);
        if (error < 0) {
            return error;
        }
        String path = target.get();
        if (path.isEmpty()) {
            return -ENOENT;
        }
        if (path.charAt(0) == '/') {
            boolean leaves =
                    forbids(OpenHow.RESOLVE_BENEATH) || forbids(OpenHow.RESOLVE_NO_XDEV) && mount != root.mount();
            if (leaves) {
                return -EXDEV;
            }
            startAtRoot();
        }
        return SymbolicLink.BY_PATH;
    }

    /** Whether the walk may go where a jump leads: 0, -ELOOP, -EXDEV. */
    private int checkJump() {
        if (forbids(OpenHow.RESOLVE_NO_MAGICLINKS)) {
            return -ELOOP;
        }
        boolean leaves = forbids(OpenHow.RESOLVE_BENEATH | OpenHow.RESOLVE_IN_ROOT)
                || forbids(OpenHow.RESOLVE_NO_XDEV) && mount != jumpedTo.mount();
        return leaves ? -EXDEV : 0;
    }

    /** Puts the walk where a jump led. */
    private int land(boolean last) {
        Place place = jumpedTo;
        mount = place.mount();
        vnode = place.vnode();
        found = true;
        jumped = last;
        if (place.vnode() instanceof Directory here) {
            directory = here;
            return 0;
        }
        return last && !slashBehind ? 0 : -ENOTDIR;
    }

    private static int skipSlashes(String path, int from) {
        int at = from;
        while (at < path.length() && path.charAt(at) == '/') {
            at++;
        }
        return at;
    }

    private static int endOfName(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    /**
     * After a walk with {@link #PARENT}: whether the last name can be made or removed.
     *
     * @param errorForDots what to answer for "", "." and ".."
     * @return 0, {@code errorForDots}, or -EACCES if the directory may not be searched
     */
    public int checkName(int errorForDots) {
        boolean dots = name.isEmpty() || name.equals(".") || name.equals("..");
        if (dots) {
            return errorForDots;
        }
        return directory.removed() ? -ENOENT : 0;
    }
}
