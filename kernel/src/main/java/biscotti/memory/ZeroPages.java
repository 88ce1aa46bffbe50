package biscotti.memory;

import static biscotti.abi.Errno.ENXIO;

/** The source of private anonymous memory. The fault handler knows it, and makes its pages itself. */
final class ZeroPages implements PageSource {
    /** The only one. */
    static final ZeroPages SOURCE = new ZeroPages();

    private ZeroPages() {}

    @Override
    public long frameFor(long pageIndex, boolean write) {
        return -ENXIO;
    }

    @Override
    public void mapped() {}

    @Override
    public void unmapped() {}

    @Override
    public String name() {
        return "";
    }
}
