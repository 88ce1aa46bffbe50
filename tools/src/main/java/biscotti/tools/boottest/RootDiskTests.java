package biscotti.tools.boottest;

import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A machine whose root is a disk: {@code image disk} makes it, {@code run --root} boots with it. */
final class RootDiskTests {
    private final Path biscotti;
    private final Path image;
    private final Tally tally;

    /** Tests of the kernel in {@code repository}, with images in {@code directory}. */
    RootDiskTests(Repository repository, Path directory, Tally tally) {
        this.biscotti = repository.home().resolve("biscotti");
        this.image = directory.resolve("root.img");
        this.tally = tally;
    }

    /** Runs them. */
    void run() throws IOException {
        call("image", "disk", "--size", "192M", "--package", "bash", "--package", "util-linux", "-o", image.toString());
        String complaints =
                HostProgram.of("/usr/sbin/e2fsck", "-fn", image.toString()).errors();
        tally.check(
                "image disk makes what e2fsck finds nothing wrong with",
                complaints.lines().count() == 1 ? Optional.empty() : Optional.of(complaints));
        byte[] before = Files.readAllBytes(image);
        check(
                "a machine boots from its disk, with owners and modes",
                "/dev/sda / ext4\n/usr/bin/bash\n4755 0:0 /usr/bin/su\nroot:root 1777 /tmp\n0\n",
                "--",
                "bash",
                "-c",
                "head -n 1 /proc/mounts | cut -d ' ' -f 1-3; echo $BASH; stat -c '%a %u:%g %n' /usr/bin/su; "
                        + "stat -c '%U:%G %a %n' /tmp; touch /tmp/x /run/y; echo $?");
        // Longer than the kernel's command line may be.
        check("a long command reaches it", "2000\n", "--", "bash", "-c", "echo ${#1}", "bash", "x".repeat(2000));
        check("a virtio disk can be the root", "/dev/vda /\n", "virtio", "--", "bash", "-c", mounts());
        check("an NVMe disk can be the root", "/dev/nvme0n1 /\n", "nvme", "--", "bash", "-c", mounts());
        tally.check(
                "--snapshot leaves the image as it is",
                Arrays.equals(before, Files.readAllBytes(image)) ? Optional.empty() : Optional.of("it was written to"));
        keep();
    }

    /** What a machine has written to its root the next one finds, whether it was told to write it or not; and e2fsck finds nothing. */
    private void keep() throws IOException {
        String write =
                "mkdir /kept && cp -a /usr/bin/bash /kept/copy && ln -s copy /kept/link && mv /kept/copy /kept/moved"
                        + " && seq 200000 >/kept/numbers && truncate -s 1M /kept/numbers && seq 5 >>/kept/numbers"
                        + " && for i in $(seq 300); do echo $i >/kept/small$i; done && rm /kept/small*5 && chmod 640 /kept/small1; echo $?";
        tally.check(
                "a machine writes to its root",
                Difference.between(
                        "0\n", call("run", "--cpus", "2", "--root", image.toString(), "--", "bash", "-c", write)));
        HostProgram check = HostProgram.of("/usr/sbin/e2fsck", "-fn", image.toString());
        tally.check(
                "e2fsck finds nothing wrong with a root that was written",
                check.succeeds() ? Optional.empty() : Optional.of("it finds something"));
        String read =
                "cmp /usr/bin/bash /kept/moved; readlink /kept/link; tail -n 2 /kept/numbers; stat -c %s /kept/numbers;"
                        + " ls /kept | wc -l; cat /kept/small299; stat -c %a /kept/small1";
        tally.check(
                "the next machine finds what was written",
                Difference.between(
                        "copy\n4\n5\n1048586\n273\n299\n640\n",
                        call("run", "--cpus", "2", "--root", image.toString(), "--", "bash", "-c", read)));
    }

    private static String mounts() {
        return "head -n 1 /proc/mounts | cut -d ' ' -f 1-2";
    }

    /** Boots from the image; the first of {@code arguments} may be what kind of disk it is. */
    private void check(String name, String expected, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        String kind = words.getFirst().equals("--") ? "" : "," + words.removeFirst();
        words.addAll(0, List.of("run", "--cpus", "2", "--snapshot", "--root", image + kind));
        tally.check(name, Difference.between(expected, call(words.toArray(String[]::new))));
    }

    private String call(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(biscotti.toString()));
        command.addAll(List.of(arguments));
        return HostProgram.of(command).output();
    }
}
