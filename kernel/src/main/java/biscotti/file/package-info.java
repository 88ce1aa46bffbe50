/**
 * Files: vnodes, path walk, mounts, open file descriptions, descriptor tables and readiness.
 *
 * <p>A {@link biscotti.file.Vnode} is a file, whatever names it has; a {@link biscotti.file.Directory} is a vnode that
 * holds names. A {@link biscotti.file.Place} is a vnode as reached through a {@link biscotti.file.Mount}. A
 * {@link biscotti.file.PathWalk} turns a path into a place; {@link biscotti.file.OpenCall} turns it into an
 * {@link biscotti.file.OpenFile}, which a {@link biscotti.file.FileTable} names by a small number. Bytes move between a
 * file and a {@link biscotti.file.Transfer}, which is user memory or a kernel array.
 *
 * <h2>Ways of this package</h2>
 *
 * <ul>
 *   <li>A method that can fail returns a result that is negative, a negated {@link biscotti.abi.Errno}, if it did. An object
 *       that it makes or finds beside that comes in a {@link biscotti.file.Slot} that the caller hands in.
 *   <li>A descriptor that is not open is {@link biscotti.file.OpenFile#CLOSED}, whose every operation answers EBADF.
 *   <li>Names and paths are byte strings: a {@code String} with one char, 0 to 255, for each byte (ISO 8859-1).
 *   <li>Locks, outermost first: a mount table's or a file system's rename lock; directories (two only under the rename lock,
 *       ancestors first); one file's content; one file's frame map. User memory may be touched under a content lock, as
 *       page faults take frame-map locks only.
 * </ul>
 */
package biscotti.file;
