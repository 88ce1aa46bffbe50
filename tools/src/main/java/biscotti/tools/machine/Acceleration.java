package biscotti.tools.machine;

import biscotti.tools.Fingerprint;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the machine's CPUs run: by the host's hardware (KVM) if that really works, else emulated.
 *
 * <p>That /dev/kvm exists says little: the host may itself be a guest whose KVM refuses to run. So the shim is started once
 * without a boot archive, on two CPUs: it comes up, sees that it has nothing to run, says so on the log and stops the
 * machine. The answer is kept until the host boots again or QEMU changes.
 */
public final class Acceleration {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final long PATIENCE_SECONDS = 8;

    /** QEMU's status when the guest wrote 1, "panic", to the exit device: (1 << 1) | 1. */
    private static final int PANIC_STATUS = 3;

    private Acceleration() {}

    /** The value of QEMU's option {@code -accel} on this host; CPUs that are emulated take turns on one of the host's. */
    public static String of(Qemu qemu, Repository repository) throws IOException {
        return hardwareWorks(qemu, repository) ? "kvm" : Qemu.IN_TURN;
    }

    /** The same, but CPUs that are emulated run at the same time, as far as QEMU can: see {@link Qemu#parallel}. */
    public static String parallel(Qemu qemu, Repository repository) throws IOException {
        if (hardwareWorks(qemu, repository)) {
            return "kvm";
        }
        if (!qemu.parallel()) {
            Progress.warning(
                    "QEMU " + qemu.version() + " is older than 8.1, all CPUs of the machine share one of the host");
        }
        return qemu.parallel() ? Qemu.PARALLEL : Qemu.IN_TURN;
    }

    private static boolean hardwareWorks(Qemu qemu, Repository repository) throws IOException {
        if (!Files.isReadable(KVM) || !Files.isWritable(KVM)) {
            return false;
        }
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
        String name = new Fingerprint().add(qemu.version()).add(boot).name();
        Path answer = repository.made("acceleration").resolve(name);
        if (Files.notExists(answer)) {
            Progress.step("trying the host's virtualisation");
            Files.writeString(answer, works(repository) ? "kvm" : "tcg");
        }
        return Files.readString(answer).equals("kvm");
    }

    private static boolean works(Repository repository) throws IOException {
        Path log = Files.createTempFile("biscotti", ".log");
        try {
            Process trial = new ProcessBuilder(List.of(
                            "qemu-system-x86_64",
                            "-nodefaults",
                            "-display",
                            "none",
                            "-no-reboot",
                            "-machine",
                            "q35",
                            "-accel",
                            "kvm",
                            "-cpu",
                            "max",
                            "-smp",
                            "2",
                            "-m",
                            "128M",
                            "-kernel",
                            repository.shim().toString(),
                            "-chardev",
                            "file,id=log,path=" + log,
                            "-device",
                            "isa-debugcon,chardev=log,iobase=0xe9",
                            "-device",
                            "isa-debug-exit,iobase=0x501,iosize=4"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = trial.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            trial.destroyForcibly();
            return ended && trial.exitValue() == PANIC_STATUS && Files.size(log) > 0;
        } catch (InterruptedException e) {
            return false;
        } finally {
            Files.deleteIfExists(log);
        }
    }
}
