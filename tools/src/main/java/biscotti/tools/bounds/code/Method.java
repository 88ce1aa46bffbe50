package biscotti.tools.bounds.code;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method that a class declares. */
public final class Method {
    private final ClassWorld world;
    private final LoadedClass owner;
    private final MethodModel model;
    private final String name;
    private final String descriptor;
    private Optional<Body> body;

    Method(ClassWorld world, LoadedClass owner, MethodModel model) {
        this.world = world;
        this.owner = owner;
        this.model = model;
        this.name = model.methodName().stringValue();
        this.descriptor = model.methodType().stringValue();
    }

    /** The class that declares it. */
    public LoadedClass owner() {
        return owner;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its type. */
    public String descriptor() {
        return descriptor;
    }

    /** Name and descriptor. */
    public String key() {
        return name + descriptor;
    }

    /** Its type, taken apart. */
    public MethodTypeDesc type() {
        return MethodTypeDesc.ofDescriptor(descriptor);
    }

    /** Whether it belongs to the class rather than to an object. */
    public boolean isStatic() {
        return model.flags().has(AccessFlag.STATIC);
    }

    /** Whether it has no body. */
    public boolean isAbstract() {
        return model.flags().has(AccessFlag.ABSTRACT);
    }

    /** Whether it is written in another language. */
    public boolean isNative() {
        return model.flags().has(AccessFlag.NATIVE);
    }

    /** The kinds of its parameters, the receiver first. */
    public List<TypeKind> parameterKinds() {
        List<TypeKind> kinds = new ArrayList<>();
        if (!isStatic()) {
            kinds.add(TypeKind.REFERENCE);
        }
        type().parameterList().forEach(type -> kinds.add(TypeKind.from(type).asLoadable()));
        return kinds;
    }

    /** The elements of an annotation that it carries: constants by name. */
    public Optional<Map<String, Object>> annotation(String type) {
        List<Annotation> annotations = model.findAttribute(Attributes.runtimeInvisibleAnnotations())
                .map(attribute -> attribute.annotations())
                .orElse(List.of());
        return annotations.stream()
                .filter(annotation -> annotation.className().equalsString("L" + type + ";"))
                .map(Annotations::constants)
                .findFirst();
    }

    /** Its code; empty if it is abstract or native. */
    public Optional<Body> body() {
        if (body == null) {
            body = model.code().map(code -> new BodyReader(world, this, code).read());
        }
        return body;
    }

    @Override
    public String toString() {
        return Types.simple(owner.name()) + "." + name;
    }
}
