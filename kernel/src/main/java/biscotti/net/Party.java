package biscotti.net;

/** Who is at one end of a connection, as he was when it was made: SO_PEERCRED and SO_PEERGROUPS of unix(7). Immutable. */
public interface Party {
    /** Of a socket that has no other end. */
    Party NOBODY = new Party() {
        @Override
        public int process() {
            return 0;
        }

        @Override
        public int user() {
            return -1;
        }

        @Override
        public int group() {
            return -1;
        }

        @Override
        public int groupCount() {
            return 0;
        }

        @Override
        public int groupAt(int index) {
            throw new IndexOutOfBoundsException();
        }
    };

    /** The process's number. */
    int process();

    /** The effective user id; -1 for nobody. */
    int user();

    /** The effective group id; -1 for nobody. */
    int group();

    /** How many supplementary groups there are. */
    int groupCount();

    /** A supplementary group. */
    int groupAt(int index);
}
