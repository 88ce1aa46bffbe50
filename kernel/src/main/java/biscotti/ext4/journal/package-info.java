/**
 * The journal: changes of several blocks that reach the disk all or not at all. Its form is that of Linux's jbd2, as "Journal
 * (jbd2)" of the kernel's documentation of ext4 describes it.
 */
package biscotti.ext4.journal;
