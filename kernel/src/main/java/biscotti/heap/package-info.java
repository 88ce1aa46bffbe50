/**
 * The kernel's own memory never runs out: the Java heap is fixed, and no work begins before what it may need at worst is
 * reserved.
 *
 * <p>The rule is <i>live + reserved + asked for &lt;= budget</i>, kept by {@link biscotti.heap.HeapBudget}. How much a system
 * call or another unit of work may need stands in {@link biscotti.heap.Bounds}, found by the analyser when the kernel is
 * built. Each thread has a {@link biscotti.heap.Reservation}, which takes from the budget where the thread holds no lock and
 * waits there if it must. When somebody waits, the {@link biscotti.heap.Killer} collects, shrinks caches, and at last ends the
 * process that retains most.
 *
 * <p>docs/heap.md explains it as a whole.
 */
package biscotti.heap;
