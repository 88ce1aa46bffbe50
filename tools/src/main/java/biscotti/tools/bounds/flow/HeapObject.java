package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Node;
import biscotti.tools.bounds.code.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All objects that one instruction of one {@link MethodClone} makes; or that are there from the start. */
public final class HeapObject {
    private final int id;
    private final String type;
    private final Optional<MethodClone> maker;
    private final Node site;
    private final String label;
    final Map<String, Integer> fields = new HashMap<>();
    /** What it does when called, if it is a lambda. */
    Optional<Lambda> lambda = Optional.empty();
    /** The text, if it is a constant string. */
    Optional<String> text = Optional.empty();
    /** How long an array is: the length's node in the maker, empty if it comes from elsewhere. */
    Optional<ArrayLength> length = Optional.empty();

    HeapObject(int id, String type, Optional<MethodClone> maker, Node site, String label) {
        this.id = id;
        this.type = type;
        this.maker = maker;
        this.site = site;
        this.label = label;
    }

    /** Its number. */
    public int id() {
        return id;
    }

    /** The internal name of its class, or the descriptor of its array type. */
    public String type() {
        return type;
    }

    /** The method that makes it; empty if it is there from the start. */
    public Optional<MethodClone> maker() {
        return maker;
    }

    /** The instruction that makes it; null if it is there from the start. */
    public Node site() {
        return site;
    }

    /** How long it is, if it is an array. */
    public Optional<ArrayLength> length() {
        return length;
    }

    /** The text of a constant string. */
    public Optional<String> text() {
        return text;
    }

    /** The variables of its fields. */
    public Map<String, Integer> fields() {
        return fields;
    }

    /** How many clones of classes it takes to tell it apart: 0 for objects that no cloned method makes. */
    int depth() {
        return maker.map(MethodClone::depth).orElse(0);
    }

    /** What it is, for a person. */
    public String describe() {
        List<String> words = new ArrayList<>();
        words.add(Types.isArray(type) ? type : Types.simple(type));
        if (!label.isEmpty()) {
            words.add("(" + label + ")");
        }
        return String.join(" ", words);
    }

    @Override
    public String toString() {
        return describe()
                + maker.map(clone -> " of " + clone + ":" + site.line()).orElse("");
    }
}
