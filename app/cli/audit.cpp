#include "command.hpp"

#include "classify/pack_documents.hpp"
#include "formats/file.hpp"
#include "pipeline/audit.hpp"
#include "pipeline/audit_correction.hpp"
#include "pipeline/audit_replies.hpp"
#include "report/tables.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::vector<std::string> rules;
    std::optional<std::uint64_t> size;
    std::optional<std::uint64_t> minimum;
    std::optional<std::uint64_t> seed;
    std::string out;
    std::string answers;
    std::string who;
    size_t most = 20; ///< rows of a table
    bool addSamples = false;
};

/// What one call of the command did.
struct Done {
    store::AuditSample sample;
    store::AuditSample replaced; ///< the latest sample until this one was drawn; id 0: none, or nothing was drawn
    size_t replies = 0;          ///< rows of the answers file with an answer
    size_t rows = 0;             ///< all its rows
    std::vector<pipeline::AddedSample> added;
    std::vector<std::string> unclear;             ///< classes whose right rule was not clear
    std::vector<pipeline::FailingSample> failing; ///< of the rule files with what was added
    std::vector<std::string> written;             ///< rule files
};

/// Without a word on which, the latest sample; else the one asked for.
base::Result<void> chooseSample(store::Workspace &workspace, const Arguments &arguments, const std::stop_token &stop,
                                Done &done)
{
    MULLIGAN_TRY(auto latest, store::loadAuditSample(workspace));
    if (latest.id != 0 && !arguments.size && !arguments.minimum && !arguments.seed) {
        done.sample = std::move(latest);
        return {};
    }
    pipeline::AuditOptions options;
    options.size = arguments.size.value_or(options.size);
    options.minimum = arguments.minimum.value_or(options.minimum);
    options.seed = arguments.seed.value_or(options.seed);
    MULLIGAN_TRY(done.sample, pipeline::drawAudit(workspace, options, stop));
    if (done.sample.id > latest.id)
        done.replaced = std::move(latest);
    return {};
}

base::Result<std::string> answersText(const std::string &path)
{
    if (path == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    return formats::readTextFile(path);
}

base::Result<void> takeAnswers(store::Workspace &workspace, const Arguments &arguments, const classify::RulePack &pack,
                               Done &done)
{
    MULLIGAN_TRY(const std::string text, answersText(arguments.answers));
    const char *user = std::getenv("USER");
    const std::string who = !arguments.who.empty() ? arguments.who : user != nullptr ? user : "";
    MULLIGAN_TRY(const auto read, pipeline::readAuditReplies(text, arguments.answers, who));
    if (!arguments.size && !arguments.minimum && !arguments.seed) {
        MULLIGAN_TRY(done.sample, pipeline::sampleOfReplies(workspace, std::move(done.sample), read.replies));
    }
    auto stored = pipeline::answerAudit(workspace, done.sample, pack, read.replies, base::systemNow());
    if (!stored)
        return std::move(stored).error().in("file " + arguments.answers);
    done.replies = read.replies.size();
    done.rows = read.rows;
    MULLIGAN_TRY(done.sample, store::loadAuditSample(workspace, done.sample.id));
    return {};
}

base::Result<void> writeSheet(store::Workspace &workspace, const std::string &path, const store::AuditSample &sample)
{
    MULLIGAN_TRY(const auto lines, pipeline::auditSheet(workspace, sample));
    std::string text;
    for (const formats::Json &line : lines)
        text += formats::writeJson(line) + '\n';
    return formats::writeFileAtomically(path, text);
}

base::Result<void> addSamples(store::Workspace &workspace, const Arguments &arguments, Done &done)
{
    if (arguments.rules.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "--add-samples writes to rule files of your own",
                               "Name them with --rules.");
    MULLIGAN_TRY(const auto opened, classify::PackDocuments::open(arguments.rules));
    MULLIGAN_TRY(const auto corrections, pipeline::correctionsOf(workspace, done.sample, opened.documents.pack()));
    MULLIGAN_TRY(auto corrected, pipeline::withCorrections(opened.documents, corrections));
    MULLIGAN_TRY(done.failing, pipeline::failingSamples(corrected));
    MULLIGAN_TRY(const auto saved, classify::savePack(corrected.documents, opened.disk));
    done.added = std::move(corrected.added);
    done.unclear = std::move(corrected.unclear);
    done.written = saved.written;
    return {};
}

/// `why` is said where nothing is known.
void printEstimate(const char *name, const stats::Estimate &estimate, const std::string &why = {})
{
    if (estimate.sampled == 0)
        std::printf("  %-36s not known yet (%s)\n", name, why.c_str());
    else
        std::printf("  %-36s %8s (%s to %s)  %s of %s looked at\n", name, report::formatShare(estimate.value).c_str(),
                    report::formatShare(estimate.low).c_str(), report::formatShare(estimate.high).c_str(),
                    grouped(estimate.right).c_str(), grouped(estimate.sampled).c_str());
}

const char *kindOf(const pipeline::AddedSample &added)
{
    return added.kind == classify::SampleKind::Positive ? "positive" : "negative";
}

std::string firstLineOf(const std::string &text)
{
    constexpr size_t kMost = 100;
    const std::string line = text.substr(0, text.find('\n'));
    return line.size() <= kMost ? line : line.substr(0, kMost) + "...";
}

void printFailing(const Done &done, const std::vector<std::string> &rules)
{
    const auto added = static_cast<std::uint64_t>(
        std::count_if(done.failing.begin(), done.failing.end(), [](const auto &failing) { return failing.added; }));
    if (done.failing.empty()) {
        std::printf("All samples of the rule files pass\n");
        return;
    }
    std::printf("\n%s of the rule files %s now, %s of them added here:\n",
                counted(done.failing.size(), "sample").c_str(), done.failing.size() == 1 ? "fails" : "fail",
                grouped(added).c_str());
    for (const pipeline::FailingSample &failing : done.failing)
        std::printf("  %s:%d: %s: expected %s, got %s\n      %s\n", failing.file.c_str(), failing.line,
                    failing.failure.rule.c_str(), failing.failure.expected.c_str(), failing.failure.got.c_str(),
                    firstLineOf(failing.failure.sample).c_str());
    std::string paths;
    for (const std::string &path : rules)
        paths += ' ' + path;
    std::printf(
        "Mend these rules: a pattern that matches (or a higher priority) where a sample should be won, a narrower "
        "one or a 'none' where it should not match; until 'mulligan rules test --rules%s' passes. Then "
        "'mulligan classify' and 'mulligan audit' show what it changed.\n",
        paths.c_str());
}

void printSamples(const Done &done, const std::vector<std::string> &rules)
{
    std::printf("\n%s added, %s written\n", counted(done.added.size(), "sample").c_str(),
                counted(done.written.size(), "rule file").c_str());
    std::map<std::tuple<std::string, std::string, std::string, bool>, std::uint64_t> counts;
    for (const pipeline::AddedSample &added : done.added)
        ++counts[{added.rule, added.file, kindOf(added), added.tested}];
    for (const auto &[what, count] : counts)
        std::printf("  %s %s to %s (%s)%s\n", grouped(count).c_str(), std::get<2>(what).c_str(),
                    std::get<0>(what).c_str(), std::get<1>(what).c_str(),
                    std::get<3>(what) ? "" : ", which is not in force: its samples are not run until it is active");
    for (const std::string &errorClass : done.unclear)
        std::printf("  none positive for the class %s: it is not clear which of its rules should have won; name it as "
                    "\"right_rule\" in the answers\n",
                    errorClass.c_str());
    printFailing(done, rules);
}

void addSamplesJson(const Done &done, formats::Json &json)
{
    formats::Json added = formats::Json::array();
    for (const pipeline::AddedSample &each : done.added)
        added.push(formats::Json()
                       .set("rule", each.rule)
                       .set("file", each.file)
                       .set("kind", kindOf(each))
                       .set("sample", each.sample)
                       .set("tested", each.tested));
    formats::Json failing = formats::Json::array();
    for (const pipeline::FailingSample &each : done.failing)
        failing.push(formats::Json()
                         .set("rule", each.failure.rule)
                         .set("file", each.file)
                         .set("line", each.line)
                         .set("sample", each.failure.sample)
                         .set("expected", each.failure.expected)
                         .set("got", each.failure.got)
                         .set("added", each.added));
    const auto list = [](const std::vector<std::string> &texts) {
        formats::Json out = formats::Json::array();
        for (const std::string &text : texts)
            out.push(text);
        return out;
    };
    json.set("added", added).set("failing_samples", failing);
    json.set("unclear_classes", list(done.unclear)).set("written", list(done.written));
}

void printAnswers(const Done &done, const std::string &from)
{
    if (done.rows == 0)
        std::printf("No answer was read: %s holds no row\n", from.c_str());
    else if (done.replies == 0)
        std::printf("No answer was read: none of the %s rows of %s has one; set \"answer\" in them\n",
                    grouped(done.rows).c_str(), from.c_str());
    else
        std::printf("%s read from %s; %s of its rows %s none yet\n", counted(done.replies, "answer").c_str(),
                    from.c_str(), grouped(done.rows - done.replies).c_str(),
                    done.rows - done.replies == 1 ? "has" : "have");
}

/// What was drawn, where that is not what one would expect.
void printDraw(const Done &done, const pipeline::AuditFigures &figures, const Arguments &arguments)
{
    const store::AuditSample &sample = done.sample;
    if (figures.items > sample.size)
        std::printf("%s, more than the %s asked for, since %s of each of %s were asked for (--minimum)\n",
                    counted(figures.items, "failure").c_str(), grouped(sample.size).c_str(),
                    grouped(sample.minimum).c_str(), counted(sample.strata.size(), "class", "classes").c_str());
    const store::AuditSample &old = done.replaced;
    if (old.id == 0)
        return;
    const auto answered = static_cast<std::uint64_t>(
        std::count_if(old.items.begin(), old.items.end(), [](const auto &item) { return item.answer.has_value(); }));
    std::printf("It takes the place of sample %lld (seed %llu, %s answered), which is kept, its answers too: 'mulligan "
                "audit %s --seed %llu --size %llu --minimum %llu' shows it\n",
                static_cast<long long>(old.id), static_cast<unsigned long long>(old.seed), grouped(answered).c_str(),
                arguments.workspace.c_str(), static_cast<unsigned long long>(old.seed),
                static_cast<unsigned long long>(old.size), static_cast<unsigned long long>(old.minimum));
}

bool hasWrong(const pipeline::AuditFigure &figure)
{
    return figure.estimate.right < figure.estimate.sampled;
}

/// Those with wrong answers are what there is to do.
void printList(const std::string &what, std::vector<pipeline::AuditFigure> list, size_t most)
{
    if (list.empty())
        return;
    std::stable_partition(list.begin(), list.end(), &hasWrong);
    std::printf("\nPrecision by %s, those with wrong answers first, then most failures first\n", what.c_str());
    const size_t shown = std::min(most, list.size());
    for (size_t i = 0; i < shown; ++i)
        printEstimate(list[i].name.c_str(), list[i].estimate);
    if (list.size() > shown)
        std::printf("  and %s more; --most shows more rows, --json all\n",
                    counted(list.size() - shown, what, what == "class" ? "classes" : "").c_str());
}

void printText(const Done &done, const pipeline::AuditFigures &figures, const Arguments &arguments)
{
    if (!arguments.answers.empty())
        printAnswers(done, arguments.answers == "-" ? "standard input" : arguments.answers);
    std::printf("Sample %lld of %s, seed %llu: %s in %s, %s answered, %s still to be answered\n",
                static_cast<long long>(done.sample.id), base::formatDate(done.sample.drawn).c_str(),
                static_cast<unsigned long long>(done.sample.seed), counted(figures.items, "failure").c_str(),
                counted(done.sample.strata.size(), "class", "classes").c_str(), grouped(figures.answered).c_str(),
                grouped(figures.open).c_str());
    printDraw(done, figures, arguments);
    if (!arguments.out.empty())
        std::printf("The sheet is in %s: set \"answer\" to confirmed, corrected (and \"class\" to the right class, "
                    "\"right_rule\" "
                    "to the rule that should have won) or no_cause, then read it with --answers\n",
                    arguments.out.c_str());
    if (figures.gone > 0)
        std::printf("%s of the sample no longer in the workspace\n", counted(figures.gone, "failure").c_str());
    if (figures.changed > 0)
        std::printf("%s changed since the sample was drawn; figures are of the verdicts now\n",
                    counted(figures.changed, "verdict").c_str());
    if (figures.answered < figures.items)
        std::printf("Answers speak for %s of the failures\n", report::formatShare(figures.answeredPopulation).c_str());
    // Classes without an answer are in none of these figures; the unclassified are one of them.
    const bool all = figures.answeredPopulation >= 1.0;
    std::printf(
        "\nOf %s, with 95 %% intervals; shares are weighted to how many failures each class has, so they are not "
        "the shares of those looked at\n",
        all ? "all failures with a text" : "the failures that answers speak for, and of them alone");
    printEstimate("precision: right among classified", figures.precision, whyNoPrecision(figures));
    printEstimate("coverage: classified among caused", figures.coverage, whyNoShare(figures, figures.coverage));
    printEstimate("recall: rightly so among caused", figures.recall, whyNoShare(figures, figures.recall));
    printEstimate("a cause in the text", figures.cause, whyNoShare(figures, figures.cause));
    printList("class", figures.byClass, arguments.most);
    printList("rule", figures.byRule, arguments.most);
    if (arguments.addSamples)
        printSamples(done, arguments.rules);
    std::fflush(stdout);
}

base::Result<Done> work(store::Workspace &workspace, const Arguments &arguments, const classify::RulePack &pack,
                        const std::stop_token &stop)
{
    Done done;
    MULLIGAN_CHECK(chooseSample(workspace, arguments, stop, done));
    if (!arguments.answers.empty())
        MULLIGAN_CHECK(takeAnswers(workspace, arguments, pack, done));
    if (arguments.addSamples)
        MULLIGAN_CHECK(addSamples(workspace, arguments, done));
    if (!arguments.out.empty())
        MULLIGAN_CHECK(writeSheet(workspace, arguments.out, done.sample));
    return done;
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_CHECK(refuseExisting(arguments.out));
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWriteIfAllowed));
    MULLIGAN_TRY(const auto classifier, pipeline::workspaceClassifier(workspace, shipped, arguments.rules));
    MULLIGAN_TRY(const auto done, withProgress<Done>(globals, [&](auto stop, auto &) {
                     return work(workspace, arguments, classifier->pack(), stop);
                 }));
    const pipeline::AuditFigures figures = pipeline::auditFigures(done.sample);
    if (!globals.json) {
        printText(done, figures, arguments);
        return kDone;
    }
    formats::Json json = pipeline::auditJson(done.sample, figures);
    json.set("replaced_sample", done.replaced.id == 0 ? formats::Json() : formats::Json(done.replaced.id));
    json.set("replies", static_cast<std::uint64_t>(done.replies));
    json.set("rows_read", static_cast<std::uint64_t>(done.rows));
    json.set("samples_added", static_cast<std::uint64_t>(done.added.size()));
    if (arguments.addSamples)
        addSamplesJson(done, json);
    if (!arguments.out.empty())
        json.set("out", arguments.out);
    printJson(json);
    return kDone;
}

} // namespace

void addAudit(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand(
        "audit", "Say how precise the rules are and how much they cover, by a sample looked at by hand");
    command->footer(
        "Draws a random sample of verdicts, stratified by class, and writes it as a sheet to fill in (--out).\n"
        "Reads the answers (--answers), and says how precise the rules are and how much they cover, with intervals.\n"
        "The sheet is in a random order across the classes, the same for the same seed: answer as much of it from the "
        "top as there is time for, and the figures speak for all failures, with wider intervals.\n"
        "A sample is drawn when there is none or --size, --minimum or --seed ask for another one. It is stored in the "
        "workspace and is the current one until another is drawn; older ones and their answers are kept, and the same "
        "options show them again. Answers find the sample of their sheet by the ids.\n"
        "Keys of an answer: id (of the sheet); answer: confirmed, corrected or no_cause; class: with corrected, the "
        "right class; right_rule: with corrected, optional, the rule that should have won (it gets the sample that "
        "--add-samples writes); who. The sheet's other keys say which failure it is: leave them as they are.\n"
        "Precision, coverage and recall are weighted to all failures with a text, each class by how many it has.");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("--size", arguments->size, "Failures to look at (200)")->check(CLI::Range(1, 1'000'000));
    command
        ->add_option("--minimum", arguments->minimum,
                     "At least so many of each class, even if they are more than --size (3)")
        ->check(CLI::Range(0, 1'000'000));
    command->add_option("--seed", arguments->seed, "The same seed and sizes give the same sample (1)")
        ->check(CLI::Range(0, 2'000'000'000));
    command->add_option("--out", arguments->out, "Write the sheet, JSON Lines");
    command->add_option("--answers", arguments->answers, "Read answers, JSON Lines; '-' is standard input");
    command->add_option("--who", arguments->who, "Who answered; the system's user by default");
    command->add_option("--most", arguments->most, "Rows of each table at most (20)")->check(CLI::Range(1, 1'000'000));
    command->add_option(
        "--rules", arguments->rules,
        "Rule files or folders, or shipped; by default the workspace's own rules, which the window chooses, else "
        "the shipped pack");
    command->add_flag(
        "--add-samples", arguments->addSamples,
        "Write corrections into the rule files of --rules as samples, positive to the rule that should have "
        "won, negative to the one that did, and list the samples that the rules fail now");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
