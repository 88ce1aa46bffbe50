/* The calls, how often each is made among the others, and the kinds of their arguments, one letter each. */
#ifndef RANDOMCALLS_CALLS_H
#define RANDOMCALLS_CALLS_H

#include "ipc.h"
#include "values.h"

struct call {
    const char *name;
    long number;
    int weight;
    const char *arguments;
};

/* Calls that need more than arguments have numbers of their own. */
enum { TOUCH = -1, FORK = -2, VFORK = -3, CLONE = -4, CLONE3 = -5, UNKNOWN = -6, EXEC = -7, RETURN = -8 };

#define CALL(name, weight, arguments) {#name, SYS_##name, weight, arguments}

static const struct call calls[] = {
    /* Files and descriptors. */
    CALL(read, 40, "fbn"), CALL(write, 40, "fbn"), CALL(open, 20, "pom"), CALL(openat, 20, "dpom"), CALL(creat, 5, "wm"),
    CALL(close, 12, "x"), CALL(close_range, 1, "xx0"), CALL(lseek, 10, "fzh"), CALL(pread64, 10, "fbnz"), CALL(pwrite64, 10, "fbnz"),
    CALL(readv, 10, "fvV"), CALL(writev, 10, "fvV"), CALL(preadv, 5, "fvVz0"), CALL(pwritev, 5, "fvVz0"), CALL(preadv2, 5, "fvVz00"),
    CALL(pwritev2, 5, "fvVz00"), CALL(sendfile, 8, "ffsn"), CALL(copy_file_range, 8, "fsfsn0"), CALL(ioctl, 20, "fqs"),
    CALL(fcntl, 20, "fch"), CALL(dup, 8, "f"), CALL(dup2, 8, "fx"), CALL(dup3, 8, "fx5"), CALL(pipe, 6, "s"), CALL(pipe2, 6, "s5"),
    CALL(fsync, 3, "f"), CALL(fdatasync, 3, "f"), CALL(sync, 1, ""), CALL(syncfs, 1, "f"), CALL(sync_file_range, 2, "fzzh"),
    CALL(ftruncate, 10, "fZ"), CALL(truncate, 8, "wZ"), CALL(fallocate, 8, "fhZZ"), CALL(fadvise64, 3, "fzzh"), CALL(readahead, 3, "fzn"),
    /* Sockets. */
    CALL(socket, 10, "HE0"), CALL(socketpair, 12, "HE0s"), CALL(bind, 12, "fLQ"), CALL(listen, 8, "fh"), CALL(accept, 8, "fss"),
    CALL(accept4, 8, "f005"), CALL(connect, 20, "fLQ"), CALL(shutdown, 4, "fh"), CALL(getsockname, 4, "fss"), CALL(getpeername, 4, "fss"),
    CALL(sendto, 20, "fbneLQ"), CALL(recvfrom, 20, "fbness"), CALL(sendmsg, 30, "fIe"), CALL(recvmsg, 30, "fIe"), CALL(sendmmsg, 8, "f1Ne"),
    CALL(recvmmsg, 8, "f1Net"), CALL(setsockopt, 12, "f23s4"), CALL(getsockopt, 12, "f23ss"),
    /* Names and attributes. */
    CALL(stat, 10, "ps"), CALL(lstat, 8, "ps"), CALL(fstat, 8, "fs"), CALL(newfstatat, 8, "dpsh"), CALL(statx, 8, "dphis"),
    CALL(access, 6, "ph"), CALL(faccessat, 4, "dph"), CALL(faccessat2, 4, "dphi"), CALL(getcwd, 5, "bn"), CALL(chdir, 4, "p"),
    CALL(fchdir, 3, "f"), CALL(chroot, 1, "p"), CALL(rename, 10, "ww"), CALL(renameat, 6, "dwdw"), CALL(renameat2, 6, "dwdwh"),
    CALL(mkdir, 12, "wm"), CALL(mkdirat, 6, "dwm"), CALL(rmdir, 8, "w"), CALL(link, 8, "ww"), CALL(linkat, 6, "dwdwi"),
    CALL(unlink, 8, "w"), CALL(unlinkat, 6, "dwi"), CALL(symlink, 8, "pw"), CALL(symlinkat, 5, "pdw"), CALL(readlink, 8, "pbn"),
    CALL(readlinkat, 5, "dpbn"), CALL(chmod, 6, "wm"), CALL(fchmod, 5, "fm"), CALL(fchmodat, 4, "dwm"), {"fchmodat2", 452, 4, "dwmi"},
    CALL(chown, 6, "wuu"), CALL(lchown, 4, "wuu"), CALL(fchown, 4, "fuu"), CALL(fchownat, 4, "dwuui"), CALL(umask, 3, "m"),
    CALL(mknod, 6, "wmi"), CALL(mknodat, 5, "dwmi"), CALL(utime, 4, "ws"), CALL(utimes, 4, "wt"), CALL(futimesat, 4, "dwt"),
    CALL(utimensat, 5, "dwti"), CALL(statfs, 4, "ps"), CALL(fstatfs, 4, "fs"), CALL(getdents64, 10, "fbn"),
    CALL(openat2, 6, "dp78"), CALL(memfd_create, 4, "pU"), CALL(flock, 6, "fh"), CALL(setxattr, 3, "w9bnU"), CALL(lsetxattr, 3, "w9bnU"),
    CALL(fsetxattr, 3, "f9bnU"), CALL(getxattr, 2, "p9bn"), CALL(lgetxattr, 2, "p9bn"), CALL(fgetxattr, 2, "f9bn"), CALL(listxattr, 2, "pbn"),
    CALL(llistxattr, 2, "pbn"), CALL(flistxattr, 2, "fbn"), CALL(removexattr, 2, "w9"), CALL(lremovexattr, 2, "w9"), CALL(fremovexattr, 2, "f9"),
    CALL(mount, 2, "pwyis"), CALL(umount2, 2, "wh"), CALL(vhangup, 1, ""),
    /* Waiting for descriptors. */
    CALL(poll, 8, "DNT"), CALL(ppoll, 8, "DNtkK"), CALL(select, 8, "#sssC"), CALL(pselect6, 8, "#sssts"),
    CALL(epoll_create, 2, "i"), CALL(epoll_create1, 6, "5"), CALL(epoll_ctl, 25, "fBfs"), CALL(epoll_wait, 8, "fsNT"),
    CALL(epoll_pwait, 6, "fsNTkK"), CALL(epoll_pwait2, 6, "fsNtkK"), CALL(eventfd, 3, "i"), CALL(eventfd2, 6, "i5"),
    CALL(timerfd_create, 6, "U5"), CALL(timerfd_settime, 8, "fU6s"), CALL(timerfd_gettime, 4, "fs"),
    CALL(signalfd, 4, "fkK"), CALL(signalfd4, 4, "fkK5"), CALL(pidfd_open, 4, "P0"), CALL(pidfd_send_signal, 4, "fGsi"), CALL(pidfd_getfd, 4, "ff0"),
    /* Memory. */
    CALL(mmap, 30, "alrMfz"), CALL(mprotect, 15, "alr"), CALL(munmap, 12, "al"), CALL(mremap, 8, "allha"), CALL(msync, 4, "alh"),
    CALL(mincore, 4, "als"), CALL(madvise, 10, "alA"), CALL(brk, 5, "a"), CALL(mlock, 3, "al"), CALL(mlock2, 3, "alh"),
    CALL(munlock, 3, "al"), CALL(mlockall, 1, "h"), CALL(munlockall, 1, ""), CALL(membarrier, 2, "hi0"),
    CALL(process_madvise, 2, "fvVA0"), CALL(process_vm_readv, 4, "PvVvV0"), CALL(process_vm_writev, 4, "PvVvV0"),
    CALL(remap_file_pages, 2, "al0zh"), CALL(pkey_alloc, 1, "hh"), CALL(pkey_free, 1, "h"), CALL(pkey_mprotect, 2, "alrh"),
    {"touch", TOUCH, 10, ""},
    /* System V IPC. */
    CALL(shmget, 4, "^~_"), CALL(shmat, 6, "(ah"), CALL(shmdt, 4, "a"), CALL(shmctl, 6, "({s"), CALL(semget, 4, "^N_"), CALL(semop, 10, "[]N"),
    CALL(semtimedop, 6, "[]Nt"), CALL(semctl, 8, "[h{s"), CALL(msgget, 4, "^_"), CALL(msgsnd, 10, ")sn|"), CALL(msgrcv, 10, ")bnU|"),
    CALL(msgctl, 6, "){s"),
    /* Signals. */
    CALL(rt_sigaction, 15, "gSSK"), CALL(rt_sigprocmask, 15, "hkkK"), CALL(rt_sigpending, 4, "sK"), CALL(rt_sigtimedwait, 6, "kstK"),
    CALL(rt_sigqueueinfo, 5, "PGs"), CALL(rt_tgsigqueueinfo, 5, "PPGs"), CALL(rt_sigsuspend, 2, "kK"), CALL(sigaltstack, 4, "ss"),
    CALL(kill, 5, "PG"), CALL(tkill, 6, "PG"), CALL(tgkill, 6, "PPG"), CALL(pause, 1, ""), {"rt_sigreturn", RETURN, 1, ""},
    CALL(alarm, 1, "i"), CALL(getitimer, 3, "hs"), CALL(setitimer, 3, "h6s"),
    CALL(timer_create, 4, "Usk"), CALL(timer_settime, 5, "ih6s"), CALL(timer_gettime, 3, "is"), CALL(timer_getoverrun, 2, "i"), CALL(timer_delete, 2, "i"),
    /* Processes and threads. */
    {"fork", FORK, 3, ""}, {"vfork", VFORK, 2, ""}, {"clone", CLONE, 5, ""}, {"clone3", CLONE3, 4, ""}, {"execve", EXEC, 1, ""},
    CALL(execveat, 1, "dpWWh"), CALL(exit, 1, "i"), CALL(wait4, 8, "Pshs"), CALL(waitid, 6, "hPshs"), CALL(getpid, 5, ""),
    CALL(getppid, 2, ""), CALL(gettid, 2, ""), CALL(setpgid, 3, "PP"), CALL(getpgid, 3, "P"), CALL(getpgrp, 2, ""), CALL(setsid, 1, ""),
    CALL(getsid, 3, "P"), CALL(futex, 40, "FOUtFU"), CALL(set_tid_address, 2, "F"), CALL(set_robust_list, 2, "sJ"),
    CALL(get_robust_list, 2, "Pss"), CALL(prctl, 8, "Yhhhh"), CALL(arch_prctl, 1, "Xs"), CALL(personality, 2, "h"),
    CALL(getrlimit, 3, "Rs"), CALL(setrlimit, 1, "Rs"), CALL(prlimit64, 2, "PRss"), CALL(getrusage, 4, "hs"), CALL(times, 2, "s"),
    /* Scheduling and time. */
    CALL(sched_yield, 5, ""), CALL(sched_setparam, 2, "Ps"), CALL(sched_getparam, 2, "Ps"), CALL(sched_setscheduler, 2, "Phs"),
    CALL(sched_getscheduler, 2, "P"), CALL(sched_get_priority_max, 2, "h"), CALL(sched_get_priority_min, 2, "h"),
    CALL(sched_rr_get_interval, 2, "Ps"), CALL(sched_setaffinity, 3, "Pns"), CALL(sched_getaffinity, 3, "Pns"),
    CALL(sched_setattr, 2, "Psh"), CALL(sched_getattr, 2, "Psnh"), CALL(getcpu, 2, "ss0"), CALL(getpriority, 2, "hP"),
    CALL(setpriority, 2, "hPh"), CALL(nanosleep, 4, "ts"), CALL(clock_nanosleep, 4, "hhts"), CALL(gettimeofday, 3, "ss"),
    CALL(settimeofday, 1, "ts"), CALL(time, 2, "s"), CALL(clock_gettime, 4, "hs"), CALL(clock_settime, 1, "ht"), CALL(clock_getres, 2, "hs"),
    CALL(restart_syscall, 1, ""), CALL(adjtimex, 1, "s"), CALL(clock_adjtime, 1, "hs"),
    /* Identity and the system. */
    CALL(getuid, 1, ""), CALL(geteuid, 1, ""), CALL(getgid, 1, ""), CALL(getegid, 1, ""), CALL(setuid, 1, "u"), CALL(setgid, 1, "u"),
    CALL(setreuid, 1, "uu"), CALL(setregid, 1, "uu"), CALL(setresuid, 1, "uuu"), CALL(setresgid, 1, "uuu"), CALL(getresuid, 2, "sss"),
    CALL(getresgid, 2, "sss"), CALL(setfsuid, 1, "u"), CALL(setfsgid, 1, "u"), CALL(getgroups, 2, "is"), CALL(setgroups, 2, "is"),
    CALL(capget, 2, "js"), CALL(capset, 1, "js"), CALL(uname, 2, "s"), CALL(sysinfo, 2, "s"), CALL(sethostname, 1, "bh"),
    CALL(setdomainname, 1, "bh"), CALL(getrandom, 5, "bnh"), CALL(reboot, 1, "hhhs"), {"unknown", UNKNOWN, 1, "iiiiii"},
};

enum { CALLS = sizeof calls / sizeof *calls };

static long mapping_length(struct thread *t)
{
    static const long lengths[] = {0, 1, PAGE - 1, PAGE, PAGE, PAGE, 2 * PAGE, 2 * PAGE, 5 * PAGE, 64 * PAGE, 1 << 20, 2 << 20, 1l << 30, 1l << 46, -1};
    return PICK(t, lengths);
}

static long mapping_flags(struct thread *t)
{
    static const long flags[] = {MAP_PRIVATE | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
                                 MAP_SHARED, MAP_PRIVATE, MAP_SHARED | MAP_FIXED, MAP_PRIVATE | MAP_FIXED, MAP_POPULATE | MAP_PRIVATE | MAP_ANONYMOUS,
                                 MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS, MAP_GROWSDOWN | MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED};
    return below(t, 12) ? PICK(t, flags) : any(t);
}

/* Mostly the playground, at times another place of one's own, never memory that all workers share. */
static long mapping_address(struct thread *t)
{
    if (below(t, 40))
        return (long) PLAYGROUND_AT + (long) below(t, PLAYGROUND_SIZE / PAGE / 16) * PAGE * (below(t, 2) ? 16 : 1) + (below(t, 24) ? 0 : below(t, PAGE));
    return below(t, 2) ? 0 : any(t);
}

static long open_flags(struct thread *t)
{
    static const long modes[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR};
    static const long more[] = {0, 0, 0, O_CREAT, O_CREAT | O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_DIRECTORY, O_NOFOLLOW, O_PATH, O_CLOEXEC, O_TMPFILE};
    /* Most do not wait for the other end of a fifo. */
    return below(t, 16) ? PICK(t, modes) | PICK(t, more) | PICK(t, more) | (below(t, 8) ? O_NONBLOCK : 0) | O_NOCTTY : any(t);
}

/* Flags of calls that make descriptors. */
static long creation_flags(struct thread *t)
{
    static const long flags[] = {0, O_CLOEXEC, O_NONBLOCK, O_NONBLOCK | O_CLOEXEC};
    return below(t, 16) ? PICK(t, flags) : any(t);
}

/* What openat2(2) takes: flags, mode, and how to resolve the path. */
static unsigned long *how_to_open(struct thread *t)
{
    unsigned long *made = structure(t, 24);
    if (own(t, made)) {
        made[0] = open_flags(t);
        made[1] = below(t, 8) ? 0 : 0644;
        made[2] = below(t, 8) ? 1ul << below(t, 6) : 0;
    }
    return made;
}

static char *attribute_name(struct thread *t)
{
    static const char *const names[] = {"user.a", "user.b", "user.long.name", "trusted.a", "security.a", "system.posix_acl_access", "a", ""};
    return copied(t, PICK(t, names));
}

static long futex_operation(struct thread *t)
{
    /* WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI .. and with bits. */
    static const long operations[] = {0, 0, 0, 1, 1, 1, 3, 4, 5, 9, 10, 6, 7, 11};
    return PICK(t, operations) | (below(t, 2) ? 128 : 0) | (below(t, 8) ? 0 : 256);
}

static long socket_type(struct thread *t)
{
    static const long types[] = {SOCK_STREAM, SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW};
    return below(t, 16) ? PICK(t, types) | (below(t, 2) ? SOCK_NONBLOCK : 0) | (below(t, 16) ? 0 : SOCK_CLOEXEC) : any(t);
}

static long device_request(struct thread *t)
{
    /* Terminals' settings, sizes and groups; bytes to read. */
    static const long requests[] = {0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x540b, 0x540e, 0x540f, 0x5410, 0x5411, 0x5412, 0x5413, 0x5414,
                                    0x541b, 0x5411, 0x5421, 0x5422, 0x5429, 0x5450, 0x5451, 0x5452, 0x80045430, 0x5409, 0x540a};
    return below(t, 16) ? PICK(t, requests) : any(t);
}

/* capget(2): version 3, and a process number. */
static int *capability_header(struct thread *t)
{
    int *made = structure(t, 8);
    if (own(t, made) && below(t, 8)) {
        made[0] = 0x20080522;
        made[1] = below(t, 2) ? 0 : (int) process_number(t);
    }
    return made;
}

static long argument(struct thread *t, char kind)
{
    static const long control[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1024, 1025, 1026, 1030, 1031, 1032, 1033, 1034};
    static const char *const types[] = {"tmpfs", "proc", "sysfs", "devtmpfs", "ext4", ""};
    static const unsigned modes[] = {0, 0777, 0700, 0644, 07777, S_IFIFO | 0666, S_IFREG | 0600, S_IFCHR | 0666, S_IFDIR | 0700, S_IFSOCK | 0600};
    static const long harmless[] = {0, SIGUSR1, SIGUSR2, SIGCHLD, SIGURG, SIGWINCH, SIGCONT, SIGHUP, 34, 40, 64};
    if (below(t, 100) == 0)
        return any(t);
    switch (kind) {
    case '0': return 0;
    case '1': return (long) messages(t);
    case '5': return creation_flags(t);
    case '6': return (long) interval(t);
    case '7': return (long) how_to_open(t);
    case '8': return below(t, 8) ? 24 : size(t);
    case '9': return (long) attribute_name(t);
    case '^': return ipc_key(t);
    case '_': return ipc_flags(t);
    case '(': return ipc_number(t, IPC_MEMORY);
    case '[': return ipc_number(t, IPC_SEMAPHORES);
    case ')': return ipc_number(t, IPC_QUEUE);
    case ']': return (long) semaphore_operations(t);
    case '{': return PICK(t, ipc_commands);
    case '|': return below(t, 16) ? (below(t, 2) ? IPC_NOWAIT : 0) : any(t);
    case '~': return below(t, 16) ? (long) below(t, 20 * PAGE) : any(t);
    case '2': return below(t, 16) ? SOL_SOCKET : any(t);
    case '3': return below(t, 16) ? below(t, 80) : any(t);
    case '4': return below(t, 8) ? 4 << below(t, 3) : any(t);
    case 'E': return socket_type(t);
    case 'H': return below(t, 16) ? AF_UNIX : any(t);
    case 'I': return (long) message(t, vectors(t), structure(t, sizeof(struct msghdr)));
    case 'L': return (long) socket_address(t);
    case 'Q': return address_length(t);
    case 'e': return message_flags(t);
    case 'f': return descriptor(t);
    case 'x': return below(t, 4) ? FIRST_DESCRIPTOR + DESCRIPTORS / 2 + below(t, DESCRIPTORS / 2) : descriptor(t);
    case 'd': return directory(t);
    case 'b': return (long) buffer(t);
    case 'n': return size(t);
    case 's': return (long) structure(t, 256);
    case 'i': return below(t, 4) ? (long) below(t, 8) : any(t);
    case 'h': return below(t, 8) ? (long) below(t, 16) : any(t);
    case 'm': return PICK(t, modes);
    case 'o': return open_flags(t);
    case 'p': return (long) path(t);
    case 'w': return (long) own_path(t);
    case 'z': return below(t, 4) ? (long) below(t, 40000) : size(t);
    case 'Z': return below(t, 20) ? (long) below(t, 100000) : any(t);
    case 'v': return (long) vectors(t);
    case 'V': return below(t, 16) ? (long) below(t, 9) : size(t);
    case 'q': return device_request(t);
    case 'c': return PICK(t, control);
    case 'a': return mapping_address(t);
    case 'l': return mapping_length(t);
    case 'r': return below(t, 16) ? below(t, 8) : any(t);
    case 'M': return mapping_flags(t);
    case 'A': return below(t, 2) ? below(t, 26) : 4;
    case 'B': return below(t, 16) ? 1 + (long) below(t, 3) : any(t); /* EPOLL_CTL_ADD, DEL, MOD */
    case 'D': return (long) polled(t);
    case 'N': return below(t, 16) ? (long) below(t, 9) : size(t);
    case 'T': return below(t, 8) ? (long) below(t, 3) : any(t);
    case 't': return (long) moment(t);
    case 'C': return (long) moment(t);
    case '#': return below(t, 8) ? (long) below(t, 70) : any(t);
    case 'g': return below(t, 8) ? 1 + below(t, 64) : any(t);
    case 'G': return below(t, 40) ? PICK(t, harmless) : 1 + below(t, 64);
    case 'k': return (long) structure(t, 8);
    case 'K': return below(t, 16) ? 8 : any(t);
    case 'S': return below(t, 4) ? (long) action(t) : 0;
    case 'P': return process_number(t);
    case 'F': return below(t, 16) ? (long) &shared->futexes[below(t, 16)] : (long) bad_pointer(t);
    case 'O': return futex_operation(t);
    case 'U': return below(t, 8) ? (long) below(t, 3) : any(t);
    case 'W': return (long) words(t);
    case 'Y': return below(t, 4) ? (long) below(t, 60) : any(t);
    case 'X': return 0x1001 + below(t, 4);
    case 'R': return below(t, 18);
    case 'u': return below(t, 4) ? below(t, 3) : any(t);
    case 'j': return (long) capability_header(t);
    case 'J': return below(t, 4) ? 24 : any(t); /* sizeof(struct robust_list_head) */
    case 'y': return (long) copied(t, PICK(t, types));
    default: raw(SYS_exit_group, 97, 0, 0, 0, 0, 0); return 0;
    }
}

#endif
