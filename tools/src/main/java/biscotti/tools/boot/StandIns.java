package biscotti.tools.boot;

import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;

/**
 * The few files of /proc and /sys that glibc and HotSpot read to learn the size of the machine (sysconf(3), os_linux.cpp).
 *
 * @param cpus the number of CPUs
 * @param jvmMegabytes the memory that the JVM has
 */
public record StandIns(int cpus, int jvmMegabytes) {
    void addTo(FileTree files) {
        String range = cpus == 1 ? "0\n" : "0-" + (cpus - 1) + "\n";
        add(files, "sys/devices/system/cpu/possible", range);
        add(files, "sys/devices/system/cpu/online", range);
        add(files, "proc/sys/vm/max_map_count", "65530\n");
        add(files, "proc/sys/vm/mmap_min_addr", "65536\n");
        StringBuilder stat = new StringBuilder("cpu  0 0 0 0 0 0 0 0 0 0\n");
        for (int cpu = 0; cpu < cpus; cpu++) {
            stat.append("cpu").append(cpu).append(" 0 0 0 0 0 0 0 0 0 0\n");
        }
        add(files, "proc/stat", stat.toString());
        long kilobytes = jvmMegabytes * 1024L;
        add(
                files,
                "proc/meminfo",
                "MemTotal: " + kilobytes + " kB\nMemFree: " + kilobytes + " kB\nMemAvailable: " + kilobytes + " kB\n");
    }

    private static void add(FileTree files, String path, String text) {
        files.file(path, 0444, Content.of(text));
    }
}
