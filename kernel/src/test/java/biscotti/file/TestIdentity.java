package biscotti.file;

/** Somebody without capabilities. */
record TestIdentity(int userId, int groupId) implements Identity {
    @Override
    public boolean inGroup(int group) {
        return group == groupId;
    }

    @Override
    public boolean has(int capability) {
        return false;
    }
}
