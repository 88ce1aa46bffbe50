package biscotti.tools.root;

import biscotti.tools.archive.Content;
import biscotti.tools.archive.FileTree;

/** What every Debian system has before its first package: the directories, their usr-merge links, and the users. */
final class Skeleton {
    private Skeleton() {}

    /** The directories and links that packages unpack into. */
    static void addDirectories(FileTree tree) {
        for (String directory : new String[] {
            "dev",
            "etc",
            "home",
            "mnt",
            "opt",
            "proc",
            "run",
            "srv",
            "sys",
            "usr",
            "usr/bin",
            "usr/sbin",
            "usr/lib",
            "usr/lib64",
            "usr/local",
            "usr/local/bin",
            "usr/share",
            "var",
            "var/cache",
            "var/lib",
            "var/log",
            "var/spool"
        }) {
            tree.directory(directory, 0755);
        }
        for (String merged : new String[] {"bin", "sbin", "lib", "lib64"}) {
            tree.link(merged, "usr/" + merged);
        }
        tree.directory("root", 0700);
        tree.directory("tmp", 01777);
        tree.directory("var/tmp", 01777);
        tree.link("var/run", "/run");
        tree.link("var/lock", "/run/lock");
        tree.directory("run/lock", 01777);
    }

    /** The files of /etc that programs expect, where no package brought them. */
    static void addFiles(FileTree tree) {
        addFile(tree, "etc/passwd", """
                root:x:0:0:root:/root:/bin/sh
                daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
                bin:x:2:2:bin:/bin:/usr/sbin/nologin
                sys:x:3:3:sys:/dev:/usr/sbin/nologin
                mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
                www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
                nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                """);
        addFile(tree, "etc/group", """
                root:x:0:
                daemon:x:1:
                bin:x:2:
                sys:x:3:
                adm:x:4:
                tty:x:5:
                disk:x:6:
                mail:x:8:
                www-data:x:33:
                shadow:x:42:
                utmp:x:43:
                staff:x:50:
                users:x:100:
                nogroup:x:65534:
                """);
        addFile(tree, "etc/hostname", "biscotti\n");
        addFile(tree, "etc/hosts", "127.0.0.1\tlocalhost biscotti\n::1\tlocalhost\n");
        addFile(tree, "etc/shells", "/bin/sh\n");
        addFile(tree, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        addFile(tree, "etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
        if (tree.nodeItself("etc/mtab").isEmpty()) {
            tree.link("etc/mtab", "../proc/self/mounts");
        }
    }

    private static void addFile(FileTree tree, String path, String text) {
        if (tree.nodeItself(path).isEmpty()) {
            tree.file(path, 0644, Content.of(text));
        }
    }
}
