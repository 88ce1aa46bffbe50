package biscotti.tools.bounds.code;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.util.HashMap;
import java.util.Map;

/** Reads the constants in annotations. */
final class Annotations {
    private Annotations() {}

    /** The elements that are written and are constants, by name; those of enums by their names. */
    static Map<String, Object> constants(Annotation annotation) {
        Map<String, Object> values = new HashMap<>();
        for (AnnotationElement element : annotation.elements()) {
            if (element.value() instanceof AnnotationValue.OfConstant constant) {
                values.put(element.name().stringValue(), constant.resolvedValue());
            } else if (element.value() instanceof AnnotationValue.OfEnum constant) {
                values.put(element.name().stringValue(), constant.constantName().stringValue());
            }
        }
        return values;
    }

    /** An element that is a number and has no default. */
    static long number(Annotation annotation, String name) {
        return ((Number) constants(annotation).get(name)).longValue();
    }
}
