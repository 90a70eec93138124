#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "predict/context.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mulligan::predict
{

/// What a decision point is, in words: class, group and rule by name, exception class and template by bucket.
enum class Word { Class, Group, Rule, Exception, Template };
inline constexpr size_t kWordCount = 5;
/// The value of every word, "" where there is none.
using Words = std::array<std::string, kWordCount>;
[[nodiscard]] Words wordsOf(const RetryContext &context);

/// Words as numbers: the success rate of retries after failures with that word in the training rows, shrunk towards
/// the rate of what the word belongs to (a rule's class, a class's group, all).
class Encoding
{
public:
    void add(const Words &words, bool success);
    /// NaN where a word is absent or was never seen.
    [[nodiscard]] std::array<float, kWordCount> encode(const Words &words) const;

    [[nodiscard]] formats::Json toJson() const;
    [[nodiscard]] static base::Result<Encoding> fromJson(const formats::Json &json);
    bool operator==(const Encoding &) const = default;

private:
    struct Count {
        double rows = 0.0;
        double successes = 0.0;
        bool operator==(const Count &) const = default;
    };
    [[nodiscard]] const Count *find(Word word, const std::string &value) const;
    Count m_all;
    std::array<std::map<std::string, Count>, kWordCount> m_counts;
};

} // namespace mulligan::predict
