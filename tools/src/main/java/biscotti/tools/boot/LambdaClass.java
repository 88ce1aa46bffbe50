package biscotti.tools.boot;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * The class of one lambda or method reference, as java.lang.invoke.LambdaMetafactory describes it: its fields are what is captured,
 * its only method calls the code. Its objects are as large as those that HotSpot's would be.
 */
final class LambdaClass {
    private static final String ONLY = "ONLY";

    private final ClassDesc type;
    private final ClassDesc nestHead;
    private final String name;
    private final MethodTypeDesc captured;
    private final MethodTypeDesc seen;
    private final DirectMethodHandleDesc code;

    /**
     * The class for a call site.
     *
     * @param type its name
     * @param nestHead the class at the head of the nest, whose members' private methods it may call
     */
    LambdaClass(ClassDesc type, ClassDesc nestHead, InvokeDynamicInstruction site) {
        this.type = type;
        this.nestHead = nestHead;
        this.name = site.name().stringValue();
        this.captured = site.typeSymbol();
        this.seen = (MethodTypeDesc) site.bootstrapArgs().get(0);
        this.code = (DirectMethodHandleDesc) site.bootstrapArgs().get(1);
    }

    /** The class file. */
    byte[] bytes(ClassFile files) {
        return files.build(type, builder -> {
            builder.withFlags(ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC);
            builder.withInterfaceSymbols(captured.returnType());
            builder.with(NestHostAttribute.of(nestHead));
            for (int i = 0; i < captured.parameterCount(); i++) {
                builder.withField(field(i), captured.parameterType(i), ACC_PRIVATE | ACC_FINAL);
            }
            constructor(builder);
            maker(builder);
            builder.withMethodBody(name, seen, ACC_PUBLIC | ACC_FINAL, this::call);
        });
    }

    private static String field(int index) {
        return "captured" + index;
    }

    private MethodTypeDesc constructorType() {
        return captured.changeReturnType(ConstantDescs.CD_void);
    }

    private void constructor(ClassBuilder builder) {
        builder.withMethodBody(ConstantDescs.INIT_NAME, constructorType(), ACC_PRIVATE, body -> {
            body.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
            for (int i = 0; i < captured.parameterCount(); i++) {
                ClassDesc kind = captured.parameterType(i);
                body.aload(0)
                        .loadLocal(TypeKind.from(kind), body.parameterSlot(i))
                        .putfield(type, field(i), kind);
            }
            body.return_();
        });
    }

    /** Makes an object from what is captured; it is always the same one if that is nothing. */
    private void maker(ClassBuilder builder) {
        if (captured.parameterCount() > 0) {
            builder.withMethodBody(CallSiteClasses.MAKE, captured, ACC_STATIC, body -> {
                body.new_(type).dup();
                for (int i = 0; i < captured.parameterCount(); i++) {
                    body.loadLocal(TypeKind.from(captured.parameterType(i)), body.parameterSlot(i));
                }
                body.invokespecial(type, ConstantDescs.INIT_NAME, constructorType())
                        .areturn();
            });
            return;
        }
        builder.withField(ONLY, type, ACC_PRIVATE | ACC_STATIC | ACC_FINAL);
        builder.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME,
                ConstantDescs.MTD_void,
                ACC_STATIC,
                body -> body.new_(type)
                        .dup()
                        .invokespecial(type, ConstantDescs.INIT_NAME, constructorType())
                        .putstatic(type, ONLY, type)
                        .return_());
        builder.withMethodBody(
                CallSiteClasses.MAKE,
                captured,
                ACC_STATIC,
                body -> body.getstatic(type, ONLY, type).areturn());
    }

    /** The method of the interface: passes on what was captured, then its own arguments. */
    private void call(CodeBuilder body) {
        List<ClassDesc> wanted = code.invocationType().parameterList();
        if (code.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR) {
            body.new_(code.owner()).dup();
        }
        int count = captured.parameterCount();
        for (int i = 0; i < count; i++) {
            body.aload(0).getfield(type, field(i), captured.parameterType(i));
        }
        for (int i = 0; i < seen.parameterCount(); i++) {
            body.loadLocal(TypeKind.from(seen.parameterType(i)), body.parameterSlot(i));
            convert(body, seen.parameterType(i), wanted.get(count + i));
        }
        invoke(body);
        convert(body, code.invocationType().returnType(), seen.returnType());
        body.return_(TypeKind.from(seen.returnType()));
    }

    private void invoke(CodeBuilder body) {
        ClassDesc owner = code.owner();
        MethodTypeDesc descriptor = MethodTypeDesc.ofDescriptor(code.lookupDescriptor());
        switch (code.kind()) {
            case STATIC, INTERFACE_STATIC ->
                body.invokestatic(owner, code.methodName(), descriptor, code.isOwnerInterface());
            // A private method of the nest, too.
            case VIRTUAL, SPECIAL -> body.invokevirtual(owner, code.methodName(), descriptor);
            case INTERFACE_VIRTUAL, INTERFACE_SPECIAL -> body.invokeinterface(owner, code.methodName(), descriptor);
            case CONSTRUCTOR -> body.invokespecial(owner, ConstantDescs.INIT_NAME, descriptor);
            default -> throw new IllegalStateException("no code of a lambda: " + code);
        }
    }

    /** Makes a value of one type one of another, as assignments in Java do. */
    private static void convert(CodeBuilder body, ClassDesc from, ClassDesc to) {
        if (from.equals(to)) {
            return;
        }
        TypeKind source = TypeKind.from(from);
        TypeKind target = TypeKind.from(to);
        if (target == TypeKind.VOID) {
            if (source.slotSize() == 2) {
                body.pop2();
            } else {
                body.pop();
            }
        } else if (source != TypeKind.REFERENCE && target != TypeKind.REFERENCE) {
            body.conversion(source, target);
        } else if (source != TypeKind.REFERENCE) {
            ClassDesc box = boxOf(source);
            body.invokestatic(box, "valueOf", MethodTypeDesc.of(box, from));
        } else if (target != TypeKind.REFERENCE) {
            ClassDesc box = boxOf(target);
            body.checkcast(box).invokevirtual(box, to.displayName() + "Value", MethodTypeDesc.of(to));
        } else if (!to.equals(ConstantDescs.CD_Object)) {
            body.checkcast(to);
        }
    }

    private static ClassDesc boxOf(TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case BYTE -> ConstantDescs.CD_Byte;
            case CHAR -> ConstantDescs.CD_Character;
            case DOUBLE -> ConstantDescs.CD_Double;
            case FLOAT -> ConstantDescs.CD_Float;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            case SHORT -> ConstantDescs.CD_Short;
            case REFERENCE, VOID -> throw new IllegalArgumentException(kind + " has no box");
        };
    }
}
