package biscotti.net.unix;

/** How many files of one user are on their way. Guarded by {@link Flights}. */
final class UserFlights {
    /** In place of the entry of a user without any. */
    static final UserFlights NONE = new UserFlights(-1);

    final Integer user;
    int files;

    UserFlights(Integer user) {
        this.user = user;
    }
}
