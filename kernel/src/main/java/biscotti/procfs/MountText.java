package biscotti.procfs;

import biscotti.file.Caller;
import biscotti.file.DeviceNumber;
import biscotti.file.FileContext;
import biscotti.file.Mount;
import java.util.List;

/** /proc/PID/mounts and mountinfo: the mounts below the reader's root (proc(5), fstab(5)). */
final class MountText {
    private MountText() {}

    static int writeMounts(Caller reader, StringBuilder out) {
        FileContext context = reader.fileContext();
        for (Mount mount : context.mounts().all()) {
            String path = mount.rootPlace().path(context.root());
            if (path.startsWith("/")) {
                out.append(escaped(mount.source()))
                        .append(' ')
                        .append(escaped(path))
                        .append(' ');
                out.append(mount.root().fileSystem().type()).append(' ').append(options(mount));
                out.append(mount.root().fileSystem().options()).append(" 0 0\n");
            }
        }
        return 0;
    }

    static int writeMountInformation(Caller reader, StringBuilder out) {
        FileContext context = reader.fileContext();
        List<Mount> mounts = context.mounts().all();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            String path = mount.rootPlace().path(context.root());
            if (path.startsWith("/")) {
                int device = mount.root().fileSystem().device();
                out.append(i + 1)
                        .append(' ')
                        .append(mounts.indexOf(mount.point().mount()) + 1)
                        .append(' ');
                out.append(DeviceNumber.major(device)).append(':').append(DeviceNumber.minor(device));
                out.append(" / ")
                        .append(escaped(path))
                        .append(' ')
                        .append(options(mount))
                        .append(" - ");
                out.append(mount.root().fileSystem().type()).append(' ').append(escaped(mount.source()));
                out.append(" rw").append(mount.root().fileSystem().options()).append('\n');
            }
        }
        return 0;
    }

    private static String options(Mount mount) {
        return (mount.has(Mount.READ_ONLY) ? "ro" : "rw")
                + (mount.has(Mount.NO_SET_ID) ? ",nosuid" : "")
                + (mount.has(Mount.NO_DEVICES) ? ",nodev" : "")
                + (mount.has(Mount.NO_EXECUTE) ? ",noexec" : "")
                + (mount.has(Mount.NO_ACCESS_TIME) ? ",noatime" : ",relatime");
    }

    /** Blanks, tabs, new lines and backslashes as octal numbers: getmntent(3). */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char each : text.isEmpty() ? new char[] {'n', 'o', 'n', 'e'} : text.toCharArray()) {
            switch (each) {
                case ' ' -> out.append("\\040");
                case '\t' -> out.append("\\011");
                case '\n' -> out.append("\\012");
                case '\\' -> out.append("\\134");
                default -> out.append(each);
            }
        }
        return out.toString();
    }
}
