/* acct(2): a record for each process that ends. */
#include "check.h"
#include <sys/acct.h>
#include <sys/mount.h>
#include <time.h>

static int file;

static void drop(void)
{
    need(setresuid(1000, 1000, 1000) == 0);
    show(acct("file"));
    show(acct(0));
    show(acct("missing"));
}

static void quits(void)
{
    need(setgid(7) == 0 && setuid(1234) == 0);
    _exit(42);
}

static void dies(void)
{
    kill(getpid(), SIGTERM);
}

static void executes(void)
{
    execl("/proc/self/exe", "acct", "again", NULL);
}

static void record(void)
{
    static int seen;
    struct acct_v3 one;
    ssize_t length = pread(file, &one, sizeof one, seen++ * sizeof one);
    if (length != sizeof one) {
        print("record of %zd\n", length);
        return;
    }
    /* Who used a privilege (ASU) is not looked at. */
    print("%s: flags %x version %d exit %x uid %d gid %d\n", one.ac_comm, one.ac_flag & ~ASU, one.ac_version, one.ac_exitcode, one.ac_uid,
          one.ac_gid);
    holds(one.ac_ppid == (unsigned) getpid());
    holds(one.ac_pid > one.ac_ppid);
    holds(time(0) - one.ac_btime < 1000);
    holds(one.ac_etime >= 0 && one.ac_etime < 100000);
    holds(one.ac_mem > 0);
    holds(one.ac_minflt > 0);
    print("io %d rw %d swaps %d\n", one.ac_io, one.ac_rw, one.ac_swaps);
}

int main(int count, char **arguments)
{
    if (count > 1 && arguments[1])
        return 3;
    work_in_scratch_directory();
    /* A file system of its own: where little is free, nothing is accounted. */
    need(mkdir("own", 0777) == 0 && mount("none", "own", "tmpfs", 0, "size=4m") == 0 && chdir("own") == 0);
    chmod(".", 0777);
    file = open("file", O_CREAT | O_RDWR | O_APPEND, 0600);
    need(file >= 0);
    need(mkdir("directory", 0700) == 0 && symlink("loop", "loop") == 0);
    print("-- errors\n");
    show(acct("directory"));
    show(acct("/dev/null"));
    show(acct("missing"));
    show(acct("file/missing"));
    show(acct("loop"));
    show(acct(wild));
    show(acct(""));
    char name[300];
    memset(name, 'a', 299);
    name[299] = 0;
    show(acct(name));
    show(acct(0));
    in_child("user", drop);
    print("-- records\n");
    show(acct("file"));
    in_child("quits", quits);
    in_child("dies", dies);
    in_child("executes", executes);
    show(acct(0));
    in_child("not accounted", quits);
    struct stat status;
    fstat(file, &status);
    print("%ld bytes\n", (long) status.st_size);
    for (int i = 0; i < 3; i++)
        record();
    close(file);
    return chdir("..") == 0 && umount("own") == 0 ? 0 : 1;
}
