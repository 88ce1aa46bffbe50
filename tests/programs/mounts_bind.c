/* Mounts that show files at another place, too, those that move, and how mounts spread: mount(2), mount_namespaces(7). */
#include "check.h"
#include <sys/mount.h>

static struct stat status;

/* What stands before a colon in mountinfo: the number behind it differs from run to run. */
static void hide_numbers(char *fields)
{
    char *to = fields;
    for (char *from = fields; *from;) {
        *to++ = *from;
        if (*from++ == ':')
            while (*from >= '0' && *from <= '9')
                from++;
    }
    *to = 0;
}

/* Prints the lines of /proc/self/mountinfo for a mount point. */
static void print_information(const char *point)
{
    FILE *information = fopen("/proc/self/mountinfo", "r");
    char line[1000];
    while (fgets(line, sizeof line, information)) {
        char root[200], at[200], rest[500];
        if (sscanf(line, "%*d %*d %*s %199s %199s %499[^\n]", root, at, rest) == 3 && strcmp(at, point) == 0) {
            hide_numbers(rest);
            print("%s at %s: %s\n", root, at, rest);
        }
    }
    fclose(information);
}

static void directories(void)
{
    mkdir("source", 0755);
    mkdir("source/dir", 0755);
    close(creat("source/file", 0644));
    show(mount("nope", "n", 0, MS_BIND, 0));
    show(mount(0, "n", 0, MS_BIND, 0));
    show(mount("", "n", 0, MS_BIND, 0));
    show(mount("f", "n", 0, MS_BIND, 0));
    show(mount("n", "f", 0, MS_BIND, 0));
    show(mount("source", "m", 0, MS_BIND, 0));
    show(stat("m/file", &status));
    print_information("/mounted/m");
    show(mount(0, "m", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0));
    print_information("/mounted/m");
    show(open("m/file", O_RDWR));
    show_success(open("source/file", O_RDONLY));
    show(rename("m/file", "source/other"));
    show(link("m/file", "source/other"));
    show(link("source/file", "m/other"));
    show(umount("m"));
}

static void files(void)
{
    char text[10] = "";
    show(mount("f", "g", 0, MS_BIND, 0));
    int file = open("g", O_WRONLY);
    show(write(file, "bound", 5));
    close(file);
    file = open("f", O_RDONLY);
    read(file, text, 9);
    close(file);
    print("%s\n", text);
    print_information("/mounted/g");
    file = open("g", O_RDONLY);
    char name[40], path[100] = "";
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    readlink(name, path, 99);
    print("%s\n", path);
    show(umount("g"));
    close(file);
    show(unlink("g"));
    show(rename("g", "h"));
    show(rename("f", "g"));
    show(umount("f"));
    show(open("g/", O_RDONLY));
    show(open("g", O_CREAT | O_EXCL, 0644));
    show(mount(0, "g", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0));
    show(open("g", O_WRONLY));
    show(open("g", O_CREAT | O_RDWR, 0644));
    show(truncate("g", 0));
    show(link("g", "h"));
    show(umount("g"));
    stat("g", &status);
    print("%ld\n", (long) status.st_size);
}

static void trees(void)
{
    show(mount("none", "source/dir", "tmpfs", 0, 0));
    close(creat("source/dir/deep", 0644));
    show(mount("source", "m", 0, MS_BIND, 0));
    show(stat("m/dir/deep", &status));
    show(umount("m"));
    show(mount("source", "m", 0, MS_BIND | MS_REC, 0));
    show(stat("m/dir/deep", &status));
    print_information("/mounted/m/dir");
    show(umount("m"));
    show(umount2("m", MNT_DETACH));
    print_information("/mounted/m/dir");
    show(stat("m/dir/deep", &status));
    show(stat("source/dir/deep", &status));
}

static void moves(void)
{
    show(mount("source/dir", "m", 0, MS_MOVE, 0));
    show(stat("m/deep", &status));
    show(stat("source/dir/deep", &status));
    print_information("/mounted/m");
    mkdir("m/in", 0755);
    show(mount("m", "m", 0, MS_MOVE, 0));
    show(mount("m", "m/in", 0, MS_MOVE, 0));
    show(mount("m", "f", 0, MS_MOVE, 0));
    show(mount("source", "n", 0, MS_MOVE, 0));
    show(mount("nope", "n", 0, MS_MOVE, 0));
    show(mount("m", "nope", 0, MS_MOVE, 0));
    show(mount(0, "n", 0, MS_MOVE, 0));
    show(umount("m"));
}

static void kinds(void)
{
    show(mount("none", "m", 0, MS_PRIVATE, 0));
    show(mount("none", "m", "tmpfs", 0, 0));
    show(mount("none", "m", 0, MS_SHARED | MS_PRIVATE, 0));
    show(mount("none", "m", 0, MS_SHARED | MS_RDONLY, 0));
    mkdir("m/sub", 0755);
    show(mount("none", "m/sub", 0, MS_SHARED, 0));
    show(mount(0, "m", 0, MS_UNBINDABLE, 0));
    print_information("/mounted/m");
    show(mount("m", "n", 0, MS_BIND, 0));
    show(mount("m/sub", "n", 0, MS_BIND, 0));
    show(mount(0, "m", 0, MS_SLAVE, 0));
    print_information("/mounted/m");
    show(mount(0, "m", 0, MS_PRIVATE, 0));
    show(mount("m", "n", 0, MS_BIND, 0));
    show(umount("n"));
}

/* What is mounted in one is seen in the other, or not. */
static void spreads(const char *from, const char *to)
{
    char name[30];
    print("from %s to %s\n", from, to);
    snprintf(name, sizeof name, "%s/sub", from);
    show(mount("none", name, "tmpfs", 0, 0));
    snprintf(name, sizeof name, "%s/sub/x", from);
    close(creat(name, 0644));
    snprintf(name, sizeof name, "/mounted/%s/sub", to);
    print_information(name);
    show(umount(name));
    snprintf(name, sizeof name, "%s/sub/x", from);
    if (show(stat(name, &status)) == 0) {
        snprintf(name, sizeof name, "%s/sub", from);
        show(umount(name));
    }
}

static void spreading(void)
{
    show(mount(0, "m", 0, MS_SHARED, 0));
    print_information("/mounted/m");
    show(mount("m", "n", 0, MS_BIND, 0));
    print_information("/mounted/n");
    spreads("m", "n");
    spreads("n", "m");
    show(mount(0, "n", 0, MS_SLAVE, 0));
    print_information("/mounted/n");
    spreads("m", "n");
    spreads("n", "m");
    show(mount(0, "n", 0, MS_SHARED, 0));
    print_information("/mounted/n");
    show(mount("n", "o", 0, MS_BIND, 0));
    print_information("/mounted/o");
    spreads("m", "o");
    spreads("o", "n");
    spreads("o", "m");
    show(mount(0, "n", 0, MS_PRIVATE, 0));
    print_information("/mounted/n");
    spreads("m", "n");
    print("a tree\n");
    show(mount("none", "source/dir", "tmpfs", 0, 0));
    show(mount("source", "m/sub", 0, MS_BIND | MS_REC, 0));
    print_information("/mounted/o/sub/dir");
    show(mount("m/sub", "n", 0, MS_MOVE, 0));
    show(umount2("m/sub", MNT_DETACH));
    print_information("/mounted/o/sub/dir");
    print_information("/mounted/o/sub");
    show(mount(0, "m", 0, MS_REC | MS_PRIVATE, 0));
    print_information("/mounted/m");
}

int main(void)
{
    need(mkdir("/mounted", 0755) == 0);
    need(mount("none", "/mounted", "tmpfs", 0, 0) == 0 && mount(0, "/mounted", 0, MS_PRIVATE, 0) == 0);
    need(chdir("/mounted") == 0);
    mkdir("m", 0755);
    mkdir("n", 0755);
    mkdir("o", 0755);
    close(creat("f", 0644));
    close(creat("g", 0644));
    directories();
    files();
    trees();
    moves();
    kinds();
    spreading();
    need(chdir("/") == 0);
    show(umount2("/mounted", MNT_DETACH));
    show(rmdir("/mounted"));
    return 0;
}
