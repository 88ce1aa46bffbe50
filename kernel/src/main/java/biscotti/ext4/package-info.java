/**
 * The ext4 file system and its ancestors, as Linux's documentation "ext4 Data Structures and Algorithms" describes the disk. Structures are
 * read where the page cache has them; no number from the disk is used before it was compared with what the superblock allows.
 */
package biscotti.ext4;
