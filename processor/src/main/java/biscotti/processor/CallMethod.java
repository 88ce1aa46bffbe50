package biscotti.processor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;

/** A method annotated as a system call, as the processor read it. */
record CallMethod(
        ExecutableElement element,
        int number,
        String name,
        String support,
        String note,
        String familyType,
        String method,
        List<TypeKind> arguments) {

    static CallMethod of(ExecutableElement method) {
        Map<String, Object> values = new TreeMap<>(Map.of("support", "FULL", "note", ""));
        for (AnnotationMirror mirror : method.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().toString().equals(SystemCallProcessor.ANNOTATION)) {
                for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> value :
                        mirror.getElementValues().entrySet()) {
                    values.put(
                            value.getKey().getSimpleName().toString(),
                            value.getValue().getValue());
                }
            }
        }
        Element family = method.getEnclosingElement();
        if (family.getKind() != ElementKind.CLASS) {
            throw new IllegalArgumentException(family + " is no class");
        }
        return new CallMethod(
                method,
                (Integer) values.get("number"),
                (String) values.get("name"),
                values.get("support").toString(),
                (String) values.get("note"),
                ((TypeElement) family).getQualifiedName().toString(),
                method.getSimpleName().toString(),
                method.getParameters().stream()
                        .skip(1)
                        .map(parameter -> parameter.asType().getKind())
                        .toList());
    }

    boolean partial() {
        return support.endsWith("PARTIAL");
    }

    String familyName() {
        return familyType.substring(familyType.lastIndexOf('.') + 1);
    }

    /** The family's name as a field: {@code fileCalls}. */
    String field() {
        return Character.toLowerCase(familyName().charAt(0)) + familyName().substring(1);
    }

    String row() {
        return number + "\t" + name + "\t" + (partial() ? "partial" : "full") + "\t" + familyName() + "\t" + note
                + "\n";
    }
}
