package biscotti.process;

import biscotti.net.Party;
import biscotti.process.identity.Credentials;

/** A process at one end of a connection, as it was when that was made. */
record ProcessParty(int process, Credentials credentials) implements Party {
    @Override
    public int user() {
        return credentials.user().effective();
    }

    @Override
    public int group() {
        return credentials.group().effective();
    }

    @Override
    public int groupCount() {
        return credentials.groups().size();
    }

    @Override
    public int groupAt(int index) {
        return credentials.groups().get(index);
    }
}
