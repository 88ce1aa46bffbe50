package biscotti.machine;

/** Ring 3, through the shim. */
final class RealUserMode extends UserMode {
    @Override
    protected int run(long frame, long root) {
        return Shim.enterUser(Shim.DIRECT_MAP + frame, root);
    }
}
