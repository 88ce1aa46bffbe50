package biscotti.process;

import static biscotti.abi.AuxiliaryVector.*;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.ELIBBAD;
import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOEXEC;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ESTALE;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.SignalNumber.SIGCHLD;

import biscotti.abi.AtFlags;
import biscotti.abi.Clocks;
import biscotti.abi.Elf;
import biscotti.abi.FileMode;
import biscotti.abi.Latin1;
import biscotti.abi.Limits;
import biscotti.abi.Resource;
import biscotti.abi.Rseq;
import biscotti.abi.Xattr;
import biscotti.bounded.Rounds;
import biscotti.file.Access;
import biscotti.file.FileTable;
import biscotti.file.KernelTransfer;
import biscotti.file.Mount;
import biscotti.file.PathWalk;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.file.Vnode;
import biscotti.file.attribute.Attributes;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.UserContext;
import biscotti.memory.AddressLayout;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import biscotti.memory.UserRange;
import biscotti.process.identity.Credentials;
import biscotti.process.identity.FileCapabilities;
import biscotti.process.identity.ProgramStart;
import biscotti.process.program.ElfImage;
import biscotti.process.program.Program;
import biscotti.process.program.ProgramStack;
import biscotti.process.program.ScriptLine;
import biscotti.sched.Waiter;
import java.util.Optional;

/**
 * execve(2): another program for a process. Made for one call.
 *
 * <p>The new program is laid out in an address space of its own while the old one is still whole, so that anything that fails
 * leaves the caller as it was. Only then the other threads end, and the process changes over.
 */
public final class Exec {
    private static final int MOST_INTERPRETERS = 5;
    private static final int RANDOM_BYTES = 16;
    private static final int NAME_LENGTH = 15;
    private static final long NO_RANDOMIZE = 0x0040000;

    /**
     * AT_HWCAP: register edx of CPUID leaf 1 with what every x86-64 CPU has: FPU VME DE PSE TSC MSR PAE MCE CX8 APIC SEP MTRR PGE
     * MCA CMOV PAT PSE-36 MMX FXSR SSE SSE2. Programs that look for more ask CPUID themselves.
     */
    private static final long BASELINE_FEATURES = 0x0783_fbff;

    private static final String PLATFORM = "x86_64";

    private final UserThread thread;
    private final Process process;
    private final Processes system;
    private final PhysicalMemory physical;
    private final Slot<Place> programPlace = new Slot<>();
    private final Rounds rounds;
    private final Slot<String> interpreterPath = new Slot<>();
    private boolean programOpen;
    private long vdsoAddress;
    private ElfImage program;
    private ElfImage interpreter;
    private Credentials credentials;
    private boolean secure;
    private boolean readable;
    private AddressSpace space;
    private UserMemory memory;
    private ProgramStack stack;
    private byte[] auxiliaryBytes = new byte[0];
    private String name = "";
    /** What the program, or a script's interpreter, is told to be the program's path. */
    private String told = "";
    /** Whether that leads nowhere after the change: its descriptor is closed by it (execveat(2), ENOENT). */
    private boolean hidden;

    /** A call by a thread. */
    public Exec(UserThread thread) {
        this.thread = thread;
        this.process = thread.process();
        this.rounds = thread.rounds();
        this.system = process.system();
        this.physical = system.machine().memory();
        this.credentials = thread.identity();
    }

    /** Where the strings of the new program come from. */
    public interface Strings {
        /** Pushes the environment: 0 or a negative errno. */
        long pushEnvironment(Exec exec);

        /** Pushes the arguments, the last one first: 0 or a negative errno. */
        long pushArguments(Exec exec);
    }

    /** Strings in the caller's memory, as execve(2) gives them. */
    public static Strings strings(UserMemory from, long arguments, long environment) {
        return new Strings() {
            @Override
            public long pushEnvironment(Exec exec) {
                return exec.stack.pushAll(from, environment);
            }

            @Override
            public long pushArguments(Exec exec) {
                return exec.stack.pushAll(from, arguments);
            }
        };
    }

    /** Strings of the kernel's, for the first process. */
    static Strings strings(String[] arguments, String[] environment) {
        return new Strings() {
            @Override
            public long pushEnvironment(Exec exec) {
                return pushAll(exec.stack, environment);
            }

            @Override
            public long pushArguments(Exec exec) {
                return pushAll(exec.stack, arguments);
            }
        };
    }

    private static long pushAll(ProgramStack stack, String[] texts) {
        for (int i = texts.length - 1; i >= 0; i--) {
            long error = stack.push(texts[i]);
            if (error < 0) {
                return error;
            }
        }
        return 0;
    }

    /**
     * Runs another program in the calling process.
     *
     * @param descriptor where a relative path starts, as in execveat(2)
     * @param flags {@link PathWalk} flags
     * @return 0, and the thread returns to ring 3 at the program's start; or a negative errno, and nothing has changed
     */
    public long run(int descriptor, String path, int flags, Strings strings) {
        if (UserTotals.refusesProgram(thread)) {
            return -EAGAIN;
        }
        AddressLayout layout = (process.personality() & NO_RANDOMIZE) != 0
                ? AddressLayout.fixed(process.limits().soft(Resource.STACK))
                : AddressLayout.random(
                        system.machine().entropy(), process.limits().soft(Resource.STACK));
        Optional<AddressSpace> made = system.spaces().create(layout);
        if (made.isEmpty()) {
            return -ENOMEM;
        }
        told = toldPath(descriptor, path);
        hidden = !told.equals(path) && thread.files().closeOnExec(descriptor) != 0;
        name = Latin1.part(told, told.lastIndexOf('/') + 1, told.length());
        space = made.get();
        memory = new UserMemory(space);
        stack = new ProgramStack(space, memory, process.limits().soft(Resource.STACK));
        long error = prepare(descriptor, path, flags, strings);
        if (error == 0) {
            error = endOtherThreads();
        }
        if (error == 0) {
            error = unshareFiles();
        }
        if (error < 0) {
            space.leave();
        } else {
            changeOver();
        }
        if (programOpen) {
            close(programPlace.get().vnode());
        }
        return Math.min(error, 0);
    }

    /** The path of a file that is named by a descriptor, for the program and for a script's interpreter. */
    private static String toldPath(int descriptor, String path) {
        if (descriptor == AtFlags.AT_FDCWD || path.startsWith("/")) {
            return path;
        }
        String behind = Latin1.part(path, 0, Math.min(path.length(), Limits.PATH_MAX));
        return behind.isEmpty() ? "/dev/fd/" + descriptor : "/dev/fd/" + descriptor + "/" + behind;
    }

    /** Everything that can fail. */
    private long prepare(int descriptor, String path, int flags, Strings strings) {
        long error = stack.map();
        if (error < 0) {
            return error;
        }
        long fileName = stack.pushText(told);
        if (fileName < 0) {
            return fileName;
        }
        stack.beginEnvironment();
        error = strings.pushEnvironment(this);
        if (error < 0) {
            return error;
        }
        stack.endEnvironment();
        error = strings.pushArguments(this);
        if (error == 0 && stack.argumentCount() == 0) {
            error = stack.push("");
        }
        if (error == 0) {
            error = findProgram(descriptor, path, flags);
        }
        if (error == 0) {
            error = findInterpreter();
        }
        if (error == 0) {
            error = mapImages();
        }
        return error == 0 ? finishStack(fileName) : error;
    }

    /** Finds the ELF file to run; scripts lead to their interpreters. */
    private long findProgram(int descriptor, String path, int flags) {
        String next = path;
        int from = descriptor;
        int walkFlags = flags;
        for (int i = 0; i < MOST_INTERPRETERS; i++) {
            if (!rounds.awaitRound()) {
                return -EINTR;
            }
            byte[] first = new byte[ScriptLine.BYTES];
            Slot<Place> place = new Slot<>();
            long read = open(from, next, walkFlags, place, first);
            if (read < 0) {
                return read;
            }
            if (!ScriptLine.begins(first)) {
                programPlace.put(place.get());
                programOpen = true;
                long refused = findCredentials(place.get());
                if (refused < 0) {
                    return refused;
                }
                program = new ElfImage(place.get(), first);
                return program.readHeaders(physical);
            }
            close(place.get().vnode());
            ScriptLine line = ScriptLine.of(first);
            if (!line.whole() || hidden) {
                return line.whole() ? -ENOENT : -ENOEXEC;
            }
            long error = stack.dropArgument();
            if (error == 0) {
                error = stack.push(i == 0 ? told : next);
            }
            if (error == 0 && !line.argument().isEmpty()) {
                error = stack.push(line.argument());
            }
            if (error == 0) {
                error = stack.push(line.interpreter());
            }
            if (error < 0) {
                return error;
            }
            if (line.interpreter().isEmpty()) {
                return -EACCES; // an empty path is the current directory here, and that is no program
            }
            next = line.interpreter();
            from = AtFlags.AT_FDCWD;
            walkFlags = PathWalk.FOLLOW;
        }
        return -ELOOP;
    }

    /** Finds a file that the caller may execute, and reads its first bytes: how many, or a negative errno. */
    private long open(int descriptor, String path, int flags, Slot<Place> place, byte[] first) {
        while (true) {
            long read = openFound(descriptor, path, flags, place, first);
            if (read != -ESTALE) {
                return read;
            }
            if (!rounds.awaitRound()) {
                return -EINTR;
            }
        }
    }

    /** As {@link #open}; -ESTALE if its file system has forgotten it meanwhile, and finds it anew. */
    private long openFound(int descriptor, String path, int flags, Slot<Place> place, byte[] first) {
        PathWalk walk = new PathWalk(thread);
        int error = walk.resolve(descriptor, path, flags);
        if (error < 0) {
            return error;
        }
        place.put(walk.place());
        Vnode vnode = walk.vnode();
        if (vnode instanceof SymbolicLink) {
            return -ELOOP;
        }
        error = vnode.checkExecutable(thread.identity());
        if (error < 0) {
            return error;
        }
        if (walk.place().mount().has(Mount.NO_EXECUTE)) {
            return -EACCES;
        }
        if (!vnode.retain()) {
            return vnode.links() == 0 ? -ENOENT : -ESTALE;
        }
        error = vnode.breakLeases(false, true);
        if (error == 0) {
            error = vnode.forbidWriters();
        }
        if (error < 0) {
            vnode.release();
            return error;
        }
        long read = vnode.readAt(new KernelTransfer(physical, first, 0, first.length), 0);
        if (read < 0) {
            close(vnode);
        }
        return read;
    }

    /** Ends what {@link #open} began: the file may be written again. */
    private static void close(Vnode vnode) {
        vnode.allowWriters();
        vnode.release();
    }

    /** Finds out who the program acts as: 0, or -EPERM if its file's capabilities cannot be given. */
    private long findCredentials(Place place) {
        Vnode file = place.vnode();
        int mode = file.mode();
        boolean ignored = place.mount().has(Mount.NO_SET_ID);
        boolean keeps = ignored || thread.settings().noNewPrivileges();
        boolean setUser = (mode & FileMode.S_ISUID) != 0;
        boolean setGroup = (mode & FileMode.S_ISGID) != 0 && (mode & FileMode.S_IXGRP) != 0;
        ProgramStart start = new ProgramStart(
                thread.identity(),
                setUser && !keeps ? file.userId() : Credentials.KEEP,
                setGroup && !keeps ? file.groupId() : Credentials.KEEP,
                ignored ? FileCapabilities.NONE : capabilitiesOf(file),
                thread.settings().noNewPrivileges());
        credentials = start.credentials();
        secure = start.isSecure();
        readable = Access.check(thread.identity(), file, Access.READ) == 0;
        return start.error();
    }

    private static FileCapabilities capabilitiesOf(Vnode file) {
        Optional<Attributes> attributes = file.attributes();
        if (attributes.isEmpty()) {
            return FileCapabilities.NONE;
        }
        byte[] value = new byte[FileCapabilities.MOST_BYTES];
        int length = attributes.get().get(Xattr.SECURITY_CAPABILITY, value);
        return length < 0 ? FileCapabilities.NONE : FileCapabilities.of(value, length);
    }

    private long findInterpreter() {
        long error = program.readInterpreter(physical, interpreterPath);
        if (error < 0 || interpreterPath.get().isEmpty()) {
            return error;
        }
        byte[] first = new byte[ScriptLine.BYTES];
        Slot<Place> place = new Slot<>();
        long read = open(AtFlags.AT_FDCWD, interpreterPath.get(), PathWalk.FOLLOW, place, first);
        if (read < 0) {
            return read;
        }
        close(place.get().vnode());
        interpreter = new ElfImage(place.get(), first);
        error = interpreter.readHeaders(physical);
        return error == -ENOEXEC ? -ELIBBAD : error;
    }

    private boolean hasInterpreter() {
        return !interpreterPath.get().isEmpty();
    }

    private long mapImages() {
        if (program.wantsExecutableStack()) {
            long error = stack.makeExecutable();
            if (error < 0) {
                return error;
            }
        }
        long error = program.map(space, memory, space.layout().programBase(), rounds);
        if (error < 0) {
            return error;
        }
        space.programBreak()
                .startAt(UserRange.pageEnd(program.end()) + space.layout().breakGap());
        error = hasInterpreter() ? interpreter.map(space, memory, 0, rounds) : 0;
        if (error < 0 || system.vdso().isEmpty()) {
            return error;
        }
        vdsoAddress = system.vdso().get().map(space);
        return Math.min(vdsoAddress, 0);
    }

    private long finishStack(long fileName) {
        stack.endArguments();
        byte[] random = new byte[RANDOM_BYTES];
        system.machine().entropy().fill(random, 0, RANDOM_BYTES);
        long randomAddress = stack.pushBytes(random);
        long platform = stack.pushText(PLATFORM);
        if (randomAddress < 0 || platform < 0) {
            return Math.min(randomAddress, platform);
        }
        Credentials.Ids user = credentials.user();
        Credentials.Ids group = credentials.group();
        long[] vector = {
            AT_HWCAP,
            BASELINE_FEATURES,
            AT_PAGESZ,
            PhysicalMemory.FRAME_SIZE,
            AT_CLKTCK,
            Clocks.TICKS_PER_SECOND,
            AT_PHDR,
            program.headersAddress(),
            AT_PHENT,
            Elf.PROGRAM_HEADER_BYTES,
            AT_PHNUM,
            program.headerCount(),
            AT_BASE,
            hasInterpreter() ? interpreter.bias() : 0,
            AT_FLAGS,
            0,
            AT_ENTRY,
            program.entry(),
            AT_UID,
            user.real(),
            AT_EUID,
            user.effective(),
            AT_GID,
            group.real(),
            AT_EGID,
            group.effective(),
            AT_SECURE,
            secure ? 1 : 0,
            AT_RANDOM,
            randomAddress,
            AT_RSEQ_FEATURE_SIZE,
            Rseq.FEATURE_BYTES,
            AT_RSEQ_ALIGN,
            Rseq.ALIGNMENT,
            AT_HWCAP2,
            0,
            AT_MINSIGSTKSZ,
            SignalFrame.maximumBytes(thread.context().xsaveBytes()),
            AT_EXECFN,
            fileName,
            AT_PLATFORM,
            platform,
            vdsoAddress != 0 ? AT_SYSINFO_EHDR : AT_IGNORE,
            vdsoAddress,
            AT_NULL,
            0,
        };
        auxiliaryBytes = new byte[vector.length * 8];
        for (int i = 0; i < vector.length; i++) {
            putLong(auxiliaryBytes, i * 8, vector[i]);
        }
        return stack.finish(vector);
    }

    /** Ends all other threads of the process: 0, or -EINTR if the process is ending itself. */
    private long endOtherThreads() {
        process.lock.lock();
        try {
            if (process.exiting) {
                return -EINTR;
            }
            for (UserThread other = process.oldestThread; other != null; other = other.nextInProcess) {
                if (other != thread) {
                    other.mustEnd = true;
                    other.alert();
                }
            }
            while (process.threadCount > 1) {
                awaitThreadEnd();
                if (thread.mustEnd) {
                    return -EINTR;
                }
            }
        } finally {
            process.lock.unlock();
        }
        if (thread.id() != process.id()) {
            int old = thread.id();
            thread.setId(process.id());
            system.table().renumber(thread, old);
        }
        return 0;
    }

    /** Gives the process descriptors of its own: 0, or -EINTR if the process is ending itself. */
    private long unshareFiles() {
        if (!thread.files().shared()) {
            return 0;
        }
        Optional<FileTable> own = thread.files().copy(thread);
        if (own.isEmpty()) {
            return -EINTR;
        }
        thread.files().leave(thread);
        thread.setFiles(own.get());
        return 0;
    }

    /** Waits until another thread has ended, or the process is to end; the process's lock is open meanwhile. */
    private void awaitThreadEnd() {
        Waiter waiter = thread.kernelThread().waiter();
        waiter.reset();
        process.threadsGone.join(waiter.entry());
        process.lock.unlock();
        waiter.sleepUninterrupted(Waiter.FOREVER);
        process.threadsGone.leave(waiter.entry());
        process.lock.lock();
    }

    /** Makes the new program the process's; nothing here fails. */
    private void changeOver() {
        thread.robustList().release(false);
        space.setRefusesHugePages(process.space().refusesHugePages());
        Exits.leaveAddressSpace(process);
        process.setSpace(space);
        process.applyMemoryLimits();
        thread.setSpace(space);
        process.posixTimers().deleteAll();
        thread.files().closeForExec(thread);
        process.setActions(process.actions().copy());
        process.actions().resetHandlers();
        Credentials before = thread.identity();
        boolean sameIds = before.user().real() == before.user().effective()
                && before.group().real() == before.group().effective();
        process.setDumpable(sameIds && readable);
        thread.setIdentity(credentials);
        if (secure) {
            process.setDeathSignal(0);
        }
        process.setProgram(describe());
        system.table().lock();
        process.lineage.execute();
        process.exitSignal = SIGCHLD;
        system.table().unlock();
        thread.setName(process.program().name());
        thread.alternateStack().disable();
        thread.sequence().forget();
        process.barriers().forget();
        thread.setClearChildTid(0);
        UserContext context = thread.context();
        context.reset();
        context.setRip(hasInterpreter() ? interpreter.entry() : program.entry());
        context.setRsp(stack.pointer());
    }

    private Program describe() {
        return new Program(
                name.substring(0, Math.min(name.length(), NAME_LENGTH)),
                Optional.of(programPlace.get()),
                stack.argumentsStart(),
                stack.argumentsEnd(),
                stack.argumentsEnd(),
                stack.environmentEnd(),
                stack.pointer(),
                auxiliaryBytes);
    }
}
