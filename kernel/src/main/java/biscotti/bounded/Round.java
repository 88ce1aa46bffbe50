package biscotti.bounded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that begins a new round of a reservation: it accounts for what the caller has allocated so far and
 * reserves again as much as the system call or unit of work had at its start. Work whose size the user chooses calls it once
 * a round, so that the call's bound is that of its longest way from one round to the next, not their sum.
 *
 * <p>A method that returns {@code boolean} may refuse: {@code true} is a new reservation, after {@code false} the caller goes
 * on with what it has and should unwind. Its result is to be tested at once, {@code if (!reservation.nextRound()) break;},
 * else the analyser ({@code ./biscotti bounds}) takes it for a refusal. One that returns nothing has always reserved.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Round {}
