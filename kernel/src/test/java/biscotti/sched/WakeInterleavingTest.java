package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.interleaving.InterleavingLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No wake-up is lost, in whatever order the steps of a sleep, a wake, a signal and a deadline come. */
@Timeout(120)
class WakeInterleavingTest {
    private static final InterleavingLoader LOADER =
            new InterleavingLoader(WakeInterleavingTest.class.getClassLoader(), "biscotti.sched");

    @Test
    void aWakeIsNotLostHoweverItMeetsTheWayToSleep() throws ReflectiveOperationException {
        assertTrue(LOADER.explore(WakeScenarios.OneWake.class) > 1);
    }

    @Test
    void eachWakeGoesToAnotherThread() throws ReflectiveOperationException {
        assertTrue(LOADER.explore(WakeScenarios.TwoWakes.class) > 1);
    }

    @Test
    void aWakeIsNotSpentOnAThreadThatASignalEnds() throws ReflectiveOperationException {
        assertTrue(LOADER.explore(WakeScenarios.WakeAndInterruption.class) > 1);
    }

    @Test
    void aDeadlineAndAWakeTellTheSameStory() throws ReflectiveOperationException {
        assertTrue(LOADER.explore(WakeScenarios.WakeAndDeadline.class) > 1);
    }

    @Test
    void anObserverOfTwoQueuesWakesForEither() throws ReflectiveOperationException {
        assertTrue(LOADER.explore(WakeScenarios.Observer.class) > 1);
    }

    @Test
    void theExplorerFindsAThreadThatLooksTooEarly() {
        assertThrows(AssertionError.class, () -> LOADER.explore(WakeScenarios.LooksTooEarly.class));
    }
}
