/* Options of socket(7) that sockets_options has not: their lengths, their errors, and which are kept. Families that socket(2) does not know. */
#include "sockets.h"

static const struct {
    int option;
    const char *name;
} all[] = {
    {14, "BSDCOMPAT"},       {19, "SNDLOWAT"},         {25, "BINDTODEVICE"},      {29, "TIMESTAMP_OLD"},
    {34, "PASSSEC"},         {35, "TIMESTAMPNS_OLD"},  {36, "MARK"},              {40, "RXQ_OVFL"},
    {41, "WIFI_STATUS"},     {43, "NOFCS"},            {44, "LOCK_FILTER"},       {45, "SELECT_ERR_QUEUE"},
    {46, "BUSY_POLL"},       {47, "MAX_PACING_RATE"},  {49, "INCOMING_CPU"},      {71, "NETNS_COOKIE"},
    {53, "CNX_ADVICE"},      {54, "OPT_STATS"},        {60, "ZEROCOPY"},          {61, "TXTIME"},
    {62, "BINDTOIFINDEX"},   {63, "TIMESTAMP_NEW"},    {64, "TIMESTAMPNS_NEW"},   {66, "RCVTIMEO_NEW"},
    {67, "SNDTIMEO_NEW"},    {69, "PREFER_BUSY_POLL"}, {70, "BUSY_POLL_BUDGET"},  {72, "BUF_LOCK"},
    {74, "TXREHASH"},        {75, "RCVMARK"},          {26, "GET_FILTER"},        {22, "SECURITY_AUTHENTICATION"},
    {27, "DETACH_FILTER"},   {73, "RESERVE_MEM"},      {200, "200"},     {-1, "-1"},
};

/* Prints the bytes that an option has for some room. */
static void print_value(int socket, int name, socklen_t room)
{
    unsigned char value[64];
    memset(value, 0xee, sizeof value);
    socklen_t length = room;
    errno = 0;
    int result = getsockopt(socket, SOL_SOCKET, name, value, &length);
    char text[200] = "";
    int end = sizeof value;
    while (end > 0 && value[end - 1] == 0xee)
        end--;
    for (int i = 0; i < end; i++)
        sprintf(text + strlen(text), " %02x", value[i]);
    print("    room %u: %s, length %u:%s\n", room, result == 0 ? "got" : strerrorname_np(errno), length, text);
}

static void each(void)
{
    static const int values[] = {1, 0, 2, -1, 70000};
    static const unsigned rooms[] = {0, 1, 3, 4, 8, 40};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        print("%s\n", all[i].name);
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        for (unsigned j = 0; j < sizeof rooms / sizeof *rooms; j++)
            print_value(s, all[i].option, rooms[j]);
        for (unsigned j = 0; j < sizeof values / sizeof *values; j++) {
            long long value[4] = {values[j]};
            char text[200] = "";
            for (int length = 3; length <= 32; length = length == 3 ? 4 : length * 2) {
                errno = 0;
                int result = all[i].option == 26 ? 0 : setsockopt(s, SOL_SOCKET, all[i].option, value, length);
                sprintf(text + strlen(text), " %s", result == 0 ? "set" : strerrorname_np(errno));
            }
            print("  %d:%s\n", values[j], text);
            print_value(s, all[i].option, 40);
        }
        if (all[i].option != 26) {
            show(setsockopt(s, SOL_SOCKET, all[i].option, wild, 4));
            show(setsockopt(s, SOL_SOCKET, all[i].option, wild, -1));
        }
        close(s);
    }
}

static void read_only(void)
{
    print("-- that are only told\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_DGRAM, 0, s) == 0);
    show(option(s[0], SO_TYPE));
    int raw = socket(AF_UNIX, SOCK_RAW, AF_UNIX);
    show(option(raw, SO_TYPE));
    show(option(raw, SO_PROTOCOL));
    unsigned long long cookie[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        socklen_t length = 7;
        show(getsockopt(s[0], SOL_SOCKET, SO_COOKIE, &cookie[i], &length));
        length = 9;
        show(getsockopt(s[i], SOL_SOCKET, SO_COOKIE, &cookie[i], &length));
        print("%u\n", length);
    }
    holds(cookie[0] != cookie[1] && cookie[0] != 0);
    unsigned long long again = 0;
    socklen_t length = sizeof again;
    show(getsockopt(s[0], SOL_SOCKET, SO_COOKIE, &again, &length));
    holds(again == cookie[0]);
    show(setsockopt(s[0], SOL_SOCKET, SO_COOKIE, &again, 8));
    unsigned memory[12];
    length = sizeof memory;
    show(getsockopt(s[0], SOL_SOCKET, SO_MEMINFO, memory, &length));
    print("%u: %u %u %u %u %u %u %u %u %u\n", length, memory[0], memory[1], memory[2], memory[3], memory[4], memory[5], memory[6], memory[7], memory[8]);
    length = 10;
    show(getsockopt(s[0], SOL_SOCKET, SO_MEMINFO, memory, &length));
    print("%u\n", length);
    show(write(s[0], "abcd", 4));
    length = sizeof memory;
    show(getsockopt(s[0], SOL_SOCKET, SO_MEMINFO, memory, &length));
    holds(memory[2] > 4);
    length = 4;
    show(getsockopt(raw, SOL_SOCKET, SO_PEERGROUPS, memory, &length));
    struct ucred peer = {1, 2, 3};
    length = sizeof peer;
    show(getsockopt(raw, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    print("%u: %d %d %d\n", length, peer.pid, (int) peer.uid, (int) peer.gid);
    length = 5;
    show(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &peer, &length));
    print("%u\n", length);
    show(setsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &peer, sizeof peer));
    show(setsockopt(s[0], SOL_SOCKET, SO_PEERGROUPS, &peer, sizeof peer));
    show(setsockopt(s[0], SOL_SOCKET, SO_PEERNAME, &peer, sizeof peer));
    show(setsockopt(s[0], SOL_SOCKET, SO_MEMINFO, &peer, sizeof peer));
}

static void devices(void)
{
    print("-- SO_BINDTODEVICE\n");
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "", 1));
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "nothing0", 9));
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "a name that is much too long", 28));
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, wild, 4));
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, wild, 0));
    char name[20] = "x";
    socklen_t length = 3;
    show(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name, &length));
    print("%u [%s]\n", length, name);
    print("-- requests of netdevice(7)\n");
    struct {
        int length;
        char *list;
    } list = {sizeof name, name};
    show(ioctl(s, 0x8912, &list)); /* SIOCGIFCONF */
    print("%d\n", list.length);
    show(ioctl(s, 0x8912, wild));
    char request[40] = "nothing0";
    show(ioctl(s, 0x8910, request)); /* SIOCGIFNAME */
    *(int *) (request + 16) = -1;
    show(ioctl(s, 0x8910, request));
    show(ioctl(s, 0x8910, wild));
    static const int gets[] = {0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x891f, 0x8921, 0x8927, 0x8933, 0x8942, 0x8938, 0x8970};
    for (unsigned i = 0; i < sizeof gets / sizeof *gets; i++) {
        strcpy(request, "nothing0");
        print("%x: ", gets[i]);
        show(ioctl(s, gets[i], request));
        show(ioctl(s, gets[i], wild));
    }
    static const int sets[] = {0x8914, 0x8916, 0x891e, 0x8922, 0x8923, 0x8924, 0x8931, 0x8943};
    for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
        strcpy(request, "nothing0");
        print("%x: ", sets[i]);
        show(ioctl(s, sets[i], request));
    }
    show(ioctl(s, 0x8906, request)); /* SIOCGSTAMP */
    show(ioctl(s, 0x8907, request));
    show(ioctl(s, 0x80108906, request));
    show(ioctl(s, 0x890b, request)); /* SIOCADDRT */
    show(ioctl(s, 0x8953, request)); /* SIOCDARP */
    show(ioctl(s, 0x89e1, request));
    show(ioctl(s, 0x89f0, request)); /* SIOCDEVPRIVATE */
    show(ioctl(s, 0x5401, request));
    show(ioctl(s, 12345, 0));
}

static void unprivileged(void)
{
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    need(setresuid(1000, 1000, 1000) == 0);
    static const int options[] = {SO_MARK, 69, 70, SO_BUSY_POLL, SO_MAX_PACING_RATE, 62, 75, 73};
    for (unsigned i = 0; i < sizeof options / sizeof *options; i++)
        for (int value = 0; value < 20; value += 9) {
            print("%d: ", options[i]);
            show(set_option(s, options[i], value));
        }
    show(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "nothing0", 9));
    struct {
        int clock;
        unsigned flags;
    } time = {1, 0};
    for (time.clock = -1; time.clock < 13; time.clock++)
        show(setsockopt(s, SOL_SOCKET, SO_TXTIME, &time, sizeof time));
    char request[40] = "nothing0";
    show(ioctl(s, 0x8914, request));
}

static void families(void)
{
    print("-- socket(2)\n");
    static const int none[] = {0, 28, 27, 46, 47, 1000, -1};
    for (unsigned i = 0; i < sizeof none / sizeof *none; i++) {
        print("%d: ", none[i]);
        show(socket(none[i], SOCK_STREAM, 0));
        show(socket(none[i], 11, 0));
        show(socket(none[i], 0x100, 0));
        int s[2];
        show(socketpair(none[i], SOCK_STREAM, 0, s));
        show(socketpair(none[i], SOCK_STREAM, 0, wild));
    }
    for (int type = -1; type < 17; type++) {
        print("%d: ", type);
        int s = socket(AF_UNIX, type, 0);
        print("%s ", s >= 0 ? "made" : strerrorname_np(errno));
        close(s);
        s = socket(AF_UNIX, type, 1);
        print("%s ", s >= 0 ? "made" : strerrorname_np(errno));
        close(s);
        s = socket(AF_UNIX, type, 2);
        print("%s\n", s >= 0 ? "made" : strerrorname_np(errno));
        close(s);
    }
    int s[2];
    show(socketpair(AF_UNIX, SOCK_RDM, 0, s));
    show(socketpair(AF_UNIX, SOCK_STREAM, 5, s));
    show(socketpair(AF_UNIX, SOCK_STREAM, 0, wild));
    show(socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, wild));
    int next = dup(0);
    close(next);
    show(socketpair(AF_UNIX, SOCK_STREAM, 0, wild));
    int later = dup(0);
    holds(later == next);
}

int main(void)
{
    work_in_scratch_directory();
    each();
    read_only();
    devices();
    in_child("unprivileged", unprivileged);
    families();
    return 0;
}
