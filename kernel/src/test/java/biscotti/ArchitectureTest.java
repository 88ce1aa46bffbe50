package biscotti;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Formatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The rules of docs/ARCHITECTURE.md that a program can check. */
class ArchitectureTest {
    /** The floors, lowest first: a package may use those of lower floors, and of its own where {@link #NEIGHBOURS} says so. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("machine", "abi", "bounded"),
            List.of("heap", "sched"),
            List.of("memory", "driver"),
            List.of("block", "net"),
            List.of("file"),
            List.of("ext4", "ipc", "process"),
            List.of("procfs"),
            List.of("syscall"),
            List.of("boot"));

    /** Within a floor, the first may use the second. */
    private static final List<List<String>> NEIGHBOURS =
            List.of(List.of("heap", "sched"), List.of("driver", "memory"), List.of("process", "ipc"));

    /** Classes of start-up code outside the packages that have nothing else. */
    private static final Set<String> STARTERS =
            Set.of("biscotti.file.tmpfs.ArchiveLoader", "biscotti.heap.Bounds", "biscotti.sched.HeldLocks");

    private static final JavaClasses KERNEL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("biscotti");

    private static String classesOf(String name) {
        return "biscotti." + name + "..";
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("biscotti.(*)..").should().beFreeOfCycles().check(KERNEL);
    }

    @Test
    void importsPointDownwards() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String name : FLOORS.get(floor)) {
                List<String> forbidden = new ArrayList<>();
                FLOORS.subList(floor, FLOORS.size())
                        .forEach(level -> level.stream()
                                .filter(other -> !other.equals(name) && !NEIGHBOURS.contains(List.of(name, other)))
                                .forEach(other -> forbidden.add(classesOf(other))));
                noClasses()
                        .that(resideInAPackage(classesOf(name)))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(forbidden.toArray(String[]::new)))
                        .allowEmptyShould(true)
                        .because(name + " lies below them, or beside them")
                        .check(KERNEL);
            }
        }
    }

    @Test
    void partsOfProcessDoNotKnowTheWhole() {
        noClasses()
                .that(resideInAnyPackage("biscotti.process.*.."))
                .should()
                .dependOnClassesThat(resideInAPackage("biscotti.process"))
                .because("process is put together from them")
                .check(KERNEL);
        slices().matching("biscotti.process.(*)..").should().beFreeOfCycles().check(KERNEL);
    }

    @Test
    void everyPackageHasAFloor() {
        List<String> all = new ArrayList<>();
        FLOORS.forEach(level -> level.forEach(name -> all.add(classesOf(name))));
        all.add("biscotti.processor.."); // compiles the kernel, is no part of it
        classes().should().resideInAnyPackage(all.toArray(String[]::new)).check(KERNEL);
    }

    @Test
    void onlyMachineTouchesRawMemory() {
        noClasses()
                .that(not(resideInAPackage(classesOf("machine"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.lang.foreign..", "jdk.internal.misc..", "sun.misc.."))
                .check(KERNEL);
    }

    @Test
    void onlySchedReflects() {
        noClasses()
                .that(not(resideInAPackage(classesOf("sched"))))
                .should()
                .dependOnClassesThat(resideInAPackage("java.lang.reflect.."))
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .orShould()
                .callMethod(MethodHandles.class, "privateLookupIn", Class.class, MethodHandles.Lookup.class)
                .check(KERNEL);
    }

    @Test
    void nothingHangsOnThreadsOrTheCollector() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.lang.ref.."))
                .check(KERNEL);
        noMethods().should().haveName("finalize").check(KERNEL);
    }

    /** What runs only when the kernel starts, or, as HeldLocks, only with assertions on. */
    private static final DescribedPredicate<JavaClass> STARTS_ONLY = describe(
            "start-up code",
            type -> type.getPackageName().startsWith("biscotti.boot")
                    || type.getPackageName().startsWith("biscotti.machine")
                    || type.getPackageName().startsWith("biscotti.processor")
                    || STARTERS.contains(type.getName().replaceFirst("\\$.*", "")));

    private static final DescribedPredicate<JavaClass> GROWS = describe(
            "a collection or buffer that grows, a stream or a regular expression",
            type -> type.getPackageName().startsWith("java.util.stream")
                    || type.getPackageName().startsWith("java.util.regex")
                    || type.isAssignableTo(StringBuilder.class)
                    || type.isAssignableTo(StringWriter.class)
                    || type.isAssignableTo(ByteArrayOutputStream.class)
                    || type.isAssignableTo(Formatter.class)
                    || type.isAssignableTo(StringJoiner.class)
                    || type.getPackageName().startsWith("java.util")
                            && !type.isInterface()
                            && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)));

    private static final DescribedPredicate<JavaAccess<?>> MAKES_SUCH = describe("make one of them", access -> {
        JavaClass owner = access.getTargetOwner();
        String method = access.getTarget().getName();
        boolean factory =
                owner.isEquivalentTo(List.class) || owner.isEquivalentTo(Set.class) || owner.isEquivalentTo(Map.class);
        return factory && List.of("of", "copyOf", "ofEntries").contains(method)
                || owner.isEquivalentTo(Arrays.class)
                        && List.of("asList", "stream").contains(method)
                || owner.isEquivalentTo(String.class)
                        && List.of("format", "formatted", "split", "replaceAll", "matches", "join", "lines", "chars")
                                .contains(method);
    });

    @Test
    void nothingGrowsWithoutBound() {
        noClasses()
                .that(not(STARTS_ONLY))
                .should()
                .dependOnClassesThat(GROWS)
                .orShould()
                .accessTargetWhere(MAKES_SUCH)
                .because(
                        "the heap each system call needs has a bound: biscotti.bounded has collections with a capacity")
                .check(KERNEL);
    }

    @Test
    void kernelThreadsDoNotWaitWithTheJdksTimers() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
                .check(KERNEL);
    }
}
