package biscotti.ext4;

/** Features that a file system may have: the field values of "The Super Block". What is not here is not known. */
final class Features {
    /** Compatible: there is a journal. */
    static final int JOURNAL = 0x4;

    /** Compatible: there are extended attributes. */
    static final int ATTRIBUTES = 0x8;

    /** Compatible: directories may have an index by hashes. */
    static final int DIRECTORY_INDEX = 0x20;

    /** Compatible: copies of the superblock are in two groups only, that are told. */
    static final int SPARSE_SUPER_2 = 0x200;

    /** Compatible: a file has the numbers of orphans. */
    static final int ORPHAN_FILE = 0x1000;

    /** Incompatible: directory entries tell the type of file. */
    static final int FILE_TYPE = 0x2;

    /** Incompatible: the journal has what is to be written first. */
    static final int RECOVER = 0x4;

    /** Incompatible: descriptors lie in the groups that they describe. */
    static final int META_BG = 0x10;

    /** Incompatible: files may have extents. */
    static final int EXTENTS = 0x40;

    /** Incompatible: there may be 2^32 blocks and more. */
    static final int WIDE = 0x80;

    /** Incompatible: bitmaps and inode tables of a group may lie in another. */
    static final int FLEX_BG = 0x200;

    /** Incompatible: values of attributes may be in inodes of their own. */
    static final int ATTRIBUTE_INODES = 0x400;

    /** Incompatible: the seed of checksums is in the superblock. */
    static final int CHECKSUM_SEED = 0x2000;

    /** Incompatible: directories may have 2 GB and more, and three levels of index. */
    static final int LARGE_DIRECTORIES = 0x4000;

    /** Compatible for reading: superblocks are in some groups only. */
    static final int SPARSE_SUPER = 0x1;

    /** Compatible for reading: there are files of 2 GB and more. */
    static final int LARGE_FILES = 0x2;

    /** Compatible for reading: what a file takes may be counted in its blocks. */
    static final int HUGE_FILES = 0x8;

    /** Compatible for reading: descriptors of groups have checksums of 16 bits. */
    static final int DESCRIPTOR_CHECKSUMS = 0x10;

    /** Compatible for reading: a directory with more than 65000 links counts one. */
    static final int MANY_SUBDIRECTORIES = 0x20;

    /** Compatible for reading: inodes have a number of bytes more. */
    static final int EXTRA_INODE_SIZE = 0x40;

    /** Compatible for reading: several blocks are given out as one. */
    static final int CLUSTERS = 0x200;

    /** Compatible for reading: all has checksums of 32 bits. */
    static final int METADATA_CHECKSUMS = 0x400;

    /** Compatible for reading: the file of orphans is not empty. */
    static final int ORPHANS_PRESENT = 0x10000;

    /** The incompatible ones that are known. */
    static final int READABLE =
            FILE_TYPE | RECOVER | META_BG | EXTENTS | WIDE | FLEX_BG | CHECKSUM_SEED | LARGE_DIRECTORIES;

    /** Those compatible for reading that who writes knows, too. */
    static final int WRITABLE = SPARSE_SUPER
            | LARGE_FILES
            | HUGE_FILES
            | DESCRIPTOR_CHECKSUMS
            | MANY_SUBDIRECTORIES
            | EXTRA_INODE_SIZE
            | METADATA_CHECKSUMS;

    /** The incompatible ones of ext2. */
    static final int OF_EXT2 = FILE_TYPE | META_BG;

    /** The incompatible ones of ext3. */
    static final int OF_EXT3 = OF_EXT2 | RECOVER;

    /** Compatible for reading, in ext2 and ext3: some superblocks, files of 2 GB and more, and one that nobody used. */
    static final int OF_EXT2_FOR_READING = 0x7;

    private Features() {}
}
