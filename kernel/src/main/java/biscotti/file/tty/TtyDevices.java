package biscotti.file.tty;

import static biscotti.abi.Errno.ENXIO;

import biscotti.abi.DeviceNumber;
import biscotti.file.Caller;
import biscotti.file.Devices;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import java.util.Optional;

/** The device nodes that lead to terminals, with Linux's numbers: tty(4), console(4), ttyS(4). */
public final class TtyDevices {
    /** /dev/tty: the controlling terminal of whoever opens it. */
    public static final int TTY = DeviceNumber.of(5, 0);

    /** /dev/console. */
    public static final int CONSOLE = DeviceNumber.of(5, 1);

    /** /dev/ttyS0: the first serial port. */
    public static final int SERIAL = DeviceNumber.of(4, 64);

    private TtyDevices() {}

    /** Registers them; the console is on the first serial port. */
    public static void register(Devices devices, Tty console) {
        Devices.Driver driver = (caller, place, flags, opened) -> TtyFile.open(console, caller, place, flags, opened);
        devices.register(CONSOLE, driver);
        devices.register(SERIAL, driver);
        devices.register(TTY, TtyDevices::openOwn);
    }

    private static int openOwn(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        Optional<Tty> own = caller.job().terminal().get();
        return own.isPresent() ? TtyFile.open(own.get(), caller, place, flags, opened) : -ENXIO;
    }
}
