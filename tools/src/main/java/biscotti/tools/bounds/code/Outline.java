package biscotti.tools.bounds.code;

import java.lang.classfile.ClassFileElement;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where the blocks of a method's code begin, and which may follow which; before anything is known of its values. */
final class Outline {
    /** One instruction with its place. */
    record Placed(Instruction instruction, int position, int line) {}

    /** A protected range of instructions (by their numbers) and its handler. */
    record Guard(int from, int to, int handler, String type) {}

    private final List<Placed> instructions = new ArrayList<>();
    private final Map<Label, Integer> targets = new HashMap<>();
    private final List<Guard> guards = new ArrayList<>();
    private final TreeSet<Integer> leaders = new TreeSet<>();

    Outline(CodeModel code) {
        place(code);
        for (ExceptionCatch guard : code.exceptionHandlers()) {
            guards.add(new Guard(
                    index(guard.tryStart()),
                    index(guard.tryEnd()),
                    index(guard.handler()),
                    guard.catchType().map(ClassEntry::asInternalName).orElse("java/lang/Throwable")));
        }
        findLeaders();
    }

    private void place(CodeModel code) {
        int position = 0;
        int line = 0;
        for (ClassFileElement element : code) {
            switch ((CodeElement) element) {
                case LabelTarget label -> targets.put(label.label(), instructions.size());
                case LineNumber number -> line = number.line();
                case Instruction instruction -> {
                    instructions.add(new Placed(instruction, position, line));
                    position += instruction.sizeInBytes();
                }
                default -> {}
            }
        }
    }

    private void findLeaders() {
        leaders.add(0);
        for (int i = 0; i < instructions.size(); i++) {
            if (endsBlock(instructions.get(i).instruction())) {
                leaders.add(i + 1);
                leaders.addAll(successors(i));
            }
        }
        for (Guard guard : guards) {
            leaders.addAll(List.of(guard.from(), guard.to(), guard.handler()));
        }
        leaders.removeIf(leader -> leader >= instructions.size());
    }

    private static boolean endsBlock(Instruction instruction) {
        return switch (instruction) {
            case BranchInstruction b -> true;
            case TableSwitchInstruction s -> true;
            case LookupSwitchInstruction s -> true;
            case ReturnInstruction r -> true;
            case ThrowInstruction t -> true;
            default -> false;
        };
    }

    /** The numbers of the instructions that may follow instruction {@code i}; a branch's target before what follows it. */
    List<Integer> successors(int i) {
        return switch (instructions.get(i).instruction()) {
            case BranchInstruction branch ->
                branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W
                        ? List.of(index(branch.target()))
                        : List.of(index(branch.target()), i + 1);
            case TableSwitchInstruction table -> cases(table.defaultTarget(), table.cases());
            case LookupSwitchInstruction table -> cases(table.defaultTarget(), table.cases());
            case ReturnInstruction end -> List.of();
            case ThrowInstruction end -> List.of();
            default -> List.of(i + 1);
        };
    }

    private List<Integer> cases(Label otherwise, List<SwitchCase> cases) {
        TreeSet<Integer> all = new TreeSet<>();
        all.add(index(otherwise));
        cases.forEach(one -> all.add(index(one.target())));
        return List.copyOf(all);
    }

    private int index(Label label) {
        return targets.getOrDefault(label, instructions.size());
    }

    List<Placed> instructions() {
        return instructions;
    }

    List<Guard> guards() {
        return guards;
    }

    /** Blocks by the number of their first instruction. */
    TreeMap<Integer, Block> blocks() {
        TreeMap<Integer, Block> blocks = new TreeMap<>();
        for (int leader : leaders) {
            blocks.put(leader, new Block(blocks.size(), instructions.get(leader).position()));
        }
        return blocks;
    }

    /** The number of the first instruction behind the block that begins at {@code leader}. */
    int end(int leader) {
        Integer next = leaders.higher(leader);
        return next == null ? instructions.size() : next;
    }
}
