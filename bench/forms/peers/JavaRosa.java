// JavaRosa as a driven process: a line asks, a line answers (../engines.py).
// Run as one file: java -cp ODK_Validate.jar JavaRosa.java

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;

public class JavaRosa {
    private static final Pattern STEP = Pattern.compile("([^/\\[]+)(?:\\[(\\d+)\\])?");
    private static final Pattern TEXT = Pattern.compile(">[^<\\s][^<]*</");

    private FormDef form;
    private FormEntryController controller;
    private final List<Double> spent = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // JavaRosa tells its own there
        new XFormsModule().registerModule();
        JavaRosa driver = new JavaRosa();
        BufferedReader asked =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        answers.println("ready");
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] given = line.split("\t", -1);
            driver.spent.clear();
            try {
                String proof = driver.run(given);
                StringBuilder reply = new StringBuilder("ok\t" + proof);
                driver.spent.forEach(ms -> reply.append('\t').append(ms));
                answers.println(reply);
            } catch (Throwable error) {
                String told = String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
                String name = error.getClass().getSimpleName();
                answers.println("no\t" + name + "\t" + told.substring(0, Math.min(200, told.length())));
            }
        }
    }

    private String run(String[] given) throws Exception {
        String[] texts = given.length > 3 ? Arrays.copyOfRange(given, 3, given.length) : null;
        return switch (given[0]) {
            case "load" -> load(given[1]);
            case "fill" -> fill(given[1]);
            case "answer" -> answer(given[1], given[2], texts);
            case "choose" -> choose(given[1], given[2], texts);
            case "survey" -> survey(given[1], Arrays.copyOfRange(given, 2, given.length));
            case "grow" -> grow(given[1], Integer.parseInt(given[2]));
            case "write" -> write(Integer.parseInt(given[1]));
            default -> throw new IllegalArgumentException(given[0]);
        };
    }

    private String load(String file) throws Exception {
        byte[] xform = Files.readAllBytes(Path.of(file));
        form = null;
        controller = null;
        timed(() -> {
            form = XFormUtils.getFormFromInputStream(new java.io.ByteArrayInputStream(xform));
            form.initialize(true, new InstanceInitializationFactory());
        });
        controller = new FormEntryController(new FormEntryModel(form));
        return told();
    }

    private String fill(String file) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        timed(() -> {
            for (String line : lines) {
                String[] pair = line.split("\t", 2);
                give(elementAt(pair[0]), pair[1]);
            }
        });
        return told();
    }

    private String answer(String path, String lookedAt, String[] texts) throws Exception {
        TreeElement element = elementAt(path);
        TreeElement other = elementAt(lookedAt);
        String[] seen = {""};
        for (String text : texts) {
            timed(() -> {
                give(element, text);
                IAnswerData value = other.getValue();
                seen[0] = value == null ? "" : value.uncast().getString();
            });
        }
        return seen[0];
    }

    private String choose(String path, String asked, String[] texts) throws Exception {
        TreeElement element = elementAt(path);
        FormEntryPrompt prompt = controller.getModel().getQuestionPrompt(indexOf(asked));
        List<String> labels = new ArrayList<>();
        for (String text : texts) {
            timed(() -> {
                give(element, text);
                labels.clear();
                for (SelectChoice choice : prompt.getSelectChoices()) {
                    labels.add(prompt.getSelectChoiceText(choice));
                }
            });
        }
        return labels.size() + " " + labels.get(labels.size() - 1);
    }

    private String survey(String path, String[] texts) throws Exception {
        TreeElement element = elementAt(path);
        List<TreeElement> leaves = new ArrayList<>();
        collect(form.getInstance().getRoot(), leaves);
        for (String text : texts) {
            timed(() -> {
                give(element, text);
                List<Object> states = new ArrayList<>();
                for (TreeElement leaf : leaves) {
                    states.add(leaf.getValue());
                    states.add(leaf.isRelevant());
                    states.add(leaf.isEnabled());
                    states.add(leaf.isRequired());
                }
            });
        }
        return told();
    }

    private String grow(String path, int count) throws Exception {
        double sum = 0;
        for (int made = 0; made < count; made++) {
            controller.jumpToIndex(promptFor(path)); // walking there is no part of it
            long began = System.nanoTime();
            controller.newRepeat();
            sum += (System.nanoTime() - began) / 1e6;
        }
        spent.add(sum);
        TreeElement parent = elementAt(path.substring(0, path.lastIndexOf('/')));
        String name = path.substring(path.lastIndexOf('/') + 1);
        return String.valueOf(parent.getChildMultiplicity(name));
    }

    private String write(int times) throws Exception {
        byte[][] made = new byte[1][];
        for (int run = 0; run < times; run++) {
            timed(() -> made[0] = new XFormSerializingVisitor().serializeInstance(form.getInstance()));
        }
        Matcher texts = TEXT.matcher(new String(made[0], StandardCharsets.UTF_8));
        return String.valueOf(texts.results().count());
    }

    private String told() {
        List<TreeElement> leaves = new ArrayList<>();
        collect(form.getInstance().getRoot(), leaves);
        List<TreeElement> relevant = leaves.stream().filter(TreeElement::isRelevant).toList();
        long answered = relevant.stream().filter(leaf -> leaf.getValue() != null).count();
        return leaves.size() + " leaves, " + relevant.size() + " relevant, " + answered + " answered";
    }

    private void give(TreeElement element, String text) {
        IAnswerData value = XFormAnswerDataParser.getAnswerData(text, element.getDataType(), null);
        form.setValue(value, element.getRef(), element, true);
    }

    private TreeElement elementAt(String path) {
        TreeElement here = form.getInstance().getRoot();
        String[] steps = path.substring(1).split("/");
        for (String step : Arrays.copyOfRange(steps, 1, steps.length)) {
            Matcher match = STEP.matcher(step);
            if (!match.matches()) throw new IllegalArgumentException(path);
            int place = match.group(2) == null ? 0 : Integer.parseInt(match.group(2)) - 1;
            here = here.getChild(match.group(1), place);
        }
        return here;
    }

    private static void collect(TreeElement element, List<TreeElement> leaves) {
        if (element.getMult() == TreeReference.INDEX_TEMPLATE) return;
        if (element.isLeaf()) leaves.add(element);
        for (int n = 0; n < element.getNumChildren(); n++) collect(element.getChildAt(n), leaves);
    }

    private FormIndex indexOf(String path) {
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        while (controller.stepToNextEvent() != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = controller.getModel().getFormIndex();
            if (plain(index.getReference()).equals(path)) return index;
        }
        throw new IllegalArgumentException(path);
    }

    private FormIndex promptFor(String path) {
        while (true) {
            if (controller.getModel().getEvent() == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                FormIndex index = controller.getModel().getFormIndex();
                if (plain(index.getReference()).equals(path)) return index;
            }
            if (controller.stepToNextEvent() == FormEntryController.EVENT_END_OF_FORM) {
                throw new IllegalArgumentException(path);
            }
        }
    }

    private static String plain(TreeReference reference) {
        return reference.toString(false).replaceAll("\\[[^\\]]*\\]", "");
    }

    private interface Work {
        void run() throws Exception;
    }

    private void timed(Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        spent.add((System.nanoTime() - began) / 1e6);
    }
}
