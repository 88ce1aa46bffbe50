package biscotti.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import jdk.internal.misc.Unsafe;

/**
 * Where HotSpot keeps things: the table {@code gHotSpotVMStructs} that its library exports for debuggers (vmStructs.hpp). An
 * entry has the name of a type, the name of a field, and the field's offset, or its address if it is static.
 *
 * <p>Unsafe memory is read only inside the table and the C strings that it points to.
 */
final class VmStructs {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final SymbolLookup library = SymbolLookup.libraryLookup(
            Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so"), Arena.global());
    private final long table = exported("gHotSpotVMStructs");
    private final long stride = exported("gHotSpotVMStructEntryArrayStride");
    private final long typeName = exported("gHotSpotVMStructEntryTypeNameOffset");
    private final long fieldName = exported("gHotSpotVMStructEntryFieldNameOffset");
    private final long offset = exported("gHotSpotVMStructEntryOffsetOffset");
    private final long address = exported("gHotSpotVMStructEntryAddressOffset");

    private long exported(String name) {
        return UNSAFE.getLong(library.findOrThrow(name).address());
    }

    /** The offset of a field in its type. */
    long offset(String type, String field) {
        return UNSAFE.getLong(entry(type, field) + offset);
    }

    /** The address of a static field. */
    long address(String type, String field) {
        return UNSAFE.getLong(entry(type, field) + address);
    }

    private long entry(String type, String field) {
        for (long entry = table; UNSAFE.getLong(entry + typeName) != 0; entry += stride) {
            if (isText(UNSAFE.getLong(entry + fieldName), field) && isText(UNSAFE.getLong(entry + typeName), type)) {
                return entry;
            }
        }
        throw new IllegalStateException("this HotSpot has no " + type + "::" + field);
    }

    /** Whether the C string at an address is {@code text}. */
    static boolean isText(long string, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (UNSAFE.getByte(string + i) != text.charAt(i)) {
                return false;
            }
        }
        return UNSAFE.getByte(string + text.length()) == 0;
    }
}
