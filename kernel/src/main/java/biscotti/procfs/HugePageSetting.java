package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.memory.HugePages;
import biscotti.memory.HugePages.Policy;

/** /sys/kernel/mm/transparent_hugepage/enabled: the names of all policies, the one that holds in brackets. */
final class HugePageSetting implements Setting {
    private static final int LONGEST = 8;

    private final HugePages pages;

    HugePageSetting(HugePages pages) {
        this.pages = pages;
    }

    /** What is read there. */
    String text() {
        return switch (pages.policy()) {
            case ALWAYS -> "[always] madvise never";
            case MADVISE -> "always [madvise] never";
            case NEVER -> "always madvise [never]";
        };
    }

    @Override
    public int set(Caller writer, long value) {
        return -EINVAL;
    }

    @Override
    public int setText(Caller writer, byte[] text, int length) {
        int end = Math.min(length, LONGEST);
        while (end > 0 && text[end - 1] <= ' ') {
            end--;
        }
        String word = Latin1.text(text, 0, end);
        if (word.equals("always")) {
            pages.setPolicy(Policy.ALWAYS);
        } else if (word.equals("madvise")) {
            pages.setPolicy(Policy.MADVISE);
        } else if (word.equals("never")) {
            pages.setPolicy(Policy.NEVER);
        } else {
            return -EINVAL;
        }
        return 0;
    }
}
