package biscotti.tools.bounds.code;

import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * A call site that a bootstrap method links.
 *
 * @param bootstrap what links it
 * @param name the name that it is given
 * @param type the types of the arguments and of the result
 * @param arguments the bootstrap method's further arguments
 */
public record DynamicCall(
        DirectMethodHandleDesc bootstrap, String name, MethodTypeDesc type, List<ConstantDesc> arguments) {
    /** Whether it is a lambda or method reference. */
    public boolean isLambda() {
        return linker().equals("LambdaMetafactory.metafactory");
    }

    /** Whether it joins strings. */
    public boolean isConcatenation() {
        return linker().equals("StringConcatFactory.makeConcatWithConstants");
    }

    /** The bootstrap's class and name: {@code LambdaMetafactory.metafactory}. */
    public String linker() {
        return bootstrap.owner().displayName() + "." + bootstrap.methodName();
    }
}
