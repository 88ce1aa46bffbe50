package biscotti.net;

/**
 * Who has sent a message, as SCM_CREDENTIALS tells it ({@code struct ucred} of unix(7)).
 *
 * @param process the process's number
 * @param user a user id
 * @param group a group id
 */
public record SenderCredentials(int process, int user, int group) {
    /** Linux's overflow id: what stands for ids that are not known. */
    private static final int NOBODY = 65534;

    /** Those of a message whose sender was not asked for. */
    public static final SenderCredentials UNKNOWN = new SenderCredentials(0, NOBODY, NOBODY);

    /** Whether others are the same. */
    public boolean isSame(SenderCredentials other) {
        return process == other.process && user == other.user && group == other.group;
    }
}
