package biscotti.sched;

/** The order in which locks are taken: those named first here first. */
public enum LockRank {
    /** What epolls watch each other. */
    EPOLL_NESTING,
    /** What an epoll is interested in. */
    EPOLL,
    /** The table of processes, and the relations of parents, groups and sessions. */
    PROCESS_TABLE,
    /** One process. */
    PROCESS,
    /** A terminal's line discipline. */
    TERMINAL,
    /** A table of open files. */
    FILE_TABLE,
    /** The tree of mounts. */
    MOUNTS,
    /** Renaming of directories: one at a time in a file system. */
    RENAME,
    /** A directory. */
    DIRECTORY,
    /** Which files of a disk are in memory. */
    VNODES,
    /** The position of an open file. */
    OPEN_FILE,
    /** A file. */
    FILE,
    /** The locks that programs have on a file. */
    FILE_LOCKS,
    /** A pipe. */
    PIPE,
    /** An eventfd's counter. */
    EVENT,
    /** The names of sockets. */
    SOCKET_NAMES,
    /** A socket, or the two ends of a connection. */
    SOCKET,
    /** Files on their way in messages. */
    FLIGHTS,
    /** An address space: its regions. */
    ADDRESS_SPACE,
    /** What a file system on a disk says of itself, and its list of orphans. */
    SUPERBLOCK,
    /** Where the blocks of a file on a disk lie, and its inode. */
    INODE,
    /** The free blocks and inodes of a group. */
    BLOCK_GROUP,
    /** What lies below files: page caches, block devices. */
    STORAGE,
    /** The journal of a file system: what its transactions hold. */
    JOURNAL,
    /** The cached blocks of a file system. */
    BLOCKS,
    /** The page tables of an address space. */
    PAGE_TABLE,
    /** A bucket of futexes. */
    FUTEX,
    /** Signals that are pending, and handlers. */
    SIGNALS,
    /** What waits for room in a queue of a network card. */
    TRANSMIT,
    /** How a network card is set up. */
    NETWORK_CARD,
    /** A driver's device. */
    DEVICE,
    /** Free frames. */
    FRAMES,
    /** Below it nothing is locked. */
    LEAF
}
