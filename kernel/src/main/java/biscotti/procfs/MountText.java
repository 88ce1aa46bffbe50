package biscotti.procfs;

import biscotti.abi.DeviceNumber;
import biscotti.abi.MountFlags;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.Mount;
import biscotti.file.MountTable;

/** /proc/PID/mounts and mountinfo: the mounts below the reader's root (proc(5), fstab(5)). */
final class MountText {
    private MountText() {}

    /** A line of {@code mounts} for the first mount whose number is not below {@code from}. */
    static long writeMounts(Caller reader, long from, TextWindow out) {
        return write(reader, from, out, MountText::line);
    }

    /** A line of {@code mountinfo} for the first mount whose number is not below {@code from}. */
    static long writeMountInformation(Caller reader, long from, TextWindow out) {
        return write(reader, from, out, MountText::informationLine);
    }

    /** /proc/PID/mountstats; no file system here counts what it does. */
    static long writeMountStatistics(Caller reader, long from, TextWindow out) {
        return write(reader, from, out, MountText::statisticsLine);
    }

    private static void statisticsLine(TextWindow out, Mount mount, String path) {
        escaped(out.append("device "), mount.source());
        escaped(out.append(" mounted on "), path);
        out.append(" with fstype ").append(mount.fileSystem().type()).append('\n');
    }

    private interface Line {
        void write(TextWindow out, Mount mount, String path);
    }

    private static long write(Caller reader, long from, TextWindow out, Line line) {
        MountTable mounts = reader.fileContext().mounts();
        int id = mounts.next((int) from);
        if (id < 0) {
            return Text.END;
        }
        Mount mount = mounts.get(id);
        String path = mount.rootPlace().path(reader.fileContext().root());
        if (path.startsWith("/")) {
            line.write(out, mount, path);
        }
        return id + 1L;
    }

    private static void line(TextWindow out, Mount mount, String path) {
        FileSystem fileSystem = mount.fileSystem();
        escaped(out, mount.source());
        escaped(out.append(' '), path);
        out.append(' ').append(fileSystem.type()).append(mount.isReadOnly() ? " ro" : " rw");
        systemFlags(out, fileSystem);
        flags(out, mount);
        out.append(fileSystem.options()).append(" 0 0\n");
    }

    private static void informationLine(TextWindow out, Mount mount, String path) {
        FileSystem fileSystem = mount.fileSystem();
        int device = fileSystem.device();
        out.append(mount.id()).append(' ').append(mount.point().mount().id()).append(' ');
        out.append(DeviceNumber.major(device)).append(':').append(DeviceNumber.minor(device));
        escaped(out.append(' '), mount.rootPlace().pathInFileSystem());
        escaped(out.append(' '), path);
        out.append(mount.has(Mount.READ_ONLY) ? " ro" : " rw");
        flags(out, mount);
        out.append(mount.group() == 0 ? "" : " shared:" + mount.group());
        out.append(mount.masterGroup() == 0 ? "" : " master:" + mount.masterGroup());
        out.append(mount.isUnbindable() ? " unbindable" : "");
        escaped(out.append(" - ").append(fileSystem.type()).append(' '), mount.source());
        out.append((fileSystem.flags() & MountFlags.MS_RDONLY) != 0 ? " ro" : " rw");
        systemFlags(out, fileSystem);
        out.append(fileSystem.options()).append('\n');
    }

    private static void systemFlags(TextWindow out, FileSystem fileSystem) {
        int flags = fileSystem.flags();
        out.append((flags & MountFlags.MS_SYNCHRONOUS) != 0 ? ",sync" : "");
        out.append((flags & MountFlags.MS_DIRSYNC) != 0 ? ",dirsync" : "");
        out.append((flags & MountFlags.MS_MANDLOCK) != 0 ? ",mand" : "");
        out.append((flags & MountFlags.MS_LAZYTIME) != 0 ? ",lazytime" : "");
    }

    private static void flags(TextWindow out, Mount mount) {
        out.append(mount.has(Mount.NO_SET_ID) ? ",nosuid" : "");
        out.append(mount.has(Mount.NO_DEVICES) ? ",nodev" : "");
        out.append(mount.has(Mount.NO_EXECUTE) ? ",noexec" : "");
        out.append(mount.has(Mount.NO_ACCESS_TIME) ? ",noatime" : "");
        out.append(mount.has(Mount.NO_DIRECTORY_ACCESS_TIME) ? ",nodiratime" : "");
        out.append(mount.has(Mount.RELATIVE_ACCESS_TIME) ? ",relatime" : "");
        out.append(mount.has(Mount.NO_LINKS) ? ",nosymfollow" : "");
    }

    /** Appends a text with blanks, tabs, new lines and backslashes as octal numbers: getmntent(3). */
    private static void escaped(TextWindow out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case ' ', '\t', '\n', '\\' -> out.append('\\').octal(each, 3);
                default -> out.append(each);
            }
        }
    }
}
