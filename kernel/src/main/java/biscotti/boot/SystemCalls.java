package biscotti.boot;

import biscotti.file.AnonymousInode;
import biscotti.file.Devices;
import biscotti.file.FileSystemTypes;
import biscotti.file.disk.Disks;
import biscotti.file.pipe.Pipes;
import biscotti.file.socket.SocketFiles;
import biscotti.file.tmpfs.MemoryFiles;
import biscotti.machine.Machine;
import biscotti.net.unix.UnixSockets;
import biscotti.process.SystemCallHandler;
import biscotti.sched.KernelLog;
import biscotti.syscall.AccountingCalls;
import biscotti.syscall.AttributeCalls;
import biscotti.syscall.BarrierCalls;
import biscotti.syscall.CapabilityCalls;
import biscotti.syscall.ClockAdjustmentCalls;
import biscotti.syscall.ClockCalls;
import biscotti.syscall.CompareCalls;
import biscotti.syscall.ControlCalls;
import biscotti.syscall.DescriptorCalls;
import biscotti.syscall.DirectoryCalls;
import biscotti.syscall.Dispatch;
import biscotti.syscall.EpollCalls;
import biscotti.syscall.EventCalls;
import biscotti.syscall.FileCalls;
import biscotti.syscall.FileSystemCalls;
import biscotti.syscall.FileSystemContextCalls;
import biscotti.syscall.FileSystemSource;
import biscotti.syscall.FileTimeCalls;
import biscotti.syscall.FutexCalls;
import biscotti.syscall.HandleCalls;
import biscotti.syscall.IdentityCalls;
import biscotti.syscall.InformationCalls;
import biscotti.syscall.IoPriorityCalls;
import biscotti.syscall.LimitCalls;
import biscotti.syscall.LockCalls;
import biscotti.syscall.LogCalls;
import biscotti.syscall.MemoryCalls;
import biscotti.syscall.MemoryFileCalls;
import biscotti.syscall.MessageCalls;
import biscotti.syscall.MountCalls;
import biscotti.syscall.MountTreeCalls;
import biscotti.syscall.NameCalls;
import biscotti.syscall.NodeCalls;
import biscotti.syscall.OpenCalls;
import biscotti.syscall.PidFileCalls;
import biscotti.syscall.PipeCalls;
import biscotti.syscall.PivotCalls;
import biscotti.syscall.PollCalls;
import biscotti.syscall.PortCalls;
import biscotti.syscall.ProcessCalls;
import biscotti.syscall.ProcessMemoryCalls;
import biscotti.syscall.QuotaCalls;
import biscotti.syscall.SchedulingCalls;
import biscotti.syscall.SelectCalls;
import biscotti.syscall.SemaphoreCalls;
import biscotti.syscall.SharedMemoryCalls;
import biscotti.syscall.SignalCalls;
import biscotti.syscall.SignalFileCalls;
import biscotti.syscall.SizedFutexCalls;
import biscotti.syscall.SocketCalls;
import biscotti.syscall.SocketMessageCalls;
import biscotti.syscall.SocketOptionCalls;
import biscotti.syscall.SwapCalls;
import biscotti.syscall.SyncCalls;
import biscotti.syscall.TerminalCalls;
import biscotti.syscall.ThreadCalls;
import biscotti.syscall.TimeCalls;
import biscotti.syscall.TimerCalls;
import biscotti.syscall.UnsupportedCalls;
import biscotti.syscall.XattrCalls;
import java.util.function.LongSupplier;

/** Puts the families of system calls together. */
final class SystemCalls {
    private SystemCalls() {}

    static SystemCallHandler create(
            Machine machine,
            KernelLog log,
            Devices devices,
            Disks disks,
            FileSystemTypes types,
            UnixSockets unix,
            LongSupplier wallClock,
            MemoryFiles files) {
        AnonymousInode inode = new AnonymousInode(devices, wallClock);
        FileSystemSource fileSystems = new FileSystemSource(types, disks);
        return new Dispatch(
                new AccountingCalls(),
                new AttributeCalls(),
                new BarrierCalls(),
                new CapabilityCalls(),
                new ClockAdjustmentCalls(),
                new ClockCalls(),
                new CompareCalls(),
                new ControlCalls(),
                new DescriptorCalls(),
                new DirectoryCalls(),
                new EpollCalls(inode),
                new EventCalls(inode),
                new FileCalls(machine.memory()),
                new FileSystemCalls(types),
                new FileSystemContextCalls(types, fileSystems, inode),
                new FileTimeCalls(),
                new FutexCalls(),
                new HandleCalls(),
                new IdentityCalls(),
                new InformationCalls(),
                new IoPriorityCalls(),
                new LimitCalls(),
                new LockCalls(),
                new LogCalls(log.reader()),
                new MemoryCalls(),
                new MemoryFileCalls(files),
                new MessageCalls(),
                new MountCalls(fileSystems),
                new MountTreeCalls(),
                new NameCalls(),
                new NodeCalls(),
                new OpenCalls(),
                new PidFileCalls(inode),
                new PipeCalls(new Pipes(devices, wallClock)),
                new PivotCalls(),
                new PollCalls(),
                new PortCalls(),
                new ProcessCalls(inode, disks),
                new ProcessMemoryCalls(),
                new QuotaCalls(),
                new SchedulingCalls(),
                new SelectCalls(),
                new SemaphoreCalls(),
                new SharedMemoryCalls(),
                new SignalCalls(),
                new SignalFileCalls(inode),
                new SizedFutexCalls(),
                new SocketCalls(unix, new SocketFiles(devices, wallClock), log),
                new SocketMessageCalls(),
                new SocketOptionCalls(),
                new SwapCalls(),
                new SyncCalls(disks),
                new TerminalCalls(),
                new ThreadCalls(),
                new TimeCalls(),
                new TimerCalls(),
                new XattrCalls(),
                new UnsupportedCalls(log));
    }
}
