package biscotti.tools.boot;

import java.io.ByteArrayInputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gives each lambda, method reference and concatenation of the kernel a class of its own in the kernel's jar.
 *
 * <p>HotSpot links such a place when it is first run: it makes a class for it then, which takes tens of kilobytes of the heap,
 * in a system call that has reserved a few dozen. A class of the jar is there, and initialised, when the first program starts.
 */
final class CallSiteClasses {
    private static final String LAMBDA = "LambdaMetafactory.metafactory";
    private static final String CONCATENATION = "StringConcatFactory.makeConcatWithConstants";

    /** The static method of each class that takes the place of the call site: it has the same arguments and result. */
    static final String MAKE = "make";

    private final ClassFile files;
    private final Map<String, byte[]> made = new LinkedHashMap<>();

    /** What was made, by the class at the head of its nest: those may use each other's private methods. */
    private final Map<ClassDesc, List<ClassDesc>> nests = new HashMap<>();

    private CallSiteClasses(Map<String, byte[]> classes) {
        ClassHierarchyResolver resolver = ClassHierarchyResolver.ofResourceParsing(type -> {
                    byte[] bytes = classes.get(nameOf(type));
                    return bytes == null ? null : new ByteArrayInputStream(bytes);
                })
                .orElse(ClassHierarchyResolver.defaultResolver());
        files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    }

    /** The same classes without such places, and the new classes; by internal name. */
    static Map<String, byte[]> of(Map<String, byte[]> classes) {
        CallSiteClasses work = new CallSiteClasses(classes);
        Map<String, byte[]> all = new LinkedHashMap<>();
        classes.forEach((name, bytes) -> all.put(name, work.withoutSites(bytes)));
        all.putAll(work.made);
        work.nests.forEach((head, members) -> all.compute(nameOf(head), (name, bytes) -> work.joined(bytes, members)));
        return all;
    }

    private static String nameOf(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private static String linker(InvokeDynamicInstruction site) {
        return site.bootstrapMethod().owner().displayName() + "."
                + site.bootstrapMethod().methodName();
    }

    private static boolean isReplaced(InvokeDynamicInstruction site) {
        String linker = linker(site);
        return linker.equals(LAMBDA) || linker.equals(CONCATENATION);
    }

    private static boolean hasSites(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof InvokeDynamicInstruction site && isReplaced(site));
    }

    private byte[] withoutSites(byte[] bytes) {
        ClassModel model = files.parse(bytes);
        if (model.methods().stream().noneMatch(CallSiteClasses::hasSites)) {
            return bytes;
        }
        ClassDesc host = model.thisClass().asSymbol();
        ClassDesc head = model.findAttribute(Attributes.nestHost())
                .map(NestHostAttribute::nestHost)
                .map(ClassEntry::asSymbol)
                .orElse(host);
        List<ClassDesc> members = nests.computeIfAbsent(head, key -> new ArrayList<>());
        int before = members.size();
        CodeTransform transform = (code, element) -> {
            if (element instanceof InvokeDynamicInstruction site && isReplaced(site)) {
                boolean lambda = linker(site).equals(LAMBDA);
                String suffix = (lambda ? "$Lambda$" : "$Concatenation$") + (members.size() - before);
                ClassDesc type = ClassDesc.ofDescriptor("L" + nameOf(host) + suffix + ";");
                members.add(type);
                byte[] file = lambda
                        ? new LambdaClass(type, head, site).bytes(files)
                        : new ConcatenationClass(type, head, site).bytes(files);
                made.put(nameOf(type), file);
                code.invokestatic(type, MAKE, site.typeSymbol());
            } else {
                code.with(element);
            }
        };
        return files.transformClass(
                model, ClassTransform.transformingMethodBodies(CallSiteClasses::hasSites, transform));
    }

    private byte[] joined(byte[] bytes, List<ClassDesc> more) {
        ClassModel model = files.parse(bytes);
        List<ClassDesc> members = model.findAttribute(Attributes.nestMembers()).stream()
                .flatMap(attribute -> attribute.nestMembers().stream().map(ClassEntry::asSymbol))
                .toList();
        ClassTransform transform = ClassTransform.dropping(CallSiteClasses::isNestMembers)
                .andThen(ClassTransform.endHandler(builder -> builder.with(NestMembersAttribute.ofSymbols(
                        Stream.concat(members.stream(), more.stream()).toList()))));
        return files.transformClass(model, transform);
    }

    private static boolean isNestMembers(ClassElement element) {
        return element instanceof NestMembersAttribute;
    }
}
