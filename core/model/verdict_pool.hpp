#pragma once

#include "model/shared_value.hpp"
#include "model/verdict.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>

namespace mulligan::model
{

using SharedVerdict = SharedValue<Verdict>;

/// Verdicts as histories keep them, each once: class, domain, transience, rule, action, exit code and captures. What
/// else a verdict says (its sentences, where it matched) no decision depends on, and is left empty: with it hardly two
/// were equal. Not thread-safe.
class VerdictPool
{
public:
    [[nodiscard]] SharedVerdict share(const Verdict &verdict);
    [[nodiscard]] std::size_t size() const { return m_known.size(); }

private:
    std::unordered_map<std::string, SharedVerdict> m_known; ///< by all that is kept, written down
};

} // namespace mulligan::model
