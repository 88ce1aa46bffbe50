package biscotti.ext4;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.ERANGE;
import static biscotti.abi.Errno.ESTALE;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.MountFlags;
import biscotti.abi.Xattr;
import biscotti.ext4.journal.Handle;
import biscotti.file.Slot;
import biscotti.file.attribute.Attributes;
import biscotti.memory.UserMemory;

/**
 * The extended attributes of a file on the disk: behind the fields of its inode while there is room, else in a block. "Extended Attributes". Access control
 * lists stay as they are: they are neither shown nor changed, as where Linux mounts with {@code noacl}.
 *
 * <p>User memory is touched while nothing is locked.
 */
final class Ext4Attributes implements Attributes {
    /** The inode, the superblock, a block. */
    private static final int CREDITS = 2 + AttributeBlocks.CREDITS;

    /** How often is waited for blocks to become free: others may take them. */
    private static final int TRIES = 4;

    /** Names are at most so long together: all entries of an inode and a block with the shortest names, each with what its number stands for. */
    private static final int MOST_LIST = 1 << 14;

    private static final byte[] NOTHING = {};

    private final Ext4FileSystem ext4;
    private final Volume volume;
    private final Inode inode;

    /** It is known to have no capabilities of a program: asked before each write. Written with the inode locked. */
    private volatile boolean hasNoCapabilities;

    Ext4Attributes(Ext4FileSystem ext4, Inode inode) {
        this.ext4 = ext4;
        this.volume = ext4.volume();
        this.inode = inode;
    }

    /** What is behind the fields of the inode, and in its block. */
    private static final class Areas {
        private final Slot<AttributeArea> body = new Slot<>();
        private final Slot<AttributeArea> block = new Slot<>();

        /** The area that has a name; the block's, if neither has. */
        AttributeArea with(AttributeName name) {
            return body.get().find(name) >= 0 ? body.get() : block.get();
        }
    }

    /** What is done with the areas while the inode is locked. */
    private interface Look {
        int at(Areas areas);
    }

    private int look(Look look) {
        if (!inode.vnode().retain()) {
            return -ESTALE;
        }
        inode.lock.lock();
        int result;
        try {
            Areas areas = new Areas();
            int error = read(areas);
            result = error < 0 ? error : look.at(areas);
        } finally {
            inode.lock.unlock();
        }
        inode.vnode().release();
        return result;
    }

    /** Reads both: 0, -EUCLEAN, -EIO, -ENOMEM; locked. */
    private int read(Areas areas) {
        byte[] bytes = new byte[inode.attributeRoom()];
        int error = inode.readAttributes(bytes);
        AttributeArea body = AttributeArea.ofInode(bytes);
        areas.body.put(body);
        if (error == 0 && !body.isRight()) {
            error = -EUCLEAN;
        }
        return error < 0 ? error : volume.attributes().read(inode, areas.block);
    }

    private boolean isKept(AttributeName name) {
        boolean users = name.index != AttributeName.USER || !ext4.hasOption(Ext4Options.NO_USER_ATTRIBUTES);
        return name.isKnown() && users;
    }

    private boolean isKnownMissing(String name) {
        return hasNoCapabilities && name.equals(Xattr.SECURITY_CAPABILITY);
    }

    /** The value, copied: its length; -ERANGE if it is longer than the room for it, of which 0 asks for the length only. */
    private int find(String text, long room, Slot<byte[]> value) {
        AttributeName name = new AttributeName(text);
        if (!isKept(name)) {
            return -EOPNOTSUPP;
        }
        return look(areas -> {
            AttributeArea area = areas.with(name);
            int entry = area.find(name);
            if (entry < 0) {
                hasNoCapabilities |= text.equals(Xattr.SECURITY_CAPABILITY);
                return -ENODATA;
            }
            int length = area.length(entry);
            if (room == 0) {
                return length;
            }
            if (length > room) {
                return -ERANGE;
            }
            byte[] copy = new byte[Math.clamp(length, 0, volume.superblock().blockSize())];
            area.copyValue(entry, copy);
            value.put(copy);
            return length;
        });
    }

    @Override
    public long get(String name, UserMemory to, long address, long size) {
        Slot<byte[]> value = new Slot<>();
        int length = find(name, size, value);
        int error = length <= 0 || size == 0 ? 0 : to.write(address, value.get(), 0, length);
        return error < 0 ? error : length;
    }

    @Override
    public int get(String name, byte[] to) {
        if (isKnownMissing(name)) {
            return -ENODATA;
        }
        Slot<byte[]> value = new Slot<>();
        int length = find(name, to.length, value);
        if (length > 0) {
            System.arraycopy(value.get(), 0, to, 0, length);
        }
        return length;
    }

    @Override
    public long list(UserMemory to, long address, long size, boolean privileged) {
        boolean users = !ext4.hasOption(Ext4Options.NO_USER_ATTRIBUTES);
        byte[] names = new byte[MOST_LIST];
        int length = look(areas -> {
            int end = areas.body.get().list(names, 0, users, privileged);
            return areas.block.get().list(names, end, users, privileged);
        });
        if (length <= 0 || size == 0) {
            return length;
        }
        if (length > size || length > names.length) {
            return -ERANGE;
        }
        int error = to.write(address, names, 0, length);
        return error < 0 ? error : length;
    }

    @Override
    public long set(String text, UserMemory from, long address, int length, int flags) {
        AttributeName name = new AttributeName(text);
        if (!isKept(name)) {
            return -EOPNOTSUPP;
        }
        int most = volume.superblock().blockSize();
        if (length > most) {
            int found = find(text, 0, new Slot<>());
            int refusal = found < 0 && found != -ENODATA ? found : check(found >= 0, flags);
            return refusal < 0 ? refusal : -ENOSPC;
        }
        byte[] value = length <= 0 ? NOTHING : new byte[Math.min(length, most)];
        int error = from.read(address, value, 0, value.length);
        return error < 0 ? error : change(name, value, flags, false);
    }

    @Override
    public int remove(String text) {
        if (isKnownMissing(text)) {
            return -ENODATA;
        }
        int found = find(text, 0, new Slot<>());
        return found < 0 ? found : change(new AttributeName(text), NOTHING, Xattr.XATTR_REPLACE, true);
    }

    private int change(AttributeName name, byte[] value, int flags, boolean removes) {
        if (!inode.vnode().retain()) {
            return -ESTALE;
        }
        int result = changeOnce(name, value, flags, removes);
        for (int i = 0; i < TRIES && result == -ENOSPC && ext4.awaitBlocks(); i++) {
            result = changeOnce(name, value, flags, removes);
        }
        inode.vnode().release();
        return result;
    }

    private int changeOnce(AttributeName name, byte[] value, int flags, boolean removes) {
        Handle handle = volume.transactions().begin(CREDITS);
        if ((ext4.flags() & MountFlags.MS_SYNCHRONOUS) != 0) {
            handle.setSynchronous();
        }
        int error = handle.error();
        error = error == 0 && !removes ? volume.state().noteAttributes(handle) : error;
        if (error == 0) {
            inode.lock.lock();
            try {
                Areas areas = new Areas();
                error = read(areas);
                error = error == 0 ? check(areas.with(name).find(name) >= 0, flags) : error;
                if (error == 0) {
                    error = removes ? remove(handle, areas, name) : put(handle, areas, name, value);
                    hasNoCapabilities &= removes; // it may be this one
                }
            } finally {
                inode.lock.unlock();
            }
        }
        int ended = handle.end();
        return error < 0 ? error : ended;
    }

    /** Whether flags allow a name that is there, or is not. */
    private static int check(boolean there, int flags) {
        if (there && (flags & Xattr.XATTR_CREATE) != 0) {
            return -EEXIST;
        }
        return !there && (flags & Xattr.XATTR_REPLACE) != 0 ? -ENODATA : 0;
    }

    /** The block comes first: who finds no room there has changed nothing. */
    private int put(Handle handle, Areas areas, AttributeName name, byte[] value) {
        AttributeArea body = newBody();
        if (areas.body.get().with(name, value, body)) {
            int error = removeFromBlock(handle, areas, name);
            return error < 0 ? error : inode.storeAttributes(handle, body.bytes());
        }
        AttributeArea block = volume.attributes().empty();
        if (!areas.block.get().with(name, value, block)) {
            return -ENOSPC;
        }
        int error = volume.attributes().replace(handle, inode, block);
        return error < 0 ? error : removeFromBody(handle, areas, name);
    }

    private int remove(Handle handle, Areas areas, AttributeName name) {
        int error = removeFromBlock(handle, areas, name);
        return error < 0 ? error : removeFromBody(handle, areas, name);
    }

    private AttributeArea newBody() {
        return AttributeArea.ofInode(new byte[inode.attributeRoom()]);
    }

    private int removeFromBody(Handle handle, Areas areas, AttributeName name) {
        if (areas.body.get().find(name) < 0) {
            return 0;
        }
        AttributeArea body = newBody();
        return areas.body.get().without(name, body) ? inode.storeAttributes(handle, body.bytes()) : -EUCLEAN;
    }

    private int removeFromBlock(Handle handle, Areas areas, AttributeName name) {
        if (areas.block.get().find(name) < 0) {
            return 0;
        }
        AttributeArea block = volume.attributes().empty();
        return areas.block.get().without(name, block) ? volume.attributes().replace(handle, inode, block) : -EUCLEAN;
    }

    /** {@inheritDoc} Memory has nothing of them, and the disk has them until the file is deleted. */
    @Override
    public void close() {}
}
