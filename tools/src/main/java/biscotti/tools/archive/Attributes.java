package biscotti.tools.archive;

/**
 * What a file system records about a file beside its content.
 *
 * @param permissions the low twelve bits of {@code st_mode}
 * @param user the numeric owner
 * @param group the numeric group
 * @param modified the time of the last change, in seconds since 1970
 */
public record Attributes(int permissions, int user, int group, long modified) {
    /** The time given to what has no other: the same in every build, so that archives are. */
    public static final long BUILD_TIME = 1_767_225_600; // 2026-01-01T00:00:00Z

    /** The attributes of something that root owns. */
    public static Attributes ofRoot(int permissions) {
        return new Attributes(permissions, 0, 0, BUILD_TIME);
    }
}
