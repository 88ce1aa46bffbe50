package biscotti.tools.root;

import biscotti.tools.Directories;
import biscotti.tools.Fingerprint;
import biscotti.tools.HostProgram;
import biscotti.tools.Progress;
import biscotti.tools.ToolFailure;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian packages with all that they depend on, from the apt sources that the host is configured with.
 *
 * <p>apt resolves against an empty database of installed packages, so what the host itself has installed plays no part, and
 * nothing is installed on it. Downloaded files are kept in a cache of the user.
 */
final class DebianPackages {
    /** A line of {@code apt-get --print-uris}: 'URI' FILE SIZE HASH; packages of some archives come without a hash. */
    private static final Pattern URI = Pattern.compile("'[^']*' (\\S+\\.deb) \\d+(?: \\S*)?");

    private static final Pattern UNKNOWN = Pattern.compile("Unable to locate package (\\S+)");

    private final Path cache;

    private DebianPackages(Path cache) {
        this.cache = cache;
    }

    /** The packages of apt, with the user's cache of downloaded files. */
    static DebianPackages ofHost() throws IOException {
        String base = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return new DebianPackages(Files.createDirectories(Path.of(base, "biscotti", "packages")));
    }

    /** The files of {@code names} and all packages that they need, downloaded if they are not in the cache, in a fixed order. */
    List<Path> files(List<String> names) throws IOException {
        List<String> files = resolve(names);
        List<String> missing = new ArrayList<>();
        for (String file : files) {
            if (!Files.exists(cache.resolve(file))) {
                missing.add(file);
            }
        }
        if (!missing.isEmpty()) {
            Progress.step("downloading " + missing.size() + (missing.size() == 1 ? " package" : " packages"));
            download(missing);
        }
        return files.stream().sorted().map(cache::resolve).toList();
    }

    /** What {@link #ask} answers, kept until apt's lists or sources change. */
    private List<String> resolve(List<String> names) throws IOException {
        Fingerprint question = new Fingerprint();
        names.forEach(question::add);
        for (String place : List.of(
                "/var/lib/apt/lists",
                "/etc/apt",
                "/etc/apt/sources.list.d",
                "/etc/apt/sources.list",
                "/etc/apt/preferences.d")) {
            if (Files.exists(Path.of(place))) {
                question.addStamp(Path.of(place));
            }
        }
        Path answer = Files.createDirectories(cache.resolve("resolved")).resolve(question.name());
        if (Files.notExists(answer)) {
            Files.write(answer, ask(names));
        }
        return Files.readAllLines(answer);
    }

    /** The names of the files that apt would download to install {@code names} on an empty system. */
    private static List<String> ask(List<String> names) throws IOException {
        Path empty = Files.createTempDirectory("biscotti");
        try {
            return ask(names, empty);
        } catch (ToolFailure e) {
            Matcher unknown = UNKNOWN.matcher(e.getMessage());
            if (!unknown.find()) {
                throw e;
            }
            updateLists(unknown.group(1));
            return ask(names, empty);
        } finally {
            Directories.delete(empty);
        }
    }

    private static List<String> ask(List<String> names, Path empty) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "apt-get",
                "install",
                "--print-uris",
                "-y",
                "-q",
                "--no-install-recommends",
                "-o",
                "Dir::State::status=/dev/null",
                "-o",
                "Dir::Cache::archives=" + empty, // or it would leave out what the host's own cache has
                "-o",
                "APT::Architecture=amd64",
                "--"));
        command.addAll(names);
        List<String> files = filesIn(HostProgram.of(command).output());
        if (files.isEmpty()) {
            throw new ToolFailure("apt-get found nothing to download for " + String.join(" ", names));
        }
        return files;
    }

    /** The files that {@code apt-get --print-uris} names. */
    static List<String> filesIn(String output) {
        return output.lines()
                .map(URI::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .toList();
    }

    /** Fetches apt's package lists where there are none yet, as on a fresh machine; else {@code name} is really unknown. */
    private static void updateLists(String name) throws IOException {
        try (Stream<Path> lists = Files.list(Path.of("/var/lib/apt/lists"))) {
            if (lists.anyMatch(list ->
                    list.toString().endsWith("_Packages") || list.toString().contains("_Packages."))) {
                throw new ToolFailure(
                        "package " + name + ": apt knows none of that name (apt-get update fetches newer lists)");
            }
        }
        if (!System.getProperty("user.name").equals("root")) {
            throw new ToolFailure("apt has no package lists yet, type: sudo apt-get update");
        }
        Progress.step("fetching apt's package lists");
        HostProgram.of("apt-get", "update", "-q").output();
    }

    private void download(List<String> files) throws IOException {
        Path unfinished = Files.createTempDirectory(cache, "new");
        try {
            List<String> command = new ArrayList<>(List.of(
                    "apt-get", "download", "-q", "-o", "APT::Sandbox::User=", "-o", "APT::Architecture=amd64", "--"));
            for (String file : files) {
                String[] parts = file.split("_", 3); // NAME_VERSION_ARCHITECTURE.deb, the version with escapes
                command.add(
                        parts[0] + "=" + URLDecoder.decode(parts[1].replace("+", "%2b"), StandardCharsets.US_ASCII));
            }
            HostProgram.of(command).output(unfinished);
            try (Stream<Path> downloaded = Files.list(unfinished)) {
                for (Path file : downloaded.toList()) {
                    Files.move(file, cache.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } finally {
            Directories.delete(unfinished);
        }
        for (String file : files) {
            if (!Files.exists(cache.resolve(file))) {
                throw new ToolFailure("apt-get did not deliver " + file);
            }
        }
    }
}
