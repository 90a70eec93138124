#pragma once

#include "desktop/models/rows_model.hpp"
#include "pipeline/import_sources.hpp"
#include "store/workspace.hpp"

#include <QString>

#include <stop_token>

namespace mulligan::desktop
{

[[nodiscard]] std::vector<RowsModel<pipeline::ImportedSource>::Column> sourceColumns();
[[nodiscard]] std::vector<RowsModel<store::RejectRow>::Column> rejectColumns();
/// Everything that is known of a source, warnings included.
[[nodiscard]] QString sourceDetail(const pipeline::ImportedSource &source);
/// Writes all rejected rows with the keys of `mulligan rejects`. Returns their number. Errors: Cancelled, Io.
[[nodiscard]] base::Result<std::uint64_t> writeRejects(const std::string &workspacePath, const QString &path,
                                                       const std::stop_token &stop);

} // namespace mulligan::desktop
