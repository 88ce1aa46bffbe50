package biscotti.process;

import biscotti.heap.KernelHeap;

/** Answers system calls as another handler does, and compares what each one allocates with its bound. */
final class CheckedCalls implements SystemCallHandler {
    private final SystemCallHandler calls;
    private final KernelHeap heap;

    CheckedCalls(SystemCallHandler calls, KernelHeap heap) {
        this.calls = calls;
        this.heap = heap;
    }

    @Override
    public long call(UserThread caller, int number) {
        long before = caller.kernelThread().allocated();
        long result = calls.call(caller, number);
        heap.overruns()
                .check(number, heap.bounds().call(number), caller.kernelThread().allocated() - before);
        return result;
    }
}
