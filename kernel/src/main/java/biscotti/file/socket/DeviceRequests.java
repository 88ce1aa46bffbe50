package biscotti.file.socket;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Ioctl;
import biscotti.file.Caller;
import biscotti.memory.UserMemory;
import biscotti.net.Requester;

/** The requests of netdevice(7), which any socket takes, on a machine without network devices. */
final class DeviceRequests {
    /** What all requests to sockets begin with: SOCK_IOC_TYPE. */
    private static final int KIND = 0x89;

    /** {@code struct ifreq}. */
    private static final int REQUEST = 40;

    /** {@code struct ifconf}: a length and a pointer. */
    private static final int LIST = 16;

    private DeviceRequests() {}

    /** ioctl(2): -ENODEV for what concerns a device, -EPERM, -EFAULT; -ENOTTY for what is no such request. */
    static long control(Caller caller, int request, long argument) {
        if ((request >>> Byte.SIZE & 0xff) != KIND) {
            return -ENOTTY;
        }
        UserMemory memory = caller.memory();
        if (request == Ioctl.SIOCGIFCONF) {
            int error = memory.read(argument, new byte[LIST], 0, LIST);
            return error < 0 ? error : memory.writeInt(argument, 0);
        }
        if (memory.read(argument, new byte[REQUEST], 0, REQUEST) < 0) {
            return -EFAULT;
        }
        if (isQuestion(request)) {
            return -ENODEV;
        }
        if (!isChange(request)) {
            return -ENOTTY;
        }
        return caller.hasCapability(Requester.CAP_NET_ADMIN) ? -ENODEV : -EPERM;
    }

    private static boolean isQuestion(int request) {
        return switch (request) {
            case Ioctl.SIOCGIFNAME,
                    Ioctl.SIOCGIFFLAGS,
                    Ioctl.SIOCGIFMETRIC,
                    Ioctl.SIOCGIFMTU,
                    Ioctl.SIOCGIFHWADDR,
                    Ioctl.SIOCGIFSLAVE,
                    Ioctl.SIOCGIFINDEX,
                    Ioctl.SIOCGIFTXQLEN,
                    Ioctl.SIOCGIFMAP -> true;
            default -> request >= Ioctl.SIOCDEVPRIVATE && request < Ioctl.SIOCDEVPRIVATE + Ioctl.PRIVATE_REQUESTS;
        };
    }

    private static boolean isChange(int request) {
        return switch (request) {
            case Ioctl.SIOCSIFFLAGS,
                    Ioctl.SIOCSIFMETRIC,
                    Ioctl.SIOCSIFMTU,
                    Ioctl.SIOCSIFNAME,
                    Ioctl.SIOCSIFHWADDR,
                    Ioctl.SIOCSIFSLAVE,
                    Ioctl.SIOCADDMULTI,
                    Ioctl.SIOCDELMULTI,
                    Ioctl.SIOCSIFHWBROADCAST,
                    Ioctl.SIOCSIFTXQLEN,
                    Ioctl.SIOCSIFMAP -> true;
            default -> false;
        };
    }
}
