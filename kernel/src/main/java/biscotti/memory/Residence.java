package biscotti.memory;

/**
 * Which pages of a range of addresses are in memory.
 *
 * @param pages all of them; pages that were only read and are zeros do not count
 * @param sharedPages those whose frames are mapped, or held, elsewhere, too
 * @param proportionalBytes of each page its bytes divided by how many have its frame: "Pss" of proc(5)
 * @param hugePages those that are mapped by blocks of 2 MB: "AnonHugePages"
 * @param lazyPages those that may go when memory is short: "LazyFree"
 */
public record Residence(long pages, long sharedPages, long proportionalBytes, long hugePages, long lazyPages) {}
