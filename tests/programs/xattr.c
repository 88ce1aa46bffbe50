/* Extended attributes in memory: name spaces, flags, sizes, permissions. */
#include "check.h"
#include <sys/xattr.h>

static char room[70000];

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The names, sorted: their order is the kernel's business. */
static void names(const char *path)
{
    char *found[100];
    int count = 0;
    ssize_t length = listxattr(path, room, sizeof room);
    for (ssize_t at = 0; at < length && count < 100; at += strlen(room + at) + 1)
        found[count++] = room + at;
    qsort(found, count, sizeof *found, compare);
    print("%s:", path);
    for (int i = 0; i < count; i++)
        print(" %s", found[i]);
    print("\n");
}

static void values(void)
{
    print("-- values\n");
    show(setxattr("f", "trusted.a", "value", 5, 0));
    show(getxattr("f", "trusted.a", room, sizeof room));
    print("%.5s\n", room);
    show(getxattr("f", "trusted.a", room, 4));
    show(getxattr("f", "trusted.a", NULL, 0));
    show(getxattr("f", "trusted.none", room, 4));
    show(setxattr("f", "trusted.a", "other", 5, XATTR_CREATE));
    show(setxattr("f", "trusted.b", "other", 5, XATTR_REPLACE));
    show(setxattr("f", "trusted.b", "other", 5, XATTR_CREATE | XATTR_REPLACE));
    show(setxattr("f", "trusted.a", "other", 5, XATTR_REPLACE));
    show(setxattr("f", "trusted.a", "other", 5, 4));
    show(setxattr("f", "trusted.empty", NULL, 0, 0));
    show(getxattr("f", "trusted.empty", room, sizeof room));
    memset(room, 'x', sizeof room);
    show(setxattr("f", "trusted.big", room, 65536, 0));
    show(setxattr("f", "trusted.big", room, 65537, 0));
    memset(room, 0, sizeof room);
    show(getxattr("f", "trusted.big", room, 65536));
    holds(room[0] == 'x' && room[65535] == 'x' && room[4096] == 'x');
    show(setxattr("f", "trusted.bad", wild, 10, 0));
    show(getxattr("f", "trusted.a", wild, 10));
    show(setxattr("f", wild, "v", 1, 0));
    show(setxattr("missing", "trusted.a", "v", 1, 0));
    names("f");
    show(removexattr("f", "trusted.a"));
    show(removexattr("f", "trusted.a"));
    names("f");
    show(listxattr("f", NULL, 0));
    show(listxattr("f", room, 10));
}

static void spaces(void)
{
    print("-- name spaces\n");
    char name[300];
    memset(name, 'n', sizeof name);
    memcpy(name, "trusted.", 8);
    name[256] = 0;
    show(setxattr("f", name, "v", 1, 0));
    name[255] = 0;
    show(setxattr("f", name, "v", 1, 0));
    show(removexattr("f", name));
    show(setxattr("f", "", "v", 1, 0));
    show(setxattr("f", "trusted.", "v", 1, 0));
    show(setxattr("f", "trusted", "v", 1, 0));
    show(setxattr("f", "unknown.a", "v", 1, 0));
    show(setxattr("f", "system.a", "v", 1, 0));
    show(getxattr("f", "unknown.a", room, 1));
    show(setxattr("f", "security.test", "v", 1, 0));
    show(setxattr("f", "security.capability", "v", 1, 0));
    show(removexattr("f", "security.test"));
    need(symlink("f", "l") == 0 && mkdir("d", 0755) == 0 && mkfifo("p", 0644) == 0);
    show(lsetxattr("l", "user.a", "v", 1, 0));
    show(lgetxattr("l", "user.a", room, 1));
    show(lsetxattr("l", "trusted.a", "link", 4, 0));
    show(lgetxattr("l", "trusted.a", room, 10));
    show(getxattr("l", "trusted.a", room, 10));
    show(lremovexattr("l", "trusted.a"));
    show(llistxattr("l", room, 10));
    show(setxattr("d", "trusted.a", "v", 1, 0));
    show(setxattr("p", "user.a", "v", 1, 0));
    show(setxattr("p", "trusted.a", "v", 1, 0));
    names("d");
    int file = open("f", O_RDONLY), place = open("f", O_PATH);
    show(fsetxattr(file, "trusted.fd", "v", 1, 0));
    show(fgetxattr(file, "trusted.fd", room, 1));
    show(flistxattr(file, NULL, 0));
    show(fremovexattr(file, "trusted.fd"));
    show(fsetxattr(place, "trusted.fd", "v", 1, 0));
    show(fgetxattr(99, "trusted.fd", room, 1));
    show(getxattr("/proc/version", "user.a", room, 1));
}

static void others(void)
{
    need(setresuid(1000, 1000, 1000) == 0);
    show(getxattr("f", "trusted.empty", room, 1));
    show(setxattr("f", "trusted.empty", "v", 1, 0));
    show(listxattr("f", room, sizeof room));
    show(setxattr("f", "security.capability", "v", 1, 0));
    show(setxattr("f", "user.a", "v", 1, 0));
    show(removexattr("f", "trusted.empty"));
}

int main(void)
{
    work_in_scratch_directory();
    need(chmod(".", 0755) == 0);
    need(close(open("f", O_CREAT | O_WRONLY, 0644)) == 0);
    values();
    spaces();
    print("-- without privilege\n");
    in_child("others", others);
    return 0;
}
