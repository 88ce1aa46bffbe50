/* System V message queues: order, types, limits, waiting, commands. */
#include "check.h"
#include <sys/ipc.h>
#include <sys/msg.h>

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

static struct message {
    long type;
    char text[20000];
} message;

static int id;

static int sent(long type, const char *text, int flags)
{
    message.type = type;
    strcpy(message.text, text);
    return msgsnd(id, &message, strlen(text) + 1, flags);
}

static void received(long type, int flags, size_t size)
{
    errno = 0;
    memset(&message, 0, sizeof message);
    ssize_t length = msgrcv(id, &message, size, type, flags | IPC_NOWAIT);
    if (length < 0)
        print("type %ld flags %o: %s\n", type, flags, strerrorname_np(errno));
    else
        print("type %ld flags %o: %ld bytes, type %ld, %s\n", type, flags, (long) length, message.type, message.text);
}

static struct msqid_ds about(void)
{
    struct msqid_ds s;
    need(msgctl(id, IPC_STAT, &s) == 0);
    print("messages %lu bytes %lu most %lu mode %o\n", s.msg_qnum, s.__msg_cbytes, s.msg_qbytes, s.msg_perm.mode);
    return s;
}

static void making(void)
{
    print("-- msgget\n");
    key_t key = getpid() | 0x40000000;
    show(msgget(key, 0600));
    id = msgget(key, IPC_CREAT | 0600);
    need(id >= 0);
    holds(msgget(key, 0) == id);
    show(msgget(key, IPC_CREAT | IPC_EXCL));
    struct msqid_ds s = about();
    holds(s.msg_lspid == 0 && s.msg_lrpid == 0 && s.msg_stime == 0 && s.msg_rtime == 0 && s.msg_ctime > 0);
}

static void types(void)
{
    print("-- types\n");
    show(sent(3, "three", 0));
    show(sent(1, "one", 0));
    show(sent(2, "two", 0));
    show(sent(1, "another", 0));
    show(sent(5, "five", 0));
    struct msqid_ds s = about();
    holds(s.msg_lspid == getpid() && s.msg_stime > 0);
    received(9, 0, 100);
    received(2, 0, 2);
    received(0, MSG_COPY, 100);
    received(3, MSG_COPY, 100);
    received(9, MSG_COPY, 100);
    received(0, MSG_COPY | MSG_EXCEPT, 100);
    show(msgrcv(id, &message, 10, 0, MSG_COPY));
    received(2, MSG_NOERROR, 2);
    received(-2, 0, 100);
    received(1, MSG_EXCEPT, 100);
    received(-9, 0, 100);
    received(0, 0, 100);
    received(0, 0, 100);
    s = about();
    holds(s.msg_lrpid == getpid() && s.msg_rtime > 0);
    show(sent(0, "bad", 0));
    show(sent(-1, "bad", 0));
    message.type = 1;
    show(msgsnd(id, &message, 8193, 0));
    show(msgsnd(id, &message, -1, 0));
    show(msgsnd(id, wild, 1, 0));
    show(msgsnd(-1, &message, 1, 0));
    show(msgsnd(id + 1, &message, 1, 0));
    show(msgrcv(id, &message, -1, 0, 0));
    show(msgsnd(id, &message, 0, 0));
    received(0, 0, 0);
    memset(message.text, 'a', 8192);
    message.type = 7;
    show(msgsnd(id, &message, 8192, 0));
    memset(message.text, 0, 8192);
    show(msgrcv(id, &message, 8192, 0, 0));
    holds(message.text[0] == 'a' && message.text[8191] == 'a' && message.text[4000] == 'a');
}

static void filling(void)
{
    print("-- full\n");
    message.type = 1;
    show(msgsnd(id, &message, 8192, 0));
    show(msgsnd(id, &message, 8000, 0));
    show(msgsnd(id, &message, 8192, IPC_NOWAIT));
    show(msgsnd(id, &message, 193, IPC_NOWAIT));
    show(msgsnd(id, &message, 192, IPC_NOWAIT));
    pid_t child = fork();
    if (child == 0) {
        message.type = 2;
        _exit(msgsnd(id, &message, 100, 0));
    }
    show(msgrcv(id, &message, 8192, 1, 0));
    int status;
    waitpid(child, &status, 0);
    print_status("child", status);
    struct msqid_ds s = about();
    s.msg_qbytes = 100;
    show(msgctl(id, IPC_SET, &s));
    show(msgsnd(id, &message, 1, IPC_NOWAIT));
    s.msg_qbytes = 20000;
    show(msgctl(id, IPC_SET, &s));
    about();
    while (msgrcv(id, &message, 8192, 0, IPC_NOWAIT) >= 0)
        continue;
    s.msg_qbytes = 3;
    show(msgctl(id, IPC_SET, &s));
    show(msgsnd(id, &message, 0, IPC_NOWAIT));
    show(msgsnd(id, &message, 0, IPC_NOWAIT));
    show(msgsnd(id, &message, 0, IPC_NOWAIT));
    show(msgsnd(id, &message, 0, IPC_NOWAIT));
    while (msgrcv(id, &message, 8192, 0, IPC_NOWAIT) >= 0)
        continue;
    s.msg_qbytes = 16384;
    show(msgctl(id, IPC_SET, &s));
}

static void waits_for_five(void)
{
    show(msgrcv(id, &message, 100, 5, 0));
    print("%s\n", message.text);
}

static void waiting(void)
{
    print("-- waiting\n");
    pid_t child = fork();
    if (child == 0) {
        waits_for_five();
        _exit(0);
    }
    show(sent(4, "four", 0));
    need(sent(5, "five", 0) == 0);
    int status;
    waitpid(child, &status, 0);
    print_status("child", status);
    received(4, 0, 100);
    child = fork();
    if (child == 0) {
        long result = msgrcv(id, &message, 100, 0, 0);
        print("%ld %s\n", result, errno == EIDRM || errno == EINVAL ? "removed" : "NO");
        _exit(0);
    }
    need(msgctl(id, IPC_RMID, NULL) == 0);
    waitpid(child, &status, 0);
    print_status("child", status);
    show(msgctl(id, IPC_RMID, NULL));
    show(sent(1, "none", 0));
}

static void others(void)
{
    struct msqid_ds s;
    need(setgid(1000) == 0 && setuid(1000) == 0);
    show(sent(1, "x", IPC_NOWAIT));
    received(0, 0, 10);
    show(msgctl(id, IPC_STAT, &s));
    memset(&s, 0, sizeof s);
    show(msgctl(id, IPC_SET, &s));
    show(msgctl(id, IPC_RMID, NULL));
}

static void owns(void)
{
    struct msqid_ds s;
    need(setgid(1000) == 0 && setuid(1000) == 0);
    need(msgctl(id, IPC_STAT, &s) == 0);
    s.msg_qbytes = 16385;
    show(msgctl(id, IPC_SET, &s));
    s.msg_qbytes = 16000;
    show(msgctl(id, IPC_SET, &s));
}

static void permissions(void)
{
    print("-- permissions, limits\n");
    id = msgget(IPC_PRIVATE, 0600);
    in_child("others", others);
    struct msqid_ds s = about();
    s.msg_perm.mode = 0602;
    s.msg_perm.uid = 7;
    show(msgctl(id, IPC_SET, &s));
    in_child("writer", others);
    s.msg_perm.uid = 1000;
    show(msgctl(id, IPC_SET, &s));
    in_child("owner", owns);
    about();
    struct msginfo i;
    need(msgctl(0, IPC_INFO, (void *) &i) >= 0);
    print("max %d mnb %d mni %d\n", i.msgmax, i.msgmnb, i.msgmni);
    need(msgctl(0, MSG_INFO, (void *) &i) >= 0);
    print("queues %d messages %d bytes %d\n", i.msgpool, i.msgmap, i.msgtql);
    show(msgctl(id, 99, NULL));
    show(msgctl(id, IPC_STAT, wild));
    show(msgctl(id, IPC_RMID, NULL));
}

int main(void)
{
    making();
    types();
    filling();
    waiting();
    permissions();
    return 0;
}
