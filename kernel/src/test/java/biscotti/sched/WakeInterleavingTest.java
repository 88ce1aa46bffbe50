package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.interleaving.Explorer;
import biscotti.interleaving.InterleavingLoader;
import biscotti.interleaving.Scenario;
import java.lang.reflect.Constructor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No wake-up is lost, in whatever order the steps of a sleep, a wake, a signal and a deadline come. */
@Timeout(120)
class WakeInterleavingTest {
    private static final InterleavingLoader LOADER =
            new InterleavingLoader("biscotti.sched", WakeInterleavingTest.class.getClassLoader());

    private static int explore(Class<?> scenario) throws ReflectiveOperationException {
        Constructor<?> constructor = LOADER.loadClass(scenario.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return Explorer.explore(() -> {
            try {
                return (Scenario) constructor.newInstance();
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aWakeIsNotLostHoweverItMeetsTheWayToSleep() throws ReflectiveOperationException {
        assertTrue(explore(WakeScenarios.OneWake.class) > 1);
    }

    @Test
    void eachWakeGoesToAnotherThread() throws ReflectiveOperationException {
        assertTrue(explore(WakeScenarios.TwoWakes.class) > 1);
    }

    @Test
    void aWakeIsNotSpentOnAThreadThatASignalEnds() throws ReflectiveOperationException {
        assertTrue(explore(WakeScenarios.WakeAndInterruption.class) > 1);
    }

    @Test
    void aDeadlineAndAWakeTellTheSameStory() throws ReflectiveOperationException {
        assertTrue(explore(WakeScenarios.WakeAndDeadline.class) > 1);
    }

    @Test
    void anObserverOfTwoQueuesWakesForEither() throws ReflectiveOperationException {
        assertTrue(explore(WakeScenarios.Observer.class) > 1);
    }

    @Test
    void theExplorerFindsAThreadThatLooksTooEarly() {
        assertThrows(AssertionError.class, () -> explore(WakeScenarios.LooksTooEarly.class));
    }
}
