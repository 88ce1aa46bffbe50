/* execve: the new image's arguments, environment and auxiliary vector; scripts; what survives and what does not; what is refused. */
#include "check.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;

static char self[256];

static void handler(int number)
{
    (void) number;
}

/* The program after exec: reports what it was given. */
static int report(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        print("argv[%d] = %s\n", i, strrchr(argv[i], '/') && i == 0 ? "(path)" : argv[i]);
    print("argv ends with null: %d\n", argv[argc] == 0);
    for (char **word = environ; *word; word++)
        print("env %s\n", *word);
    print("AT_PAGESZ %lu, AT_CLKTCK %lu, AT_SECURE %lu, AT_UID %lu, AT_EUID %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK),
          getauxval(AT_SECURE), getauxval(AT_UID), getauxval(AT_EUID));
    print("AT_PHDR holds program headers of %lu bytes: %d; AT_ENTRY set: %d; AT_RANDOM set: %d\n", getauxval(AT_PHENT),
          getauxval(AT_PHNUM) > 0, getauxval(AT_ENTRY) != 0, getauxval(AT_RANDOM) != 0);
    print("AT_EXECFN ends as the path: %d\n", strstr((char *) getauxval(AT_EXECFN), "exec") != 0);
    print("AT_RANDOM, strings and vector lie above the stack pointer: %d\n", (uintptr_t) getauxval(AT_RANDOM) > (uintptr_t) &argc);
    struct sigaction action;
    sigaction(SIGUSR1, 0, &action);
    print("handled signal: %s\n", action.sa_handler == SIG_DFL ? "default" : "NOT RESET");
    sigaction(SIGUSR2, 0, &action);
    print("ignored signal: %s\n", action.sa_handler == SIG_IGN ? "ignored" : "NOT KEPT");
    sigset_t set;
    sigprocmask(SIG_SETMASK, 0, &set);
    print("blocked: HUP %d TERM %d\n", sigismember(&set, SIGHUP), sigismember(&set, SIGTERM));
    sigpending(&set);
    print("pending: HUP %d\n", sigismember(&set, SIGHUP));
    show(fcntl(20, F_GETFD));
    show(fcntl(21, F_GETFD));
    unsigned mxcsr;
    unsigned short control;
    __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(control));
    print("mxcsr %x, x87 control %x\n", mxcsr, control);
    return 42;
}

static char **arguments;

static void exec_report(void)
{
    signal(SIGUSR1, handler);
    signal(SIGUSR2, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, 0);
    raise(SIGHUP);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 20);
    dup3(null, 21, O_CLOEXEC);
    close(null);
    unsigned mxcsr = 0x3f80;
    unsigned short control = 0x27f;
    __asm__ volatile("ldmxcsr %0; fldcw %1" ::"m"(mxcsr), "m"(control));
    char *environment[] = {"ONE=1", "EMPTY=", "no equals sign", 0};
    execve(self, arguments, environment);
    print("exec failed: %s\n", strerrorname_np(errno));
}

static void make_file(const char *name, const char *text, int mode)
{
    int file = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    need(write(file, text, strlen(text)) == (ssize_t) strlen(text));
    close(file);
    need(chmod(name, mode) == 0);
}

static void scripts(void)
{
    char *argv[] = {"zero", "one", "two words", 0};
    char *environment[] = {"PATH=/bin", 0};
    execve("./script", argv, environment);
    print("exec failed: %s\n", strerrorname_np(errno));
}

static void busybox_script(void)
{
    char *argv[] = {"./shell", "from exec", 0};
    execve("./shell", argv, environ);
    print("exec failed: %s\n", strerrorname_np(errno));
}

static void refusals(void)
{
    char *argv[] = {"x", 0};
    char *environment[] = {0};
    make_file("not-executable", "#!/bin/sh\n", 0600);
    make_file("garbage", "this is no program\n", 0700);
    make_file("empty", "", 0700);
    make_file("no-interpreter", "#!/nowhere/sh\n", 0700);
    make_file("short-elf", "\177ELF\2\1\1", 0700);
    make_file("recursive", "#!./recursive\n", 0700);
    need(mkdir("directory", 0700) == 0);
    show(execve("missing", argv, environment));
    show(execve("", argv, environment));
    show(execve("garbage/under", argv, environment));
    show(execve("directory", argv, environment));
    show(execve("not-executable", argv, environment));
    show(execve("garbage", argv, environment));
    show(execve("empty", argv, environment));
    show(execve("short-elf", argv, environment));
    show(execve("no-interpreter", argv, environment));
    show(execve("recursive", argv, environment));
    show(execve(wild, argv, environment));
    show(execve(self, wild, environment));
    show(execve(self, argv, wild));
    char *bad[] = {"x", wild, 0};
    show(execve(self, bad, environment));
    char *huge = malloc(1 << 20);
    memset(huge, 'h', 1 << 20);
    huge[(1 << 20) - 1] = 0;
    char *large[] = {"x", huge, 0};
    show(execve(self, large, environment));
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "report") == 0)
        return report(argc, argv);
    need(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    work_in_scratch_directory();
    arguments = (char *[]){self, "report", "", "three words here", "\x01\xff", 0};
    in_child("exec", exec_report);
    char text[300];
    snprintf(text, sizeof text, "#!%s report\nnothing\n", self);
    make_file("script", text, 0700);
    in_child("script", scripts);
    make_file("shell", "#!/bin/busybox sh\necho \"script $# $1 [$0]\"\nexit 5\n", 0700);
    in_child("busybox script", busybox_script);
    in_child("refusals", refusals);
    return 0;
}
