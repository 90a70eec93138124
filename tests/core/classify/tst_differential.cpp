#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "base/rng.hpp"
#include "classify/classifier.hpp"
#include "text/pattern_set.hpp"

#include "../text/random_patterns.hpp"

#include <QtTest>

#include <array>
#include <map>
#include <memory>
#include <optional>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

constexpr int kPacks = 200;
constexpr int kTextsOfPack = 540;

/// Without a scanner, Boost.Regex alone.
std::shared_ptr<const Classifier> classifierOf(const RulePack &pack, std::optional<text::Scanner> scanner)
{
    ClassifierOptions options;
    options.prefilter = scanner.has_value();
    options.scanner = scanner.value_or(text::Scanner::Fitting);
    options.stepBudget = 200'000;
    auto made = Classifier::make(pack, options);
    return made ? std::move(made).value() : nullptr;
}

/// Makes packs of random rules, and texts that hold what their patterns look for.
class PackMaker
{
public:
    explicit PackMaker(base::Rng &rng) : m_rng(rng), m_patterns(rng, {}), m_rare(rng, {true, true, true}) {}

    RulePack pack()
    {
        m_examples.clear();
        RulePack out;
        for (std::uint64_t i = 0, count = 4 + m_rng.below(8); i < count; ++i)
            out.rules.push_back(rule("rule" + std::to_string(i)));
        return out;
    }

    std::string text()
    {
        static const std::vector<std::string> levels = {"INFO ", "10:00 WARN a: ", "ERROR ", "[debug] "};
        std::string out;
        for (std::uint64_t i = 0, count = 1 + m_rng.below(6); i < count; ++i) {
            if ((out.empty() || out.back() == '\n') && m_levels.chance(0.3))
                out += levels[m_levels.below(levels.size())];
            out += m_patterns.noise();
            if (m_rng.chance(0.6))
                out += m_examples[m_rng.below(m_examples.size())];
            if (m_rng.chance(0.3))
                out += m_rng.chance(0.2) ? "\r\n" : "\n";
        }
        if (m_rng.chance(0.05) && !out.empty())
            out[m_rng.below(out.size())] = static_cast<char>(m_rng.below(256));
        return out;
    }

private:
    Rule rule(const std::string &id)
    {
        Rule out;
        out.id = id;
        out.errorClass = "test." + id;
        out.caseless = m_rng.chance(0.25);
        out.multiline = m_rng.chance(0.35);
        out.priority = static_cast<int>(m_rng.below(3));
        out.where = static_cast<MatchWhere>(m_rng.chance(0.6) ? 2 : m_rng.below(4));
        out.lastLines = out.where == MatchWhere::LastLines ? static_cast<int>(1 + m_rng.below(4)) : 0;
        if (m_levels.chance(0.3))
            out.leastLevel = m_levels.chance(0.5) ? LeastLevel::Warn : LeastLevel::Error;
        if (m_rng.chance(0.3) && out.where != MatchWhere::Message)
            out.block = block(out);
        const bool captures = m_rng.chance(0.5);
        for (std::uint64_t i = 0, count = m_rng.below(3); i < count; ++i)
            out.all.push_back(pattern(out));
        for (std::uint64_t i = 0, count = (out.all.empty() ? 1 : 0) + m_rng.below(3); i < count; ++i)
            out.any.push_back(pattern(out));
        if (m_rng.chance(0.2))
            out.none.push_back(pattern(out));
        if (captures)
            out.captures = {{"name_a", "word"}, {"name_b", "word"}};
        return out;
    }

    Block block(const Rule &rule)
    {
        Block out;
        if (m_rng.chance(0.5)) {
            static const std::vector<std::string> heads = {"abc", "^at c", "^\\d", "error$", "^[^ ]", "cab:? "};
            out.from = heads[m_rng.below(heads.size())];
        } else {
            out.from = pattern(rule);
        }
        out.end = static_cast<Block::End>(m_rng.below(3));
        if (out.end == Block::End::Pattern)
            out.to = pattern(rule);
        out.maxLines = static_cast<int>(1 + m_rng.below(6));
        return out;
    }

    std::string pattern(const Rule &rule)
    {
        for (;;) {
            const RandomPattern drawn = m_rng.chance(0.2) ? m_rare.make() : m_patterns.make();
            if (!text::checkPattern({drawn.pattern, rule.caseless, rule.multiline}))
                continue;
            m_examples.push_back(drawn.example);
            return drawn.pattern;
        }
    }

    base::Rng &m_rng;
    base::Rng m_levels{20240531, "levels"};
    PatternMaker m_patterns;
    PatternMaker m_rare; ///< also of constructs that no required text is worked out for
    std::vector<std::string> m_examples;
};

std::string shown(const Rule &rule)
{
    std::string out = rule.id + " where " + std::string(name(rule.where)) + (rule.caseless ? " caseless" : "")
                      + (rule.multiline ? " multiline" : "") + " level " + std::string(name(rule.leastLevel));
    for (const auto &[key, list] : {std::pair("all", &rule.all), {"any", &rule.any}, {"none", &rule.none}})
        for (const std::string &pattern : *list)
            out += std::string("\n  ") + key + ": " + pattern;
    if (rule.block)
        out += "\n  block from " + rule.block->from + " to " + std::to_string(static_cast<int>(rule.block->end)) + " "
               + rule.block->to + " lines " + std::to_string(rule.block->maxLines);
    return out;
}

/// What the texts made the rules do, so that equality is known to mean something.
struct Tally {
    int pairs = 0;
    int undetermined = 0;
    int matches = 0;
    int blockMatches = 0;
    int lineMatches = 0;
    int caselessMatches = 0;
    int levelMatches = 0;
    int captures = 0;
    QStringList differences;

    void count(const Classifier &classifier, const model::Verdict &verdict)
    {
        captures += static_cast<int>(verdict.captures.size());
        for (const model::RuleMatch &match : verdict.matches) {
            const Rule &rule = *classifier.find(match.rule);
            matches += 1;
            blockMatches += rule.block ? 1 : 0;
            lineMatches += rule.multiline ? 1 : 0;
            caselessMatches += rule.caseless ? 1 : 0;
            levelMatches += rule.leastLevel != LeastLevel::Any ? 1 : 0;
        }
    }
};

} // namespace

/// Verdicts with either scanner before Boost.Regex and with Boost.Regex alone.
class TestDifferential : public QObject
{
    Q_OBJECT

private slots:
    void classify_randomPacksAndTexts_isTheSameWithAndWithoutPrefilter()
    {
        base::Rng rng(20240531, "differential");
        PackMaker maker(rng);
        Tally tally;
        for (int round = 0; round < kPacks; ++round) {
            const RulePack pack = maker.pack();
            const auto slow = classifierOf(pack, std::nullopt);
            const auto scanned = classifierOf(pack, text::Scanner::Vectorscan);
            const auto looked = classifierOf(pack, text::Scanner::LiteralScan);
            QVERIFY(slow && scanned && looked);
            compareOnTexts({scanned.get(), looked.get()}, *slow, maker, tally);
            if (tally.differences.size() >= 8)
                break;
        }
        qInfo(
            "%d pairs, %d undetermined, %d matches: %d in blocks, %d by lines, %d caseless, %d by levels; %d captures",
            tally.pairs, tally.undetermined, tally.matches, tally.blockMatches, tally.lineMatches,
            tally.caselessMatches, tally.levelMatches, tally.captures);
        QVERIFY2(tally.differences.isEmpty(), qPrintable(tally.differences.join(QStringLiteral("\n\n"))));
        QVERIFY(tally.pairs - tally.undetermined >= 100'000);
        QVERIFY2(tally.undetermined < tally.pairs / 50, "budgets must be the exception");
        QVERIFY2(tally.matches > 100'000 && tally.blockMatches > 5'000 && tally.lineMatches > 20'000
                     && tally.caselessMatches > 20'000 && tally.levelMatches > 20'000 && tally.captures > 2'000,
                 "the texts must make the patterns match often");
    }

private:
    static void compareOnTexts(const std::array<const Classifier *, 2> &fast, const Classifier &slow, PackMaker &maker,
                               Tally &tally)
    {
        std::array<text::Scratch, 2> scratches = {fast[0]->makeScratch(), fast[1]->makeScratch()};
        text::Scratch slowScratch = slow.makeScratch();
        for (int i = 0; i < kTextsOfPack; ++i) {
            const std::string text = maker.text();
            Subject subject;
            subject.text = text;
            const model::Verdict right = slow.classify(subject, slowScratch);
            const std::array<model::Verdict, 2> lefts = {fast[0]->classify(subject, scratches[0]),
                                                         fast[1]->classify(subject, scratches[1])};
            ++tally.pairs;
            if (!right.undetermined.empty() || !lefts[0].undetermined.empty() || !lefts[1].undetermined.empty()) {
                ++tally.undetermined;
                continue;
            }
            tally.count(slow, right);
            for (const model::Verdict &left : lefts)
                if (left != right) {
                    tally.differences.append(QString::fromStdString(difference(slow, left, right, text)));
                    return;
                }
        }
    }

    /// The rule on which two verdicts differ first.
    static std::string difference(const Classifier &classifier, const model::Verdict &left, const model::Verdict &right,
                                  const std::string &text)
    {
        std::map<std::string, std::vector<model::RuleMatch>> byRule;
        for (const model::RuleMatch &match : left.matches)
            byRule[match.rule].push_back(match);
        for (const model::RuleMatch &match : right.matches)
            byRule[match.rule].push_back(match);
        std::string out = "with and without the prefilter differ";
        for (const auto &[rule, matches] : byRule) {
            if (matches.size() == 2 && matches[0] == matches[1])
                continue;
            out += ": " + shown(*classifier.find(rule));
            for (const model::RuleMatch &match : matches)
                out += "\n  pattern " + std::to_string(match.pattern) + " at " + std::to_string(match.begin) + ".."
                       + std::to_string(match.end) + (match.winner ? " winner" : "");
            break;
        }
        return out + "\non: " + QByteArray::fromStdString(text).toPercentEncoding(" :.^$").toStdString();
    }
};

QTEST_APPLESS_MAIN(TestDifferential)
#include "tst_differential.moc"
