package biscotti.tools.run;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An amount of memory, or of a disk, on the command line: "512", "512M", "2G"; without a letter, in MB. */
public final class Megabytes implements ITypeConverter<Integer> {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,6})(|[kmg]b?|[kmg]ib)");

    @Override
    public Integer convert(String text) {
        Matcher amount = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!amount.matches()) {
            throw new TypeConversionException("'" + text + "' is no amount of memory such as 512M or 2G");
        }
        int number = Integer.parseInt(amount.group(1));
        return switch (amount.group(2).isEmpty() ? 'm' : amount.group(2).charAt(0)) {
            case 'k' -> number / 1024;
            case 'g' -> Math.multiplyExact(number, 1024);
            default -> number;
        };
    }
}
