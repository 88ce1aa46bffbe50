package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.memory.AddressSpaces;
import biscotti.process.HostName;
import biscotti.process.ProcessTable;
import biscotti.process.Processes;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.function.Consumer;

/** Settings of /proc/sys/kernel and /proc/sys/vm that root may change (proc(5)): names, how many there may be, the next number of an IPC object. */
final class KernelSettings {
    private static final int LONGEST_PATTERN = 127;

    private final ProcFileSystem proc;
    private final Processes processes;

    /** How a core dump is to be called (core(5)), kept for who asks: there are none. */
    private volatile String corePattern = "core";

    private volatile int coreUsesNumber;

    KernelSettings(ProcFileSystem proc, Processes processes) {
        this.proc = proc;
        this.processes = processes;
    }

    /** Adds those of a directory "kernel". */
    void addTo(FixedDirectory kernel) {
        HostName names = processes.hostName();
        proc.setting(kernel, "hostname", names::host, new Line(HostName.LONGEST, names::setHost));
        proc.setting(kernel, "domainname", names::domain, new Line(HostName.LONGEST, names::setDomain));
        ProcessTable table = processes.table();
        proc.setting(kernel, "pid_max", table::mostNumbers, (writer, value) -> table.setMostNumbers(value));
        proc.setting(kernel, "threads-max", table::mostThreads, (writer, value) -> table.setMostThreads(value));
        proc.setting(kernel, "core_pattern", () -> corePattern, new Line(LONGEST_PATTERN, text -> corePattern = text));
        ProcTree.intSetting(proc, kernel, "core_uses_pid", () -> coreUsesNumber, value -> coreUsesNumber = value);
        IpcSpace ipc = processes.ipc();
        nextNumber(kernel, "shm_next_id", ipc.segments());
        nextNumber(kernel, "sem_next_id", ipc.sets());
        nextNumber(kernel, "msg_next_id", ipc.queues());
    }

    /** Adds those of a directory "vm". */
    void addToMemory(FixedDirectory vm) {
        proc.setting(
                vm,
                "max_map_count",
                AddressSpaces::mostRegions,
                (writer, value) -> AddressSpaces.setMostRegions(value));
    }

    private void nextNumber(FixedDirectory kernel, String name, IpcTable<?> table) {
        proc.setting(
                kernel,
                name,
                () -> Integer.toString(table.wantedNumber()),
                (writer, value) -> mayRestore(writer) ? table.setWantedNumber(value) : -EPERM);
    }

    private static boolean mayRestore(Caller writer) {
        return writer instanceof UserThread thread
                && (thread.identity().has(Credentials.CAP_SYS_ADMIN)
                        || thread.identity().has(Credentials.CAP_CHECKPOINT_RESTORE));
    }

    /** Takes one line, and cuts off what is too much of it. */
    private record Line(int longest, Consumer<String> setter) implements Setting {
        @Override
        public int set(Caller writer, long value) {
            return -EINVAL;
        }

        @Override
        public int setText(Caller writer, byte[] text, int length) {
            int end = 0;
            while (end < Math.min(length, longest) && text[end] != 0 && text[end] != '\n') {
                end++;
            }
            setter.accept(Latin1.text(text, 0, Math.min(end, longest)));
            return 0;
        }
    }
}
