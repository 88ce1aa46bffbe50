/**
 * /proc and /sys: the kernel and its processes described as files, in the formats of proc(5) that ps, top, free and their kin
 * read. A file's text is made when it is read from its start.
 */
package biscotti.procfs;
