/* Capabilities: the sets of a thread, what set*uid and execve make of them, securebits, and what they allow. */
#include "check.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <grp.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/xattr.h>

enum { USER = 1000, GROUP = 1001 };

static const char *program = "./report";

static int capset_raw(pid_t pid, uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, pid};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t) effective, (uint32_t) permitted, (uint32_t) inheritable},
        {effective >> 32, permitted >> 32, inheritable >> 32},
    };
    return syscall(SYS_capset, &header, data);
}

#define set(effective, permitted, inheritable) show(capset_raw(0, effective, permitted, inheritable))

#define BIT(capability) (1ull << (capability))
#define ALL ((1ull << 41) - 1)

/* Prints who this thread is, as it sees itself. */
static void tell(const char *when)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    syscall(SYS_capget, &header, data);
    uint64_t bounding = 0, ambient = 0;
    for (int i = 0; i <= CAP_LAST_CAP; i++) {
        bounding |= prctl(PR_CAPBSET_READ, i) == 1 ? BIT(i) : 0;
        ambient |= prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1 ? BIT(i) : 0;
    }
    uid_t user[3];
    gid_t group[3];
    getresuid(&user[0], &user[1], &user[2]);
    getresgid(&group[0], &group[1], &group[2]);
    print("%s: uid %d %d %d %d gid %d %d %d %d\n", when, user[0], user[1], user[2], setfsuid(-1), group[0], group[1], group[2],
          setfsgid(-1));
    print("    permitted %010llx effective %010llx inheritable %010llx", data[0].permitted | (unsigned long long) data[1].permitted << 32,
          data[0].effective | (unsigned long long) data[1].effective << 32,
          data[0].inheritable | (unsigned long long) data[1].inheritable << 32);
    print(" bounding %010lx ambient %010lx\n", bounding, ambient);
    print("    securebits %x dumpable %d no_new_privs %d\n", prctl(PR_GET_SECUREBITS), prctl(PR_GET_DUMPABLE),
          prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static void tell_status(void)
{
    char text[4096];
    int status = open("/proc/self/status", O_RDONLY);
    int length = read(status, text, sizeof text - 1);
    text[length] = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n"))
        if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNew", 5) == 0)
            print("    %s\n", line);
    close(status);
}

/* Runs the program in this process's place; what it becomes is told by it. */
static void run(void)
{
    char *arguments[] = {"report", "report", 0};
    char *environment[] = {0};
    execve(program, arguments, environment);
    print("execve: %s\n", strerrorname_np(errno));
}

static void become_user(void)
{
    need(setresgid(GROUP, GROUP, GROUP) == 0);
    need(setresuid(USER, USER, USER) == 0);
}

static void errors(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0}};
    show(syscall(SYS_capget, wild, data));
    show(syscall(SYS_capget, &header, wild));
    show(syscall(SYS_capget, &header, 0));
    show(syscall(SYS_capget, wild, 0));
    header.pid = -1;
    show(syscall(SYS_capget, &header, data));
    show(syscall(SYS_capget, &header, 0));
    header.pid = 4194304;
    show(syscall(SYS_capget, &header, data));
    header.version = 0;
    show(syscall(SYS_capget, &header, data));
    print("version %x\n", header.version);
    header.version = 7;
    show(syscall(SYS_capget, &header, 0));
    print("version %x\n", header.version);
    header.pid = 0;
    header.version = 7;
    show(syscall(SYS_capset, &header, data));
    print("version %x\n", header.version);
    show(syscall(SYS_capset, wild, data));
    show(syscall(SYS_capset, &header, wild));
    header.pid = getppid();
    show(syscall(SYS_capset, &header, data));
    header.pid = -1;
    show(syscall(SYS_capset, &header, data));
    header.pid = 1;
    header.version = _LINUX_CAPABILITY_VERSION_1;
    memset(data, 0xee, sizeof data);
    show(syscall(SYS_capget, &header, data));
    print("version 1: %x %x %x %x\n", data[0].permitted, data[0].effective, data[0].inheritable, data[1].permitted);
    show(capset_raw(getpid(), ALL, ALL, 0));
    show(prctl(PR_CAPBSET_READ, 41));
    show(prctl(PR_CAPBSET_READ, -1));
    show(prctl(PR_CAPBSET_DROP, 41));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 41, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 1, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 0, 1));
    show(prctl(PR_CAP_AMBIENT, 0, 1, 0, 0));
    show(prctl(PR_CAP_AMBIENT, 9, 1, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_KILL, 0, 0));
    show(prctl(PR_SET_KEEPCAPS, 2));
    show(prctl(PR_SET_SECUREBITS, 0x100));
}

static void sets(void)
{
    tell("root");
    set(BIT(CAP_KILL), BIT(CAP_KILL) | BIT(CAP_SETPCAP), BIT(CAP_CHOWN));
    tell("fewer");
    set(BIT(CAP_CHOWN), BIT(CAP_KILL) | BIT(CAP_SETPCAP), 0);
    set(0, BIT(CAP_CHOWN), 0);
    set(0, BIT(CAP_KILL), BIT(CAP_CHOWN) | BIT(CAP_KILL));
    set(0, BIT(CAP_KILL), BIT(CAP_CHOWN) | BIT(CAP_KILL) | BIT(CAP_FOWNER));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0));
    tell("ambient");
    tell_status();
    show(prctl(PR_CAPBSET_DROP, CAP_KILL));
    set(0, BIT(CAP_KILL), BIT(CAP_CHOWN));
    tell("no longer inheritable");
}

static void bounding(void)
{
    show(prctl(PR_CAPBSET_DROP, CAP_NET_RAW));
    show(prctl(PR_CAPBSET_READ, CAP_NET_RAW));
    set(ALL, ALL, BIT(CAP_NET_RAW));
    set(ALL, ALL, BIT(CAP_SYS_ADMIN));
    run();
}

static void change_users(void)
{
    show(seteuid(USER));
    tell("seteuid");
    show(seteuid(0));
    tell("back");
    show(setfsuid(USER));
    tell("setfsuid");
    show(setfsuid(0));
    tell("setfsuid 0");
    show(setresuid(USER, USER, 0));
    tell("root is saved");
    show(setresuid(USER, 0, USER));
    tell("root is effective");
    show(setresuid(USER, USER, USER));
    tell("root is gone");
    show(setresuid(-1, 0, -1));
    show(setuid(0));
    show(setfsuid(0));
    show(setfsuid(-1));
    show(setgid(5));
    show(setgroups(0, 0));
}

static void keep(void)
{
    show(prctl(PR_SET_KEEPCAPS, 1));
    set(ALL, ALL, BIT(CAP_KILL) | BIT(CAP_CHOWN));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    show(setresuid(USER, USER, USER));
    tell("kept");
    set(ALL, ALL, BIT(CAP_KILL) | BIT(CAP_CHOWN));
    tell("effective again");
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    run();
}

static void no_fixup(void)
{
    show(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
    show(setresuid(USER, USER, USER));
    tell("no fix-up");
    show(setfsuid(0));
    show(setfsuid(USER));
    tell("nor for files");
    run();
}

static void no_root(void)
{
    show(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT));
    run();
}

static void locks(void)
{
    show(prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED));
    show(prctl(PR_SET_KEEPCAPS, 1));
    show(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED));
    show(prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED));
    show(prctl(PR_GET_SECUREBITS));
    set(ALL, ALL, BIT(CAP_KILL));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    set(ALL & ~BIT(CAP_SETPCAP), ALL, 0);
    show(prctl(PR_SET_SECUREBITS, prctl(PR_GET_SECUREBITS)));
    show(prctl(PR_CAPBSET_DROP, CAP_KILL));
    set(ALL, ALL, 0);
    run();
}

static void plain_user(void)
{
    become_user();
    tell("user");
    run();
}

static void confined_user(void)
{
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    plain_user();
}

static void root_in_part(void)
{
    show(setresuid(USER, 0, 0));
    run();
}

static void root_at_heart(void)
{
    show(setresuid(0, USER, USER));
    run();
}

static void confined_in_part(void)
{
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show(setresuid(0, USER, USER));
    run();
}

static void file_capabilities(uint32_t magic, uint64_t permitted, uint64_t inheritable)
{
    struct vfs_cap_data data = {magic, {{(uint32_t) permitted, (uint32_t) inheritable}, {permitted >> 32, inheritable >> 32}}};
    show(setxattr(program, "security.capability", &data, sizeof data, 0));
}

static void inheriting_user(void)
{
    need(prctl(PR_SET_KEEPCAPS, 1) == 0);
    become_user();
    set(BIT(CAP_FOWNER) | BIT(CAP_KILL), BIT(CAP_FOWNER) | BIT(CAP_KILL), BIT(CAP_FOWNER) | BIT(CAP_KILL));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    run();
}

static void bounded_user(void)
{
    show(prctl(PR_CAPBSET_DROP, CAP_CHOWN));
    become_user();
    run();
}

static void programs(void)
{
    print("-- a set-user-ID program\n");
    need(chmod(program, 04755) == 0);
    in_child("plain", plain_user);
    in_child("confined", confined_user);
    print("-- a set-group-ID program\n");
    need(chown(program, 0, 5) == 0 && chmod(program, 02755) == 0);
    in_child("plain", plain_user);
    need(chmod(program, 02745) == 0);
    in_child("without execution", plain_user);
    print("-- another user's\n");
    need(chown(program, 7, 7) == 0 && chmod(program, 04755) == 0);
    in_child("root", run);
    in_child("keeping", keep);
    print("-- that cannot be read\n");
    need(chown(program, 0, 0) == 0 && chmod(program, 0711) == 0);
    in_child("plain", plain_user);
    need(chmod(program, 0755) == 0);
    print("-- with capabilities\n");
    file_capabilities(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, BIT(CAP_CHOWN) | BIT(CAP_WAKE_ALARM), BIT(CAP_FOWNER));
    in_child("plain", plain_user);
    in_child("confined", confined_user);
    in_child("inheriting", inheriting_user);
    in_child("bounded", bounded_user);
    in_child("root", run);
    need(chmod(program, 04755) == 0);
    in_child("set-user-ID, too", plain_user);
    need(chmod(program, 0755) == 0);
    file_capabilities(VFS_CAP_REVISION_2, BIT(CAP_CHOWN), 0);
    in_child("not effective", plain_user);
    in_child("not effective, bounded", bounded_user);
    file_capabilities(VFS_CAP_REVISION_2, 0, 0);
    in_child("none at all", inheriting_user);
    print("-- that loses them\n");
    need(chmod(program, 06755) == 0);
    struct stat status;
    int file = open(program, O_WRONLY | O_APPEND);
    show(write(file, "x", 1));
    show(getxattr(program, "security.capability", 0, 0));
    need(stat(program, &status) == 0);
    print("mode %o\n", status.st_mode);
    file_capabilities(VFS_CAP_REVISION_2, BIT(CAP_CHOWN), 0);
    show(fchown(file, 0, 0));
    show(getxattr(program, "security.capability", 0, 0));
    need(stat(program, &status) == 0);
    print("mode %o\n", status.st_mode);
    need(chmod(program, 06777) == 0);
    need(seteuid(USER) == 0);
    show(write(open(program, O_WRONLY | O_APPEND), "x", 1));
    need(stat(program, &status) == 0);
    print("mode %o\n", status.st_mode);
    need(seteuid(0) == 0);
    need(chmod(program, 06777) == 0);
    need(seteuid(USER) == 0);
    show(truncate(program, status.st_size - 1));
    need(stat(program, &status) == 0);
    print("mode %o\n", status.st_mode);
    need(seteuid(0) == 0);
}

static void *in_thread(void *unused)
{
    show(syscall(SYS_setresuid, USER, USER, USER));
    tell("thread");
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    return unused;
}

static void threads(void)
{
    pthread_t thread;
    pthread_create(&thread, 0, in_thread, 0);
    pthread_join(thread, 0);
    tell("first thread");
}

/* Becomes a user with one capability, which is to be enough. */
static void as_user_with(int capability)
{
    need(prctl(PR_SET_KEEPCAPS, 1) == 0);
    become_user();
    need(capset_raw(0, BIT(capability), BIT(capability), 0) == 0);
}

static void uses_chown(void)
{
    as_user_with(CAP_CHOWN);
    show(chown("file", 1, 2));
    show(chmod("file", 0600));
    show(open("file", O_RDONLY));
}

static void uses_override(void)
{
    as_user_with(CAP_DAC_OVERRIDE);
    show_success(open("file", O_RDWR));
    show(access("file", R_OK | W_OK));
    show(access("file", X_OK));
    show(faccessat(AT_FDCWD, "file", R_OK | W_OK, AT_EACCESS));
    show(chown("file", 1, 2));
}

static void uses_search(void)
{
    as_user_with(CAP_DAC_READ_SEARCH);
    show_success(open("file", O_RDONLY));
    show(open("file", O_RDWR));
}

static void uses_owner(void)
{
    as_user_with(CAP_FOWNER);
    show(chmod("file", 02600));
    struct stat status;
    need(stat("file", &status) == 0);
    print("mode %o\n", status.st_mode);
    show(chown("file", 1, 2));
}

static void uses_kill(void)
{
    show(kill(1, 0));
    as_user_with(CAP_KILL);
    show(kill(1, 0));
    show(capset_raw(0, 0, 0, 0));
    show(kill(1, 0));
}

static void uses_ids(void)
{
    as_user_with(CAP_SETUID);
    show(setgid(3));
    show(setuid(3));
    tell("another user");
}

static void uses_group(void)
{
    as_user_with(CAP_SETGID);
    show(setuid(3));
    show(setgroups(0, 0));
    show(setgid(3));
    tell("another group");
}

static void uses_chroot(void)
{
    show(chroot("."));
    as_user_with(CAP_KILL);
    show(chroot("."));
}

static void lacks(void)
{
    as_user_with(CAP_KILL);
    show(mknod("device", S_IFCHR | 0600, 0x103));
    show(sethostname("x", 1));
    show(mount("none", ".", "tmpfs", 0, 0));
}

static void allowed(void)
{
    int file = open("file", O_CREAT | O_RDWR, 0600);
    close(file);
    in_child("CAP_CHOWN", uses_chown);
    need(chown("file", 0, 0) == 0);
    in_child("CAP_DAC_OVERRIDE", uses_override);
    in_child("CAP_DAC_READ_SEARCH", uses_search);
    in_child("CAP_FOWNER", uses_owner);
    in_child("CAP_KILL", uses_kill);
    in_child("CAP_SETUID", uses_ids);
    in_child("CAP_SETGID", uses_group);
    in_child("CAP_SYS_CHROOT", uses_chroot);
    in_child("others", lacks);
}

static void copy_program(void)
{
    char bytes[65536];
    int from = open("/proc/self/exe", O_RDONLY), to = open(program, O_WRONLY | O_CREAT, 0755);
    for (ssize_t got; (got = read(from, bytes, sizeof bytes)) > 0;)
        need(write(to, bytes, got) == got);
    close(from);
    close(to);
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "report") == 0) {
        tell("program");
        print("    secure %ld\n", getauxval(AT_SECURE));
        return 0;
    }
    work_in_scratch_directory();
    chmod(".", 0755);
    copy_program();
    print("-- errors\n");
    in_child("errors", errors);
    print("-- capset\n");
    in_child("sets", sets);
    print("-- the bounding set\n");
    in_child("bounding", bounding);
    print("-- changes of user ids\n");
    in_child("ids", change_users);
    in_child("keep", keep);
    in_child("no fix-up", no_fixup);
    in_child("no root", no_root);
    in_child("locks", locks);
    print("-- execve\n");
    in_child("user", plain_user);
    in_child("confined", confined_user);
    in_child("inheriting", inheriting_user);
    in_child("effective root", root_in_part);
    in_child("real root", root_at_heart);
    in_child("confined, real root", confined_in_part);
    programs();
    print("-- threads\n");
    in_child("threads", threads);
    print("-- what they allow\n");
    in_child("allowed", allowed);
    return 0;
}
