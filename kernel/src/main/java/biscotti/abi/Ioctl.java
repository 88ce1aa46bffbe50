package biscotti.abi;

/** Requests of ioctl(2) ({@code asm-generic/ioctls.h}). */
public final class Ioctl {
    /** FS_IOC_GETFLAGS: tells {@link InodeFlags}. */
    public static final int FS_IOC_GETFLAGS = 0x80086601;

    /** FS_IOC_SETFLAGS: sets them. */
    public static final int FS_IOC_SETFLAGS = 0x40086602;

    /** Get the settings of a terminal. */
    public static final int TCGETS = 0x5401;

    /** Set them at once. */
    public static final int TCSETS = 0x5402;

    /** Set them after all output is done. */
    public static final int TCSETSW = 0x5403;

    /** Set them after all output is done, and discard input. */
    public static final int TCSETSF = 0x5404;

    /** As {@link #TCGETS}, in System V's {@code struct termio}. */
    public static final int TCGETA = 0x5405;

    /** As {@link #TCSETS}, in System V's {@code struct termio}. */
    public static final int TCSETA = 0x5406;

    /** As {@link #TCSETSW}, in System V's {@code struct termio}. */
    public static final int TCSETAW = 0x5407;

    /** As {@link #TCSETSF}, in System V's {@code struct termio}. */
    public static final int TCSETAF = 0x5408;

    /** Get which settings are locked. */
    public static final int TIOCGLCKTRMIOS = 0x5456;

    /** Lock settings: they change no more. */
    public static final int TIOCSLCKTRMIOS = 0x5457;

    /** Send a break; with an argument other than 0, wait for output only. */
    public static final int TCSBRK = 0x5409;

    /** Suspend or restart output or input. */
    public static final int TCXONC = 0x540a;

    /** Discard input, output or both. */
    public static final int TCFLSH = 0x540b;

    /** Refuse further opens. */
    public static final int TIOCEXCL = 0x540c;

    /** Allow further opens. */
    public static final int TIOCNXCL = 0x540d;

    /** Make it the controlling terminal. */
    public static final int TIOCSCTTY = 0x540e;

    /** Get the foreground process group. */
    public static final int TIOCGPGRP = 0x540f;

    /** Set the foreground process group. */
    public static final int TIOCSPGRP = 0x5410;

    /** How many bytes of output are not sent yet; for sockets, too: SIOCOUTQ. */
    public static final int TIOCOUTQ = 0x5411;

    /** Put a byte into the input. */
    public static final int TIOCSTI = 0x5412;

    /** Get the window size. */
    public static final int TIOCGWINSZ = 0x5413;

    /** Set the window size. */
    public static final int TIOCSWINSZ = 0x5414;

    /** How many bytes can be read; for sockets, too: SIOCINQ. */
    public static final int FIONREAD = 0x541b;

    /** The size of a file system's blocks. */
    public static final int FIGETBSZ = 2;

    /** How many bytes a file takes on its file system. */
    public static final int FIOQSIZE = 0x5460;

    /** Let files share what is in them: all of it. */
    public static final int FICLONE = 0x40049409;

    /** Let files share what is in them: a part. */
    public static final int FICLONERANGE = 0x4020940d;

    /** Where a file lies on its disk. */
    public static final int FS_IOC_FIEMAP = 0xc020660b;

    /** Keep a file system as it is. */
    public static final int FIFREEZE = 0xc0045877;

    /** End that. */
    public static final int FITHAW = 0xc0045878;

    /** Set or clear O_NONBLOCK. */
    public static final int FIONBIO = 0x5421;

    /** Hang the terminal up. */
    public static final int TIOCVHANGUP = 0x5437;

    /** Give up the controlling terminal. */
    public static final int TIOCNOTTY = 0x5422;

    /** Get the session of the terminal. */
    public static final int TIOCGSID = 0x5429;

    /** As {@link #TCSBRK} with an argument: POSIX's tcdrain. */
    public static final int TCSBRKP = 0x5425;

    /** Clear FD_CLOEXEC. */
    public static final int FIONCLEX = 0x5450;

    /** Set FD_CLOEXEC. */
    public static final int FIOCLEX = 0x5451;

    /** Choose who hears of a socket by signal. */
    public static final int FIOSETOWN = 0x8901;

    /** The same. */
    public static final int SIOCSPGRP = 0x8902;

    /** Who that is. */
    public static final int FIOGETOWN = 0x8903;

    /** The same. */
    public static final int SIOCGPGRP = 0x8904;

    /** Set or clear O_ASYNC. */
    public static final int FIOASYNC = 0x5452;

    /** As {@link #TCGETS}, with speeds. */
    public static final int TCGETS2 = 0x802c542a;

    /** As {@link #TCSETS}, with speeds. */
    public static final int TCSETS2 = 0x402c542b;

    /** As {@link #TCSETSW}, with speeds. */
    public static final int TCSETSW2 = 0x402c542c;

    /** As {@link #TCSETSF}, with speeds. */
    public static final int TCSETSF2 = 0x402c542d;

    /** Packet mode of a pseudo terminal's master. */
    public static final int TIOCPKT = 0x5420;

    /** Change the line discipline. */
    public static final int TIOCSETD = 0x5423;

    /** Get the line discipline. */
    public static final int TIOCGETD = 0x5424;

    /** Begin a break. */
    public static final int TIOCSBRK = 0x5427;

    /** End a break. */
    public static final int TIOCCBRK = 0x5428;

    /** Get the number of a pseudo terminal. */
    public static final int TIOCGPTN = 0x80045430;

    /** Lock or unlock the slave. */
    public static final int TIOCSPTLCK = 0x40045431;

    /** Get the terminal's device number. */
    public static final int TIOCGDEV = 0x80045432;

    /** Send a signal to the slave's foreground group. */
    public static final int TIOCSIG = 0x40045436;

    /** Whether the master is in packet mode. */
    public static final int TIOCGPKT = 0x80045438;

    /** Whether the slave is locked. */
    public static final int TIOCGPTLCK = 0x80045439;

    /** Whether further opens are refused. */
    public static final int TIOCGEXCL = 0x80045440;

    /** Open the slave. */
    public static final int TIOCGPTPEER = 0x5441;

    // Of sockets and network devices (linux/sockios.h).

    /** Whether the next byte is the urgent one. */
    public static final int SIOCATMARK = 0x8905;

    /** The name of a device by its number. */
    public static final int SIOCGIFNAME = 0x8910;

    /** A list of devices that have addresses. */
    public static final int SIOCGIFCONF = 0x8912;

    /** Get flags. */
    public static final int SIOCGIFFLAGS = 0x8913;

    /** Set flags. */
    public static final int SIOCSIFFLAGS = 0x8914;

    /** Get the metric. */
    public static final int SIOCGIFMETRIC = 0x891d;

    /** Set the metric. */
    public static final int SIOCSIFMETRIC = 0x891e;

    /** Get the largest packet. */
    public static final int SIOCGIFMTU = 0x8921;

    /** Set the largest packet. */
    public static final int SIOCSIFMTU = 0x8922;

    /** Set the name. */
    public static final int SIOCSIFNAME = 0x8923;

    /** Set the hardware address. */
    public static final int SIOCSIFHWADDR = 0x8924;

    /** Get the hardware address. */
    public static final int SIOCGIFHWADDR = 0x8927;

    /** Get the device above. */
    public static final int SIOCGIFSLAVE = 0x8929;

    /** Set the device above. */
    public static final int SIOCSIFSLAVE = 0x8930;

    /** Take a multicast address. */
    public static final int SIOCADDMULTI = 0x8931;

    /** Give a multicast address up. */
    public static final int SIOCDELMULTI = 0x8932;

    /** The number of a device by its name. */
    public static final int SIOCGIFINDEX = 0x8933;

    /** Set the hardware address of broadcasts. */
    public static final int SIOCSIFHWBROADCAST = 0x8937;

    /** Get the length of the queue. */
    public static final int SIOCGIFTXQLEN = 0x8942;

    /** Set the length of the queue. */
    public static final int SIOCSIFTXQLEN = 0x8943;

    /** Get where the hardware is. */
    public static final int SIOCGIFMAP = 0x8970;

    /** Set where the hardware is. */
    public static final int SIOCSIFMAP = 0x8971;

    /** The first of a driver's own requests. */
    public static final int SIOCDEVPRIVATE = 0x89f0;

    /** How many of those there are. */
    public static final int PRIVATE_REQUESTS = 16;

    // Of block devices (linux/fs.h).

    /** Whether the device can only be read. */
    public static final int BLKROGET = 0x125e;

    /** Its size in sectors of 512 bytes. */
    public static final int BLKGETSIZE = 0x1260;

    /** Write what is dirty. */
    public static final int BLKFLSBUF = 0x1261;

    /** How much is read ahead. */
    public static final int BLKRAGET = 0x1263;

    /** Bytes of a logical block. */
    public static final int BLKSSZGET = 0x1268;

    /** Bytes that are cached together. */
    public static final int BLKBSZGET = 0x80081270;

    /** Its size in bytes. */
    public static final int BLKGETSIZE64 = 0x80081272;

    /** The least that is well transferred. */
    public static final int BLKIOMIN = 0x1278;

    /** What is best transferred; 0 if that is not known. */
    public static final int BLKIOOPT = 0x1279;

    /** How far the first block is from where it should be. */
    public static final int BLKALIGNOFF = 0x127a;

    /** Bytes of a physical block. */
    public static final int BLKPBSZGET = 0x127b;

    private Ioctl() {}
}
