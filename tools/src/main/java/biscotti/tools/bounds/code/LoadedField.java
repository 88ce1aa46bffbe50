package biscotti.tools.bounds.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;

/**
 * A declared field.
 *
 * @param owner the class that declares it
 * @param name its name
 * @param descriptor its type
 * @param isStatic whether it is the class's rather than the objects'
 * @param isFinal whether it is assigned once
 * @param isVolatile whether each read asks memory anew
 * @param isContended whether HotSpot puts padding around it
 */
public record LoadedField(
        LoadedClass owner,
        String name,
        String descriptor,
        boolean isStatic,
        boolean isFinal,
        boolean isVolatile,
        boolean isContended) {
    static final String CONTENDED = "Ljdk/internal/vm/annotation/Contended;";

    static LoadedField of(LoadedClass owner, FieldModel model) {
        boolean contended = model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(CONTENDED));
        return new LoadedField(
                owner,
                model.fieldName().stringValue(),
                model.fieldType().stringValue(),
                model.flags().has(AccessFlag.STATIC),
                model.flags().has(AccessFlag.FINAL),
                model.flags().has(AccessFlag.VOLATILE),
                contended);
    }

    /** What identifies it among all fields. */
    public String key() {
        return owner.name() + "." + name;
    }
}
