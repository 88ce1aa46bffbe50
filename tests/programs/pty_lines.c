/* The line discipline of terminals: editing of lines, and the flags of input, output and echoes. */
#include "pty.h"

/* Types a line, which comes back as it is read, and as its echo. */
static void typed_line(const char *text)
{
    type(text);
    read_slave(100);
    await_text(master, "echo", "\n");
}

/* Types what is echoed in some way, until the echo's end. */
static void echoed(const char *text, const char *how, const char *end)
{
    type(text);
    await_text(master, how, end);
    read_slave(100);
}

/* Writes what reaches the master in some way. */
static void written(const char *text, const char *how, const char *end)
{
    need(write(slave, text, strlen(text)) == (long) strlen(text));
    await_text(master, how, end);
}

static void lines(void)
{
    print("-- lines\n");
    open_pair();
    int count;
    type("hello\r");
    await_text(master, "echo", "\n");
    await_events(slave, POLLIN);
    show(ioctl(slave, FIONREAD, &count));
    show(count);
    read_slave(3);
    read_slave(100);
    typed_line("ab\177c\n");
    typed_line("one two\027three\025last\n");
    typed_line("\001\177x\t\177y\n");
    typed_line("\026\003\n");
    type("par\022t\n");
    read_slave(100);
    await_text(master, "echo", "part\r\n");
    type("no newline\004");
    read_slave(100);
    await_text(master, "echo", "newline");
    type("\004");
    read_slave(100);
    type("abc\004");
    await_text(master, "echo", "abc");
    read_slave(3);
    typed_line("next\n");
    need(write(slave, "tab\tend\n", 8) == 8);
    await_text(master, "written", "\n");
    close_pair();
}

static void input_flags(void)
{
    print("-- input flags\n");
    open_pair();
    change(slave, ICRNL | INLCR, 0, 0);
    type("a\rb\nc\r");
    await_text(master, "echo", "c^M");   /* no line ends there, but it has gone through these settings */
    settings_raw(slave, 1, 0);
    read_slave(100);
    close_pair();
    open_pair();
    change(slave, IGNCR | ICRNL, 0, ECHO);
    type("a\rb\n");
    read_slave(100);
    change(slave, IUCLC | ISTRIP, 0, 0);
    type("ABC\301x\n");
    read_slave(100);
    change(slave, IUCLC | ISTRIP | PARMRK, 0, 0);
    type("\377x\n");
    read_slave(100);
    close_pair();
}

static void output_flags(void)
{
    print("-- output flags\n");
    open_pair();
    change(slave, 0, OLCUC, 0);
    written("abcXY\n", "OLCUC", "\n");
    change(slave, 0, OLCUC | XTABS, 0);
    written("a\tb\n", "XTABS", "\n");
    change(slave, 0, XTABS | OCRNL | ONLCR, 0);
    written("a\rb\n.", "OCRNL", ".");
    change(slave, 0, OCRNL | ONOCR, 0);
    written("\n\rx\rb.", "ONOCR", ".");
    change(slave, 0, ONOCR | ONLRET, 0);
    written("x\n\ty.", "ONLRET", ".");
    change(slave, 0, ONLRET | OPOST, 0);
    written("x\n\r.", "no OPOST", ".");
    close_pair();
}

static void echoes(void)
{
    print("-- other echoes\n");
    open_pair();
    change(slave, 0, 0, ECHOCTL);
    echoed("\001b\n", "no ECHOCTL", "\n");
    change(slave, 0, 0, ECHOCTL | ECHOE);
    echoed("ab\177\177c\n", "no ECHOE", "\n");
    change(slave, 0, 0, ECHOE | ECHOKE);
    echoed("ab\025c\n", "no ECHOKE", "c\r\n");
    change(slave, 0, 0, ECHOK);
    echoed("ab\025c\n", "no ECHOK", "\n");
    change(slave, 0, 0, ECHO | ECHONL);
    echoed("ab\n", "ECHONL", "\n");
    change(slave, 0, 0, ECHO | ECHONL | ECHOPRT);
    echoed("abc\177\177d\177e\n", "ECHOPRT", "\n");
    close_pair();
}

static void ends_of_line(void)
{
    print("-- EOL and EOL2\n");
    open_pair();
    struct termios one;
    tcgetattr(slave, &one);
    one.c_cc[VEOL] = ';';
    one.c_cc[VEOL2] = '!';
    one.c_lflag &= ~ECHO;
    tcsetattr(slave, TCSANOW, &one);
    type("a;b!c\n");
    read_slave(100);
    read_slave(100);
    read_slave(100);
    close_pair();
}

int main(void)
{
    mount_terminals();
    lines();
    input_flags();
    output_flags();
    echoes();
    ends_of_line();
    return 0;
}
