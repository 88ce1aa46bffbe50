package biscotti.machine.simulated;

import biscotti.machine.UserContext;

/** Registers in simulated memory. */
final class SimulatedUserContext extends UserContext {
    private final SimulatedMachine machine;
    private final SimulatedUserMode userMode;
    private final long frame;

    SimulatedUserContext(SimulatedMachine machine, SimulatedUserMode userMode, long frame) {
        super(machine, frame);
        this.machine = machine;
        this.userMode = userMode;
        this.frame = frame;
    }

    @Override
    protected long get(int offset) {
        return machine.memory().readLong(frame + offset);
    }

    @Override
    protected void set(int offset, long value) {
        machine.memory().writeLong(frame + offset, value);
    }

    @Override
    public int enter(long root) {
        return userMode.run(frame, root);
    }

    @Override
    protected void forget() {
        userMode.forget(frame);
    }
}
