#include "predict/encoding.hpp"

#include "base/rng.hpp"

#include <limits>

namespace mulligan::predict
{

namespace
{

/// Rows' worth of the parent's rate in every rate.
constexpr double kPrior = 10.0;
constexpr std::uint64_t kBuckets = 256;
constexpr std::array<const char *, kWordCount> kNames{"class", "group", "rule", "exception", "template"};

std::string bucket(std::uint64_t hash)
{
    return std::to_string(hash % kBuckets);
}

} // namespace

Words wordsOf(const RetryContext &context)
{
    Words words;
    words[static_cast<size_t>(Word::Class)] = context.errorClass;
    words[static_cast<size_t>(Word::Group)] = model::groupOf(context.errorClass);
    words[static_cast<size_t>(Word::Rule)] = context.rule;
    if (!context.exceptionClass.empty())
        words[static_cast<size_t>(Word::Exception)] = bucket(base::stableHash(context.exceptionClass));
    if (context.templateHash != 0)
        words[static_cast<size_t>(Word::Template)] = bucket(context.templateHash);
    return words;
}

void Encoding::add(const Words &words, bool success)
{
    const auto count = [&](Count &c) {
        c.rows += 1.0;
        c.successes += success ? 1.0 : 0.0;
    };
    count(m_all);
    for (size_t w = 0; w < kWordCount; ++w)
        if (!words[w].empty())
            count(m_counts[w][words[w]]);
}

const Encoding::Count *Encoding::find(Word word, const std::string &value) const
{
    const auto &counts = m_counts[static_cast<size_t>(word)];
    const auto it = counts.find(value);
    return it == counts.end() ? nullptr : &it->second;
}

std::array<float, kWordCount> Encoding::encode(const Words &words) const
{
    std::array<float, kWordCount> out;
    out.fill(std::numeric_limits<float>::quiet_NaN());
    const auto rate = [](const Count *count, double parent) {
        return count == nullptr ? parent : (count->successes + kPrior * parent) / (count->rows + kPrior);
    };
    const auto word = [&](Word w) -> const std::string & { return words[static_cast<size_t>(w)]; };
    const auto set = [&](Word w, double value) { out[static_cast<size_t>(w)] = static_cast<float>(value); };
    const double all = rate(&m_all, 0.5);
    const double group = rate(find(Word::Group, word(Word::Group)), all);
    const double errorClass = rate(find(Word::Class, word(Word::Class)), group);
    set(Word::Group, group);
    set(Word::Class, errorClass);
    if (const Count *rule = find(Word::Rule, word(Word::Rule)))
        set(Word::Rule, rate(rule, errorClass));
    if (const Count *exception = find(Word::Exception, word(Word::Exception)))
        set(Word::Exception, rate(exception, all));
    if (const Count *pattern = find(Word::Template, word(Word::Template)))
        set(Word::Template, rate(pattern, errorClass));
    return out;
}

formats::Json Encoding::toJson() const
{
    const auto pair = [](const Count &count) {
        return formats::Json(formats::Json::Array{count.rows, count.successes});
    };
    formats::Json json;
    json.set("all", pair(m_all));
    for (size_t w = 0; w < kWordCount; ++w) {
        formats::Json table = formats::Json::object();
        for (const auto &[value, count] : m_counts[w])
            table.set(value, pair(count));
        json.set(kNames[w], std::move(table));
    }
    return json;
}

base::Result<Encoding> Encoding::fromJson(const formats::Json &json)
{
    const auto count = [](const formats::Json &pair) -> Count {
        return {pair.items()[0].number(), pair.items()[1].number()};
    };
    Encoding out;
    if (json["all"].size() != 2)
        return base::makeError(base::ErrorCode::Parse, "The encoding lacks its total `all`");
    out.m_all = count(json["all"]);
    for (size_t w = 0; w < kWordCount; ++w)
        for (const auto &[value, pair] : json[kNames[w]].members()) {
            if (pair.size() != 2)
                return base::makeError(base::ErrorCode::Parse, "The encoding of " + std::string(kNames[w]) + " '"
                                                                   + value + "' must be a pair of rows and successes");
            out.m_counts[w].emplace(value, count(pair));
        }
    return out;
}

} // namespace mulligan::predict
