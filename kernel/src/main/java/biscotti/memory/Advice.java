package biscotti.memory;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.abi.Mman;
import biscotti.bounded.Rounds;

/** What a program says about how it uses its memory: madvise(2), but for MADV_POPULATE_ and MADV_REMOVE. The space's lock is held. */
final class Advice {
    private final RegionMap regions;
    private final RegionEditor editor;
    private final Pages pages;

    Advice(AddressSpace space, RegionEditor editor) {
        this.regions = space.regions;
        this.editor = editor;
        this.pages = space.pages;
    }

    /**
     * Takes advice about a range of whole pages.
     *
     * @return 0; -EINVAL; -ENOMEM if part of it is not mapped; -EAGAIN if the heap is short
     */
    long take(long start, long end, int advice, Rounds rounds) {
        int huge = Region.HUGE_PAGES;
        int small = Region.NO_HUGE_PAGES;
        return switch (advice) {
            case Mman.MADV_NORMAL,
                    Mman.MADV_RANDOM,
                    Mman.MADV_SEQUENTIAL,
                    Mman.MADV_WILLNEED,
                    Mman.MADV_MERGEABLE,
                    Mman.MADV_UNMERGEABLE,
                    Mman.MADV_DONTDUMP,
                    Mman.MADV_DODUMP -> editor.isMapped(start, end) ? 0 : -ENOMEM;
            case Mman.MADV_COLD, Mman.MADV_PAGEOUT ->
                hasAny(start, end, Region.LOCKED, false) ? -EINVAL : editor.isMapped(start, end) ? 0 : -ENOMEM;
            case Mman.MADV_HUGEPAGE -> editor.changeFlags(start, end, small, huge, rounds);
            case Mman.MADV_NOHUGEPAGE -> editor.changeFlags(start, end, huge, small, rounds);
            case Mman.MADV_DONTNEED -> hasAny(start, end, Region.LOCKED, false) ? -EINVAL : drop(start, end);
            case Mman.MADV_DONTNEED_LOCKED -> drop(start, end);
            case Mman.MADV_FREE -> hasAny(start, end, Region.LOCKED, true) ? -EINVAL : makeLazy(start, end);
            case Mman.MADV_DONTFORK -> editor.changeFlags(start, end, 0, Region.DONT_FORK, rounds);
            case Mman.MADV_DOFORK -> editor.changeFlags(start, end, Region.DONT_FORK, 0, rounds);
            case Mman.MADV_WIPEONFORK ->
                hasAny(start, end, 0, true) ? -EINVAL : editor.changeFlags(start, end, 0, Region.WIPE_ON_FORK, rounds);
            case Mman.MADV_KEEPONFORK -> editor.changeFlags(start, end, Region.WIPE_ON_FORK, 0, rounds);
            default -> -EINVAL;
        };
    }

    /** Whether a region of a range has a flag, or is not private and anonymous. */
    private boolean hasAny(long start, long end, int flag, boolean orFile) {
        for (int i = regions.firstEndingAfter(start);
                i < regions.count() && regions.get(i).start() < end;
                i++) {
            Region region = regions.get(i);
            if (flag != 0 && region.has(flag) || orFile && (region.shared() || !region.anonymous())) {
                return true;
            }
        }
        return false;
    }

    private long makeLazy(long start, long end) {
        for (int i = regions.firstEndingAfter(start);
                i < regions.count() && regions.get(i).start() < end;
                i++) {
            Region region = regions.get(i);
            pages.makeLazy(Math.max(start, region.start()), Math.min(end, region.end()));
        }
        return editor.isMapped(start, end) ? 0 : -ENOMEM;
    }

    private long drop(long start, long end) {
        for (int i = regions.firstEndingAfter(start);
                i < regions.count() && regions.get(i).start() < end;
                i++) {
            Region region = regions.get(i);
            pages.drop(Math.max(start, region.start()), Math.min(end, region.end()));
        }
        return editor.isMapped(start, end) ? 0 : -ENOMEM;
    }
}
