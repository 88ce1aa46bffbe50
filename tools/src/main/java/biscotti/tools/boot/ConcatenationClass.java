package biscotti.tools.boot;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * The class of one concatenation, as java.lang.invoke.StringConcatFactory describes it: it joins its parts one after another. Each
 * step makes a string, which the analyser of heap bounds counts.
 */
final class ConcatenationClass {
    /** Stands for an argument in the recipe. */
    private static final char ARGUMENT = '\1';

    /** Stands for a constant of the call site. */
    private static final char CONSTANT = '\2';

    private static final MethodTypeDesc JOIN = MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String);

    private final ClassDesc type;
    private final ClassDesc nestHead;
    private final MethodTypeDesc arguments;
    private final String recipe;
    private final List<ConstantDesc> constants;

    /** The class for a call site; {@code type} is its name. */
    ConcatenationClass(ClassDesc type, ClassDesc nestHead, InvokeDynamicInstruction site) {
        this.type = type;
        this.nestHead = nestHead;
        this.arguments = site.typeSymbol();
        this.recipe = (String) site.bootstrapArgs().getFirst();
        this.constants = site.bootstrapArgs().subList(1, site.bootstrapArgs().size());
    }

    /** The class file. */
    byte[] bytes(ClassFile files) {
        return files.build(type, builder -> {
            builder.withFlags(ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC);
            builder.with(NestHostAttribute.of(nestHead));
            builder.withMethodBody(CallSiteClasses.MAKE, arguments, ACC_STATIC, this::join);
        });
    }

    private void join(CodeBuilder body) {
        int argument = 0;
        int constant = 0;
        int parts = 0;
        for (int at = 0; at < recipe.length(); ) {
            int end = at;
            while (end < recipe.length() && recipe.charAt(end) != ARGUMENT && recipe.charAt(end) != CONSTANT) {
                end++;
            }
            if (end > at) {
                body.loadConstant(recipe.substring(at, end));
            } else if (recipe.charAt(at) == ARGUMENT) {
                pushText(body, argument++);
                end++;
            } else {
                body.loadConstant(String.valueOf(constants.get(constant++)));
                end++;
            }
            if (parts++ > 0) {
                body.invokevirtual(ConstantDescs.CD_String, "concat", JOIN);
            }
            at = end;
        }
        body.areturn();
    }

    private void pushText(CodeBuilder body, int argument) {
        ClassDesc kind = arguments.parameterType(argument);
        body.loadLocal(TypeKind.from(kind), body.parameterSlot(argument));
        ClassDesc shown = switch (TypeKind.from(kind)) {
            case BYTE, SHORT, INT -> ConstantDescs.CD_int;
            case REFERENCE -> ConstantDescs.CD_Object;
            default -> kind;
        };
        body.invokestatic(ConstantDescs.CD_String, "valueOf", MethodTypeDesc.of(ConstantDescs.CD_String, shown));
    }
}
