package biscotti.tools.bounds.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A class file, with its supertypes. */
public final class LoadedClass {
    private final ClassModel model;
    private final String name;
    private final boolean kernel;
    private final Optional<LoadedClass> superclass;
    private final List<LoadedClass> interfaces = new ArrayList<>();
    private final Set<String> supertypes = new HashSet<>();
    private final Map<String, Method> methods = new LinkedHashMap<>();
    private final Map<String, LoadedField> fields = new LinkedHashMap<>();
    private final Map<String, Optional<Method>> found = new LinkedHashMap<>();

    LoadedClass(ClassWorld world, ClassModel model, boolean kernel) {
        this.model = model;
        this.kernel = kernel;
        this.name = model.thisClass().asInternalName();
        this.superclass = model.superclass().flatMap(entry -> world.find(entry.asInternalName()));
        model.interfaces().forEach(entry -> world.find(entry.asInternalName()).ifPresent(interfaces::add));
        supertypes.add(name);
        superclass.ifPresent(parent -> supertypes.addAll(parent.supertypes));
        interfaces.forEach(parent -> supertypes.addAll(parent.supertypes));
        model.methods().forEach(method -> {
            Method loaded = new Method(world, this, method);
            methods.put(loaded.key(), loaded);
        });
        model.fields().forEach(field -> {
            LoadedField loaded = LoadedField.of(this, field);
            fields.put(loaded.name(), loaded);
        });
    }

    /** Its internal name. */
    public String name() {
        return name;
    }

    /** Whether it is the kernel's and not the JDK's. */
    public boolean isKernel() {
        return kernel;
    }

    /** Its package, with slashes. */
    public String packageName() {
        int end = name.lastIndexOf('/');
        return end < 0 ? "" : name.substring(0, end);
    }

    /** The class that it extends; {@code Object} extends none. */
    public Optional<LoadedClass> superclass() {
        return superclass;
    }

    /** The file it was compiled from. */
    public String sourceFile() {
        return model.findAttribute(Attributes.sourceFile())
                .map(attribute -> attribute.sourceFile().stringValue())
                .orElse(Types.simple(name));
    }

    /** Whether it can have no objects of its own. */
    public boolean isAbstract() {
        return model.flags().has(AccessFlag.ABSTRACT) || isInterface();
    }

    /** Whether it is an interface. */
    public boolean isInterface() {
        return model.flags().has(AccessFlag.INTERFACE);
    }

    /** Whether it is {@code type}, extends or implements it. */
    public boolean isSubtypeOf(String type) {
        return supertypes.contains(type) || type.equals(Types.OBJECT);
    }

    /** The methods that it declares. */
    public Collection<Method> methods() {
        return methods.values();
    }

    /** The fields that it declares. */
    public Collection<LoadedField> fields() {
        return fields.values();
    }

    /** Whether it carries an annotation that is kept in class files only. */
    public boolean isAnnotated(String type) {
        return model.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString("L" + type + ";"));
    }

    /** Whether HotSpot puts padding around all its fields. */
    public boolean isContended() {
        return model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(LoadedField.CONTENDED));
    }

    /** The method that a call of {@code key} on an object of this class runs (JVMS 5.4.6), or the declaration found. */
    public Optional<Method> find(String key) {
        Optional<Method> known = found.get(key);
        if (known == null) {
            known = inClasses(key).or(() -> inInterfaces(key));
            found.put(key, known);
        }
        return known;
    }

    /** A method that this class itself declares. */
    public Optional<Method> declared(String key) {
        return Optional.ofNullable(methods.get(key));
    }

    private Optional<Method> inClasses(String key) {
        for (Optional<LoadedClass> at = Optional.of(this); at.isPresent(); at = at.get().superclass) {
            Method method = at.get().methods.get(key);
            if (method != null) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    /** The most specific one of the interfaces'; one with a body before one without. */
    private Optional<Method> inInterfaces(String key) {
        Optional<Method> best = Optional.empty();
        for (Optional<LoadedClass> at = Optional.of(this); at.isPresent(); at = at.get().superclass) {
            for (LoadedClass parent : at.get().interfaces) {
                Optional<Method> candidate =
                        Optional.ofNullable(parent.methods.get(key)).or(() -> parent.inInterfaces(key));
                if (candidate.isPresent() && (best.isEmpty() || isMoreSpecific(candidate.get(), best.get()))) {
                    best = candidate;
                }
            }
        }
        return best;
    }

    private static boolean isMoreSpecific(Method candidate, Method best) {
        if (candidate.isAbstract() != best.isAbstract()) {
            return best.isAbstract();
        }
        return candidate.owner().isSubtypeOf(best.owner().name());
    }

    /** The field of that name here or in a supertype. */
    public Optional<LoadedField> findField(String field) {
        LoadedField own = fields.get(field);
        if (own != null) {
            return Optional.of(own);
        }
        for (LoadedClass parent : interfaces) {
            Optional<LoadedField> inherited = parent.findField(field);
            if (inherited.isPresent()) {
                return inherited;
            }
        }
        return superclass.flatMap(parent -> parent.findField(field));
    }

    @Override
    public String toString() {
        return name;
    }
}
