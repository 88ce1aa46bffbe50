package biscotti.syscall;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.ECHILD;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;

import biscotti.abi.AtFlags;
import biscotti.abi.CloneFlags;
import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.file.AnonymousInode;
import biscotti.file.FileContext;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.PathWalk;
import biscotti.file.disk.Disks;
import biscotti.memory.UserRange;
import biscotti.process.Clone;
import biscotti.process.CloneArguments;
import biscotti.process.Exec;
import biscotti.process.PidFile;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.Waits;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls that make, change, end and await processes. */
public final class ProcessCalls {
    private static final int CLONE_ARGUMENTS_BYTES = 88;
    private static final int SMALLEST_CLONE_ARGUMENTS = 64;
    /** How deep Linux lets PID namespaces lie in each other. */
    private static final int MOST_NAMESPACES = 32;

    private static final int LONGEST_PATH = Limits.PATH_MAX;

    private final Disks disks;
    private final AnonymousInode inode;

    /** Calls that make descriptors of processes of an inode. */
    public ProcessCalls(AnonymousInode inode, Disks disks) {
        this.disks = disks;
        this.inode = inode;
    }

    /** Makes a child or a thread, and a descriptor of it if that is asked for. */
    private long make(UserThread caller, CloneArguments asked, long descriptorAddress) {
        if ((asked.flags() & CloneFlags.CLONE_PIDFD) == 0) {
            return Clone.call(caller, asked);
        }
        PidFile descriptor = new PidFile(inode, (asked.flags() & CloneFlags.CLONE_THREAD) != 0);
        long made = Clone.call(caller, asked.withDescriptor(descriptor, descriptorAddress));
        descriptor.release();
        return made;
    }

    /** getpid(2). */
    @SystemCall(number = 39, name = "getpid")
    public long getpid(UserThread caller) {
        return caller.process().id();
    }

    /** getppid(2). */
    @SystemCall(number = 110, name = "getppid")
    public long getppid(UserThread caller) {
        return caller.process().parentId();
    }

    /** clone(2), with the argument order of x86-64. */
    @SystemCall(number = 56, name = "clone", support = Support.PARTIAL, note = "no namespaces; tracing does not exist")
    public long clone(UserThread caller, long flags, long stack, long parentTid, long childTid, long threadPointer) {
        int signal = (int) (flags & CloneFlags.CSIGNAL);
        long asked = flags & 0xffff_ffffL & ~CloneFlags.CSIGNAL;
        boolean describes = (asked & CloneFlags.CLONE_PIDFD) != 0;
        long never = CloneFlags.CLONE_PARENT_SETTID | CloneFlags.CLONE_DETACHED | CloneFlags.CLONE_THREAD;
        if (describes && (asked & never) != 0) {
            return -EINVAL; // two would have one argument; a descriptor is of a process
        }
        return make(caller, new CloneArguments(asked, signal, stack, threadPointer, parentTid, childTid), parentTid);
    }

    /** fork(2). */
    @SystemCall(number = 57, name = "fork")
    public long fork(UserThread caller) {
        return Clone.call(caller, new CloneArguments(0, SignalNumber.SIGCHLD, 0, 0, 0, 0));
    }

    /** vfork(2). */
    @SystemCall(number = 58, name = "vfork")
    public long vfork(UserThread caller) {
        long flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK;
        return Clone.call(caller, new CloneArguments(flags, SignalNumber.SIGCHLD, 0, 0, 0, 0));
    }

    /** clone3(2). */
    @SystemCall(number = 435, name = "clone3", support = Support.PARTIAL, note = "no namespaces, no control groups")
    public long clone3(UserThread caller, long arguments, long size) {
        if (size < SMALLEST_CLONE_ARGUMENTS || size > 4096) {
            return size > 4096 ? -E2BIG : -EINVAL;
        }
        byte[] bytes = new byte[CLONE_ARGUMENTS_BYTES];
        int error = caller.memory().read(arguments, bytes, 0, (int) Math.min(size, CLONE_ARGUMENTS_BYTES));
        if (error == 0) {
            error = Structures.checkUnknown(
                    caller.memory(), arguments, CLONE_ARGUMENTS_BYTES, (int) Math.min(size, 4096));
        }
        if (error < 0) {
            return error;
        }
        long flags = getLong(bytes, 0);
        long signal = getLong(bytes, 32);
        long stack = getLong(bytes, 40);
        long stackSize = getLong(bytes, 48);
        long bothNumbers = CloneFlags.CLONE_PIDFD | CloneFlags.CLONE_PARENT_SETTID;
        long threadFile = CloneFlags.CLONE_PIDFD | CloneFlags.CLONE_THREAD;
        boolean samePlace = (flags & bothNumbers) == bothNumbers && getLong(bytes, 8) == getLong(bytes, 24);
        boolean lonely = (flags & (CloneFlags.CLONE_THREAD | CloneFlags.CLONE_PARENT)) != 0 && signal != 0;
        if ((flags & CloneFlags.CSIGNAL) != 0
                || (flags & CloneFlags.CLONE_DETACHED) != 0
                || (flags & threadFile) == threadFile
                || !UserRange.endsBelowTop(stack, stackSize)
                || signal < 0
                || signal > SignalNumber.LAST
                || samePlace
                || (stack == 0) != (stackSize == 0)
                || lonely
                || (flags & ~CloneFlags.ALL) != 0) {
            return -EINVAL;
        }
        long number = wantedNumber(caller, getLong(bytes, 64), getLong(bytes, 72));
        if (number < 0) {
            return number;
        }
        CloneArguments asked = new CloneArguments(
                flags,
                (int) signal,
                stack == 0 ? 0 : stack + stackSize,
                getLong(bytes, 56),
                getLong(bytes, 24),
                getLong(bytes, 16));
        return make(caller, asked.withNumber((int) number), getLong(bytes, 8));
    }

    /**
     * The number that a child is to have: {@code set_tid} of clone3(2), of which there is one for each PID namespace, so one here.
     *
     * @return it, or 0 if none is asked for; -EINVAL, -EFAULT, -EPERM
     */
    private static long wantedNumber(UserThread caller, long address, long count) {
        if (count == 0 && address == 0) {
            return 0;
        }
        if (address == 0 || count < 1 || count > MOST_NAMESPACES) {
            return -EINVAL;
        }
        long number = caller.memory().readInt(address);
        if (number < 0) {
            return number;
        }
        if (count > 1
                || (int) number < 1
                || number >= caller.process().system().table().mostNumbers()) {
            return -EINVAL;
        }
        Credentials own = caller.identity();
        boolean may = own.has(Credentials.CAP_SYS_ADMIN) || own.has(Credentials.CAP_CHECKPOINT_RESTORE);
        return may ? number : -EPERM;
    }

    /** execve(2). */
    @SystemCall(number = 59, name = "execve")
    public long execve(UserThread caller, long path, long arguments, long environment) {
        return exec(caller, AtFlags.AT_FDCWD, path, arguments, environment, PathWalk.FOLLOW);
    }

    /** execveat(2). */
    @SystemCall(number = 322, name = "execveat")
    public long execveat(UserThread caller, int descriptor, long path, long arguments, long environment, int flags) {
        if ((flags & ~(AtFlags.AT_EMPTY_PATH | AtFlags.AT_SYMLINK_NOFOLLOW)) != 0) {
            return -EINVAL;
        }
        int walk = ((flags & AtFlags.AT_SYMLINK_NOFOLLOW) == 0 ? PathWalk.FOLLOW : 0)
                | ((flags & AtFlags.AT_EMPTY_PATH) != 0 ? PathWalk.MAY_BE_EMPTY : 0);
        return exec(caller, descriptor, path, arguments, environment, walk);
    }

    private static long exec(UserThread caller, int descriptor, long path, long arguments, long environment, int walk) {
        byte[] bytes = new byte[LONGEST_PATH];
        long length = caller.memory().readString(path, bytes, bytes.length);
        if (length < 0) {
            return length;
        }
        String text = Latin1.text(bytes, 0, (int) length);
        return new Exec(caller).run(descriptor, text, walk, Exec.strings(caller.memory(), arguments, environment));
    }

    /** unshare(2): gives the thread its own of what it may share with others. */
    @SystemCall(
            number = 272,
            name = "unshare",
            support = Support.PARTIAL,
            note = "no namespaces: EPERM without CAP_SYS_ADMIN, else EINVAL")
    public long unshare(UserThread caller, long flags) {
        long namespaces = CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEW_OTHERS;
        long memory = CloneFlags.CLONE_VM | CloneFlags.CLONE_SIGHAND;
        long files = CloneFlags.CLONE_FILES | CloneFlags.CLONE_FS;
        if ((flags & ~(namespaces | memory | files | CloneFlags.CLONE_THREAD | CloneFlags.CLONE_SYSVSEM)) != 0) {
            return -EINVAL;
        }
        boolean alone = caller.process().threadCount() == 1;
        boolean shares = (flags & memory) != 0 && caller.process().space().users() > 1;
        if ((flags & (memory | CloneFlags.CLONE_THREAD)) != 0 && !alone || shares) {
            return -EINVAL; // what these ask for cannot be undone: they only ask whether it is so
        }
        if ((flags & namespaces) != 0) {
            return caller.identity().has(Credentials.CAP_SYS_ADMIN) ? -EINVAL : -EPERM;
        }
        if ((flags & CloneFlags.CLONE_FILES) != 0 && !unshareFiles(caller)) {
            return -EINTR;
        }
        if ((flags & CloneFlags.CLONE_FS) != 0) {
            FileContext before = caller.fileContext();
            caller.setFileContext(before.copy());
            before.leave();
        }
        if ((flags & CloneFlags.CLONE_SYSVSEM) != 0) {
            caller.semaphoreUndo().leave(caller.process().id());
        }
        return 0;
    }

    /** Gives the thread descriptors of its own: false if it must die. */
    private static boolean unshareFiles(UserThread caller) {
        FileTable files = caller.files();
        if (!files.shared()) {
            return true;
        }
        Optional<FileTable> own = files.copy(caller);
        if (own.isPresent()) {
            caller.setFiles(own.get());
            files.leave(caller);
        }
        return own.isPresent();
    }

    /** exit(2): ends the calling thread. */
    @SystemCall(number = 60, name = "exit")
    public long exit(UserThread caller, int code) {
        caller.exit(code);
        return 0;
    }

    /** exit_group(2): ends all threads of the process. */
    @SystemCall(number = 231, name = "exit_group")
    public long exitGroup(UserThread caller, int code) {
        caller.process().exit(WaitOptions.exited(code));
        return 0;
    }

    /** wait4(2). */
    @SystemCall(number = 61, name = "wait4")
    public long wait4(UserThread caller, int pid, long status, int options, long usage) {
        int known = WaitOptions.WNOHANG
                | WaitOptions.WUNTRACED
                | WaitOptions.WCONTINUED
                | WaitOptions.WNOTHREAD
                | WaitOptions.WALL
                | WaitOptions.WCLONE;
        if ((options & ~known) != 0) {
            return -EINVAL;
        }
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        int type = pid == -1 ? WaitOptions.P_ALL : pid > 0 ? WaitOptions.P_PID : WaitOptions.P_PGID;
        int id = pid == 0 ? caller.process().group() : Math.abs(pid);
        Waits.Event event = new Waits.Event();
        long error = caller.process().system().waits().await(caller, type, id, options | WaitOptions.WEXITED, event);
        if (error < 0 || event.pid() == 0) {
            return error;
        }
        int failed = status == 0 ? 0 : caller.memory().writeInt(status, event.status());
        if (failed == 0 && usage != 0) {
            failed = Structures.writeUsage(caller.memory(), usage, event.usage());
        }
        return failed < 0 ? failed : event.pid();
    }

    /** waitid(2). */
    @SystemCall(number = 247, name = "waitid")
    public long waitid(UserThread caller, int type, int id, long info, int options, long usage) {
        int wanted = WaitOptions.WEXITED | WaitOptions.WSTOPPED | WaitOptions.WCONTINUED;
        boolean negative = type != WaitOptions.P_ALL && id < 0;
        if ((options & wanted) == 0 || type < WaitOptions.P_ALL || type > WaitOptions.P_PIDFD || negative) {
            return -EINVAL;
        }
        if (type == WaitOptions.P_PID && id == 0) {
            return -EINVAL;
        }
        Waits.Event event = new Waits.Event();
        Waits waits = caller.process().system().waits();
        long error;
        if (type == WaitOptions.P_PIDFD) {
            error = awaitDescribed(caller, id, options, event);
        } else {
            int group = type == WaitOptions.P_PGID && id == 0 ? caller.process().group() : id;
            error = waits.await(caller, type, group, options, event);
        }
        if (error < 0) {
            return error;
        }
        int failed = 0;
        if (usage != 0 && event.pid() != 0) {
            failed = Structures.writeUsage(caller.memory(), usage, event.usage());
        }
        if (failed == 0 && info != 0) {
            failed = writeInfo(caller, info, event);
        }
        return failed;
    }

    /** Waits for a child that a descriptor stands for; one with O_NONBLOCK does not make the caller wait. */
    private static long awaitDescribed(UserThread caller, int descriptor, int options, Waits.Event event) {
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof PidFile described)) {
            OtherKind.refuse(file);
            return -EBADF;
        }
        boolean impatient = !file.blocking() && (options & WaitOptions.WNOHANG) == 0;
        Optional<Process> child = described.reference().process();
        file.release();
        if (child.isEmpty()) {
            return -ECHILD;
        }
        int allOptions = impatient ? options | WaitOptions.WNOHANG : options;
        int id = child.get().id();
        long error = caller.process().system().waits().await(caller, WaitOptions.P_PID, id, allOptions, event);
        return error == 0 && impatient && event.pid() == 0 ? -EAGAIN : error;
    }

    private static int writeInfo(UserThread caller, long info, Waits.Event event) {
        byte[] bytes = new byte[Signal.INFO_BYTES];
        if (event.pid() != 0) {
            putInt(bytes, 0, SignalNumber.SIGCHLD);
            putInt(bytes, 8, event.code());
            putInt(bytes, 16, event.pid());
            putInt(bytes, 20, event.user());
            putInt(bytes, 24, event.value());
        }
        return caller.memory().write(info, bytes, 0, 32);
    }

    /** setpgid(2). */
    @SystemCall(number = 109, name = "setpgid")
    public long setpgid(UserThread caller, int pid, int group) {
        return caller.process().system().jobs().setGroup(caller.process(), pid, group);
    }

    /** getpgrp(2). */
    @SystemCall(number = 111, name = "getpgrp")
    public long getpgrp(UserThread caller) {
        return caller.process().group();
    }

    /** getpgid(2). */
    @SystemCall(number = 121, name = "getpgid")
    public long getpgid(UserThread caller, int pid) {
        return find(caller, pid).map(Process::group).orElse(-ESRCH);
    }

    /** setsid(2). */
    @SystemCall(number = 112, name = "setsid")
    public long setsid(UserThread caller) {
        return caller.process().system().jobs().newSession(caller.process());
    }

    /** getsid(2). */
    @SystemCall(number = 124, name = "getsid")
    public long getsid(UserThread caller, int pid) {
        return find(caller, pid).map(Process::sessionId).orElse(-ESRCH);
    }

    private static Optional<Process> find(UserThread caller, int pid) {
        return pid == 0
                ? Optional.of(caller.process())
                : caller.process().system().table().process(pid);
    }

    /** reboot(2): stops the machine. */
    @SystemCall(
            number = 169,
            name = "reboot",
            support = Support.PARTIAL,
            note = "restart, halt and power-off all stop the machine, after what is dirty was written to the disks")
    public long reboot(UserThread caller, int magic, int magic2, int command) {
        if (!caller.identity().has(Credentials.CAP_SYS_BOOT)) {
            return -EPERM;
        }
        if (magic != 0xfee1dead || !Reboot.isSecondMagic(magic2)) {
            return -EINVAL;
        }
        return switch (command) {
            case Reboot.CTRL_ALT_DEL_ON, Reboot.CTRL_ALT_DEL_OFF -> 0;
            case Reboot.RESTART, Reboot.HALT, Reboot.POWER_OFF -> {
                disks.shutDown();
                caller.process().system().machine().stop(0);
                yield 0;
            }
            default -> -EINVAL;
        };
    }
}
