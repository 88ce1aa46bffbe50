package biscotti.process;

/** The machine's name and domain (sethostname(2), setdomainname(2)). */
public final class HostName {
    /** The longest name. */
    public static final int LONGEST = 64;

    private volatile String host = "biscotti";
    private volatile String domain = "(none)";

    HostName() {}

    /** The machine's name. */
    public String host() {
        return host;
    }

    /** Sets the machine's name. */
    public void setHost(String name) {
        host = name;
    }

    /** Its NIS domain. */
    public String domain() {
        return domain;
    }

    /** Sets its NIS domain. */
    public void setDomain(String name) {
        domain = name;
    }
}
