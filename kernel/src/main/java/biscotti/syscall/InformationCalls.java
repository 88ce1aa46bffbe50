package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.abi.Limits;
import biscotti.abi.SystemNames;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.process.HostName;
import biscotti.process.Processes;
import biscotti.process.UserThread;
import biscotti.sched.LoadAverage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** System calls that tell about the machine, and name it. */
public final class InformationCalls {
    private static final int NAME_FIELD = 65;
    private static final int NAME_FIELDS = 6;
    private static final int INFORMATION_BYTES = 112;
    private static final int LOAD_SHIFT = 16;
    private static final int LOADS = 8;
    private static final int RANDOM_CHUNK = 256;
    private static final int GRND_KNOWN = 7;
    private static final int GRND_RANDOM = 2;
    private static final int GRND_INSECURE = 4;

    /** The family has no state. */
    public InformationCalls() {}

    /** uname(2). */
    @SystemCall(number = 63, name = "uname")
    public long uname(UserThread caller, long names) {
        HostName host = caller.process().system().hostName();
        byte[] bytes = new byte[NAME_FIELD * NAME_FIELDS];
        String[] fields = {
            SystemNames.SYSTEM,
            host.host(),
            SystemNames.RELEASE,
            SystemNames.VERSION,
            SystemNames.MACHINE,
            host.domain()
        };
        for (int i = 0; i < NAME_FIELDS; i++) {
            byte[] field = fields[i].getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(field, 0, bytes, i * NAME_FIELD, Math.min(field.length, NAME_FIELD - 1));
        }
        return caller.memory().write(names, bytes, 0, bytes.length);
    }

    /** sethostname(2). */
    @SystemCall(number = 170, name = "sethostname")
    public long sethostname(UserThread caller, long name, long length) {
        Slot<String> text = new Slot<>();
        long error = readName(caller, name, length, text);
        if (error == 0) {
            caller.process().system().hostName().setHost(text.get());
        }
        return error;
    }

    /** setdomainname(2). */
    @SystemCall(number = 171, name = "setdomainname")
    public long setdomainname(UserThread caller, long name, long length) {
        Slot<String> text = new Slot<>();
        long error = readName(caller, name, length, text);
        if (error == 0) {
            caller.process().system().hostName().setDomain(text.get());
        }
        return error;
    }

    private static long readName(UserThread caller, long name, long length, Slot<String> text) {
        if (!ControlCalls.administers(caller)) {
            return -EPERM;
        }
        if (length < 0 || length > HostName.LONGEST) {
            return -EINVAL;
        }
        byte[] bytes = new byte[(int) length];
        int error = caller.memory().read(name, bytes, 0, bytes.length);
        return error < 0 ? error : text.put(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** sysinfo(2). */
    @SystemCall(
            number = 99,
            name = "sysinfo",
            support = Support.PARTIAL,
            note = "shared memory, buffers and swap are 0")
    public long sysinfo(UserThread caller, long information) {
        Processes system = caller.process().system();
        byte[] bytes = new byte[INFORMATION_BYTES];
        putLong(bytes, 0, TimeUnit.NANOSECONDS.toSeconds(system.now()));
        for (int i = 0; i < LoadAverage.COUNT; i++) {
            putLong(bytes, LOADS + i * Long.BYTES, system.loadAverage().scaled(i, 1 << LOAD_SHIFT));
        }
        putLong(bytes, 32, system.frames().totalFrames() * PhysicalMemory.FRAME_SIZE);
        putLong(bytes, 40, system.frames().freeFrames() * PhysicalMemory.FRAME_SIZE);
        putShort(bytes, 80, (short) Math.min(system.table().threadCount(), Short.MAX_VALUE));
        putInt(bytes, 104, 1);
        return caller.memory().write(information, bytes, 0, bytes.length);
    }

    /** getrandom(2). */
    @SystemCall(number = 318, name = "getrandom")
    public long getrandom(UserThread caller, long buffer, long length, int flags) {
        boolean both = (flags & GRND_RANDOM) != 0 && (flags & GRND_INSECURE) != 0;
        if ((flags & ~GRND_KNOWN) != 0 || both) {
            return -EINVAL;
        }
        long wanted = Long.compareUnsigned(length, Limits.MAX_TRANSFER) > 0 ? Limits.MAX_TRANSFER : length;
        byte[] bytes = new byte[Math.clamp(wanted, 0, RANDOM_CHUNK)];
        long done = 0;
        while (done < wanted) {
            int part = (int) Math.min(wanted - done, bytes.length);
            caller.process().system().machine().entropy().fill(bytes, 0, part);
            int error = caller.memory().write(buffer + done, bytes, 0, part);
            if (error < 0 || (done > 0 && caller.pending())) {
                return error < 0 && done == 0 ? error : error < 0 ? done : done + part;
            }
            done += part;
        }
        return done;
    }
}
