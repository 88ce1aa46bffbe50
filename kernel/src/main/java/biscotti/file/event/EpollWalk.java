package biscotti.file.event;

import biscotti.abi.Poll;

/**
 * Finds out whether an epoll has an event to tell, going down into the epolls that it watches, which are no deeper than {@link
 * EpollNesting#LONGEST}. An interest without an event leaves its ready list; so the answer costs no more the next time.
 */
final class EpollWalk {
    private final Interest[] path = new Interest[EpollNesting.LONGEST + 1];
    /** How many interests are still to be asked at each depth: those that come meanwhile are not. */
    private final int[] left = new int[EpollNesting.LONGEST + 1];

    private int depth;

    /** Whether an epoll has an event. */
    boolean hasEvent(EpollFile top) {
        EpollFile at = top;
        left[0] = at.ready.length();
        while (true) {
            Interest interest = left[depth]-- > 0 ? at.ready.take() : null;
            if (interest != null) {
                path[depth] = interest;
            }
            if (interest != null && interest.file instanceof EpollFile inner) {
                if (interest.wants(Poll.READABLE) && depth < EpollNesting.LONGEST) {
                    at = inner;
                    depth++;
                    left[depth] = at.ready.length();
                }
            } else if (interest != null && interest.ownEvents() != 0) {
                putBack();
                return true;
            } else if (left[depth] <= 0) {
                if (depth == 0) {
                    return false;
                }
                depth--;
                at = path[depth].epoll;
            }
        }
    }

    /** Puts the interests that led to the event back, each to the front of its list. */
    private void putBack() {
        for (int i = depth; i >= 0; i--) {
            path[i].epoll.ready.putBack(path[i]);
        }
    }
}
