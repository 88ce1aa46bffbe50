package biscotti.tools.bounds.cost;

/**
 * What a method costs.
 *
 * @param normal on the ways by which it returns
 * @param abrupt on those by which an exception leaves it
 */
record Summary(Cost normal, Cost abrupt) {
    static final Summary NOTHING = new Summary(Cost.NOTHING, Cost.NEVER);

    Summary or(Summary other) {
        return new Summary(normal.or(other.normal), abrupt.or(other.abrupt));
    }

    /** This, then {@code next}. */
    Summary then(Summary next) {
        return new Summary(normal.then(next.normal), abrupt.or(normal.then(next.abrupt)));
    }

    /** This with what stays taken from {@code surviving}. */
    Summary forgetting(Summary surviving) {
        return new Summary(normal.forgetting(surviving.normal), abrupt.forgetting(surviving.abrupt));
    }
}
