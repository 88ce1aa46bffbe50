package biscotti.ipc;

import static biscotti.abi.LittleEndian.putInt;

import biscotti.abi.Ipc;
import biscotti.file.Identity;

/** What segments, semaphore sets and message queues have in common: key, number, owner, permissions (sysvipc(7)). */
public abstract class IpcObject {
    private static final int PERMISSIONS = 0777;
    private static final int OTHERS = 7;

    private volatile int key;
    private volatile int id;
    private volatile int userId;
    private volatile int groupId;
    private final int creatorUser;
    private final int creatorGroup;
    private volatile int mode;
    private volatile long changeTime;

    /**
     * An object of its creator's.
     *
     * @param mode permissions; other bits do not count
     * @param now nanoseconds since 1970
     */
    IpcObject(Identity creator, int key, int mode, long now) {
        this.key = key;
        this.userId = creator.userId();
        this.groupId = creator.groupId();
        this.creatorUser = creator.userId();
        this.creatorGroup = creator.groupId();
        this.mode = mode & PERMISSIONS;
        this.changeTime = now;
    }

    /** Its key. */
    public final int key() {
        return key;
    }

    /** Nobody finds it by its key any more. */
    final void forgetKey() {
        key = Ipc.IPC_PRIVATE;
    }

    /** Its number. */
    public final int id() {
        return id;
    }

    final void setId(int number) {
        id = number;
    }

    /** Its owner. */
    public final int userId() {
        return userId;
    }

    /** Its group. */
    public final int groupId() {
        return groupId;
    }

    /** Who made it. */
    public final int creatorUser() {
        return creatorUser;
    }

    /** The group of who made it. */
    public final int creatorGroup() {
        return creatorGroup;
    }

    /** Permissions, and for segments SHM_DEST and SHM_LOCKED. */
    public final int mode() {
        return mode;
    }

    final void setModeBit(int bit, boolean on) {
        mode = on ? mode | bit : mode & ~bit;
    }

    /** When it was made or changed, in nanoseconds since 1970. */
    public final long changeTime() {
        return changeTime;
    }

    final void changed(long now) {
        changeTime = now;
    }

    /** Whether somebody has all permissions of a mode, which may ask for them in any of its three digits. */
    public final boolean permits(Identity who, int wanted) {
        int asked = (wanted >> 6 | wanted >> 3 | wanted) & OTHERS;
        int granted = mode;
        if (who.userId() == creatorUser || who.userId() == userId) {
            granted >>= 6;
        } else if (who.inGroup(creatorGroup) || who.inGroup(groupId)) {
            granted >>= 3;
        }
        return (asked & ~granted) == 0 || who.has(Identity.CAP_IPC_OWNER);
    }

    /** Whether somebody may change or remove it: its owner, its creator, the privileged. */
    public final boolean isControlledBy(Identity who) {
        return who.userId() == creatorUser || who.userId() == userId || who.has(Identity.CAP_SYS_ADMIN);
    }

    /** IPC_SET: another owner, group and permissions. */
    public final void change(int user, int group, int permissions, long now) {
        userId = user;
        groupId = group;
        mode = mode & ~PERMISSIONS | permissions & PERMISSIONS;
        changeTime = now;
    }

    /** Puts {@code struct ipc64_perm} at the start of a structure. */
    public final void putPermissions(byte[] to) {
        putInt(to, 0, key);
        putInt(to, 4, userId);
        putInt(to, 8, groupId);
        putInt(to, 12, creatorUser);
        putInt(to, 16, creatorGroup);
        putInt(to, 20, mode);
        putInt(to, 24, id / IpcTable.INDEXES);
    }
}
