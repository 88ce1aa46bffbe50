package biscotti.tools.bounds.flow;

import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * What a lambda or method reference does.
 *
 * @param name the method of the functional interface that it implements
 * @param implementation what that calls
 * @param captured the captured arguments, values of the method that has the lambda
 * @param type the parameters and result of the interface's method, as it is used
 */
record Lambda(
        String name, DirectMethodHandleDesc implementation, List<MethodClone.Argument> captured, MethodTypeDesc type) {}
