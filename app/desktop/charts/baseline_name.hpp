#pragma once

#include <QString>

#include <string>

namespace mulligan::desktop
{

/// What a model card's baseline predicts by, for people: "overall_rate" is "Overall success rate".
[[nodiscard]] QString baselineName(const std::string &name);

} // namespace mulligan::desktop
