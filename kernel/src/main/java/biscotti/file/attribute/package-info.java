/** Extended attributes of files (xattr(7)). */
package biscotti.file.attribute;
