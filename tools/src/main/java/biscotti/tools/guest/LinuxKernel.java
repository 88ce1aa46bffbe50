package biscotti.tools.guest;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.ToolFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Debian's Linux kernel for virtual machines, downloaded through apt once and kept in the user's cache. */
final class LinuxKernel {
    private static final String META_PACKAGE = "linux-image-cloud-amd64";

    private LinuxKernel() {}

    /** The file vmlinuz of the version that apt would install; an older one from the cache if apt has no package lists. */
    static Path vmlinuz() throws IOException {
        Path cache = cache();
        String name = currentPackage();
        Path kernel = cache.resolve(name.isEmpty() ? "none" : name);
        if (Files.exists(kernel)) {
            return kernel;
        }
        if (name.isEmpty()) {
            try (Stream<Path> kept = Files.list(cache)) {
                return kept.max(Path::compareTo)
                        .orElseThrow(() -> new ToolFailure(
                                "apt knows no package " + META_PACKAGE + " (apt-get update fetches its lists)"));
            }
        }
        Progress.step("downloading Debian's Linux kernel");
        download(name, kernel);
        return kernel;
    }

    /** The package of the current version, whose name contains it; empty if apt knows none. */
    private static String currentPackage() throws IOException {
        String said = depends();
        if (said.isEmpty() && System.getProperty("user.name").equals("root")) {
            HostProgram.of("apt-get", "update", "-q").output();
            said = depends();
        }
        return said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Depends: linux-image-"))
                .map(line -> line.substring("Depends: ".length()))
                .findFirst()
                .orElse("");
    }

    private static String depends() throws IOException {
        try {
            return HostProgram.of("apt-cache", "depends", META_PACKAGE).output();
        } catch (ToolFailure unknown) {
            return "";
        }
    }

    private static void download(String name, Path kernel) throws IOException {
        Path directory = Files.createTempDirectory(kernel.getParent(), "new");
        try {
            HostProgram.of("apt-get", "download", "-q", "-o", "APT::Sandbox::User=", name)
                    .output(directory);
            Path unpacked = directory.resolve("unpacked");
            try (Stream<Path> packages = Files.list(directory)) {
                Path file = packages.findFirst().orElseThrow(() -> new ToolFailure("apt-get did not deliver " + name));
                HostProgram.of("dpkg-deb", "-x", file.toString(), unpacked.toString())
                        .output();
            }
            try (Stream<Path> boot = Files.list(unpacked.resolve("boot"))) {
                Path found = boot.filter(file -> file.getFileName().toString().startsWith("vmlinuz"))
                        .findFirst()
                        .orElseThrow(() -> new ToolFailure(name + ": a package without vmlinuz"));
                Files.move(found, kernel, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Directories.delete(directory);
        }
    }

    private static Path cache() throws IOException {
        String base = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Files.createDirectories(Path.of(base, "biscotti", "linux"));
    }
}
