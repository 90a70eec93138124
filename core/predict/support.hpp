#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "predict/context.hpp"
#include "predict/resources.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace mulligan::predict
{

/// How much history there is like a candidate: rows and jobs by class, band of ratio to the old configuration and to
/// the observed peak, and which other properties changed with it (design.md, section 7). The kinds of memory_config are
/// also counted together: both ratios are of the memory that ran out, whichever it is, and it is them that the models
/// go by, so that a kind too rare to be judged alone is judged by its group. A raise of memory also counts for larger
/// raises: more memory never lowers the chance of success, neither in truth nor in the models, so that what smaller
/// raises did bounds from below what a larger one will do.
class Support
{
public:
    static constexpr std::uint64_t kLeastRows = 30;
    static constexpr std::uint64_t kLeastJobs = 5;

    /// Band of the memory ratio, band of the peak ratio and changed other knobs in one number.
    [[nodiscard]] static std::uint32_t cellOf(const RetryContext &context, const Resources &before,
                                              const Resources &after);
    void add(const std::string &errorClass, std::uint32_t cell, std::uint32_t job);
    [[nodiscard]] bool supported(const RetryContext &context, const Resources &before, const Resources &after) const;

    [[nodiscard]] formats::Json toJson() const;
    [[nodiscard]] static base::Result<Support> fromJson(const formats::Json &json);

private:
    [[nodiscard]] bool enough(std::string_view name, std::uint32_t cell) const;

    struct Cell {
        std::uint64_t rows = 0;
        std::uint64_t jobs = 0;
        std::set<std::uint32_t> seen; ///< jobs, while counting
    };
    std::map<std::string, std::map<std::uint32_t, Cell>, std::less<>> m_classes; ///< and the group memory_config
};

} // namespace mulligan::predict
