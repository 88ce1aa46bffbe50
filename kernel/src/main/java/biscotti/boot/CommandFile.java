package biscotti.boot;

import biscotti.abi.AtFlags;
import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.KernelTransfer;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A command too long for the command line: its words, each with a zero byte behind it, in a file of the root. */
final class CommandFile {
    private static final int LARGEST = 1 << 20;

    private CommandFile() {}

    /** The words; none if the file cannot be read. */
    static List<String> read(Caller caller, PhysicalMemory memory, String path) {
        Slot<OpenFile> opened = new Slot<>();
        if (OpenCall.open(caller, AtFlags.AT_FDCWD, path, OpenFlags.O_RDONLY, 0, opened) < 0) {
            return List.of();
        }
        OpenFile file = opened.get();
        byte[] bytes = new byte[(int) Math.min(LARGEST, file.vnode().size())];
        long length = file.read(caller, new KernelTransfer(memory, bytes, 0, bytes.length));
        file.release();
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                words.add(new String(bytes, start, i - start, StandardCharsets.ISO_8859_1));
                start = i + 1;
            }
        }
        return words;
    }
}
