#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "model/model_card.hpp"

namespace mulligan::predict
{

/// The card with the keys of cli.md's `train`, and everything else it holds.
[[nodiscard]] formats::Json cardToJson(const model::ModelCard &card);
[[nodiscard]] base::Result<model::ModelCard> cardFromJson(const formats::Json &json);

} // namespace mulligan::predict
