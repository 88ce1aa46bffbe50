package biscotti.interleaving;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Runs the threads of a {@link Scenario} one step at a time, and the scenario again and again until each order of steps has
 * been tried that matters. All runs on the caller's thread. One explorer works at a time.
 */
public final class Explorer {
    private static final int MOST_STEPS = 2000;

    /** In a random run a thread takes 2^0 to 2^(this - 1) steps on the average before it gives way. */
    private static final int LONGEST_TURNS = 6;

    private static Explorer active = new Explorer();

    /** A thread of the scenario. */
    private static final class Actor {
        final String name;
        final Runnable resume;

        /** What its next step touches; null if nothing that others see. */
        Object next;

        boolean writes;
        boolean canRun;

        /** The spin lock that it found taken: it need not try again before somebody has touched it. */
        Object spinsOn;

        Actor(String name, Runnable resume) {
            this.name = name;
            this.resume = resume;
        }

        boolean dependsOn(Actor other) {
            return next != null && next == other.next && (writes || other.writes);
        }
    }

    /** A point of the present run: who could go on, who did, and who need not be tried. */
    private static final class Choice {
        final int possible;
        final int asleep;
        int tried;
        int chosen;

        Choice(int possible, int asleep) {
            this.possible = possible;
            this.asleep = asleep;
        }

        boolean chooseNext() {
            int left = possible & ~asleep & ~tried;
            chosen = Integer.numberOfTrailingZeros(left);
            return left != 0;
        }
    }

    private final List<Choice> path = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final Map<Object, Actor> byThread = new IdentityHashMap<>();
    private Actor running;

    private Explorer() {}

    /**
     * Tries some orders at random: for scenarios that have more than can be tried. Each run has a rate of its own at which threads
     * give way, as some errors show only when one thread goes far while the others stand still.
     *
     * @throws AssertionError from the scenario's check, with the steps that led there
     */
    public static void sample(Random random, int runs, Supplier<Scenario> scenarios) {
        for (int i = 0; i < runs; i++) {
            Explorer explorer = new Explorer();
            active = explorer;
            explorer.runAtRandom(random, scenarios.get());
        }
    }

    /**
     * Tries all orders.
     *
     * @return how many runs that took
     * @throws AssertionError from the scenario's check, with the steps that led there
     */
    public static int explore(Supplier<Scenario> scenarios) {
        Explorer explorer = new Explorer();
        active = explorer;
        int runs = 0;
        do {
            explorer.run(scenarios.get());
            runs++;
        } while (explorer.advance());
        return runs;
    }

    /**
     * Adds a thread; for {@link Scenario#start}, before the thread starts.
     *
     * @param thread what is passed to {@link #runnable} when it can run
     * @param resume runs it until it gives way
     */
    public void actor(String name, Object thread, Runnable resume) {
        Actor actor = new Actor(name, resume);
        actors.add(actor);
        byThread.put(thread, actor);
    }

    private void run(Scenario scenario) {
        actors.clear();
        byThread.clear();
        steps.clear();
        scenario.start(this);
        runChosen();
        end(scenario);
    }

    private void runAtRandom(Random random, Scenario scenario) {
        int stepsPerTurn = 1 << random.nextInt(LONGEST_TURNS);
        scenario.start(this);
        int turn = 0;
        for (int possible = possible(); possible != 0; possible = possible()) {
            if ((possible >>> turn & 1) == 0 || random.nextInt(stepsPerTurn) == 0) {
                turn = oneOf(random, possible);
            }
            step(actors.get(turn));
        }
        end(scenario);
    }

    private static int oneOf(Random random, int possible) {
        int left = possible;
        for (int skip = random.nextInt(Integer.bitCount(possible)); skip > 0; skip--) {
            left &= left - 1;
        }
        return Integer.numberOfTrailingZeros(left);
    }

    /** Checks what the threads have left, and lets those that wait for the scenario's end go on. */
    private void end(Scenario scenario) {
        try {
            scenario.check();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the steps were:\n" + String.join("\n", steps), e);
        }
        scenario.release();
        for (int possible = possible(); possible != 0; possible = possible()) {
            step(actors.get(Integer.numberOfTrailingZeros(possible)));
        }
    }

    private void runChosen() {
        int asleep = 0;
        boolean knownOrder = false;
        int depth = 0;
        for (int possible = possible(); possible != 0; possible = possible()) {
            int chosen = Integer.numberOfTrailingZeros(possible);
            if (!knownOrder) {
                Choice choice = choiceAt(depth, possible, asleep);
                knownOrder = choice == null;
                if (choice != null) {
                    chosen = choice.chosen;
                    asleep = independentOf(chosen, choice.asleep | choice.tried);
                }
            }
            step(actors.get(chosen));
            depth++;
        }
    }

    /** What to do at a point: as on the path, or the first time here. Null if all that is possible has been seen in another order. */
    private Choice choiceAt(int depth, int possible, int asleep) {
        if (depth < path.size()) {
            return path.get(depth);
        }
        Choice choice = new Choice(possible, asleep);
        if (!choice.chooseNext()) {
            return null;
        }
        path.add(choice);
        return choice;
    }

    /** Goes back to the last point where another choice is left; false if there is none. */
    private boolean advance() {
        while (!path.isEmpty()) {
            Choice last = path.getLast();
            last.tried |= 1 << last.chosen;
            if (last.chooseNext()) {
                return true;
            }
            path.removeLast();
        }
        return false;
    }

    private int possible() {
        int possible = 0;
        for (int i = 0; i < actors.size(); i++) {
            if (actors.get(i).canRun && actors.get(i).spinsOn == null) {
                possible |= 1 << i;
            }
        }
        return possible;
    }

    private int independentOf(int chosen, int others) {
        int independent = 0;
        for (int i = 0; i < actors.size(); i++) {
            if ((others >>> i & 1) != 0 && i != chosen && !actors.get(i).dependsOn(actors.get(chosen))) {
                independent |= 1 << i;
            }
        }
        return independent;
    }

    private void step(Actor actor) {
        Object touched = actor.next;
        steps.add(actor.name + ": "
                + (touched == null ? "goes on" : touched.getClass().getSimpleName()));
        if (steps.size() > MOST_STEPS) {
            throw new AssertionError("no end after " + steps.size() + " steps:\n" + String.join("\n", steps));
        }
        for (Actor other : actors) {
            if (other.spinsOn != null && other.spinsOn == touched) {
                other.spinsOn = null;
            }
        }
        actor.canRun = false;
        actor.next = null;
        running = actor;
        actor.resume.run();
        running = null;
    }

    // What the instrumented classes call.

    /** The calling thread is about to touch an object that others may see. */
    public static void point(Object object, boolean writes) {
        Actor actor = active.running;
        if (actor != null && Thread.currentThread().isVirtual()) {
            actor.next = object;
            actor.writes = writes;
            Thread.yield();
        }
    }

    /** The calling thread has found a spin lock taken. */
    public static void spin(Object lock) {
        Actor actor = active.running;
        if (actor != null) {
            actor.spinsOn = lock;
            point(lock, true);
        }
    }

    /** A thread can run: it gave way at a point, or was unparked. */
    public static void runnable(Object scheduler, Object thread) {
        Actor actor = active.byThread.get(thread);
        if (actor != null) {
            actor.canRun = true;
        }
    }
}
