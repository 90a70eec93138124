import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads lines of hexadecimal UTF-8, a pattern and then its texts, with commas between, and writes for each line where
 * java.util.regex finds the first match in each of the texts ("begin-end", or "none"), with commas between, or "error "
 * and why it does not take the pattern.
 */
public class JavaMatches {
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine())
            out.println(answer(line.split(",", -1)));
        out.flush();
    }

    private static String answer(String[] fields) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(text(fields[0]));
        } catch (PatternSyntaxException error) {
            return "error " + error.getMessage().replace('\n', ' ').replace('\r', ' ');
        }
        StringBuilder spans = new StringBuilder();
        for (int i = 1; i < fields.length; ++i) {
            Matcher matcher = pattern.matcher(text(fields[i]));
            spans.append(i > 1 ? "," : "").append(matcher.find() ? matcher.start() + "-" + matcher.end() : "none");
        }
        return spans.toString();
    }

    private static String text(String hexadecimal) {
        byte[] bytes = new byte[hexadecimal.length() / 2];
        for (int i = 0; i < bytes.length; ++i)
            bytes[i] = (byte) Integer.parseInt(hexadecimal.substring(2 * i, 2 * i + 2), 16);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
