#pragma once

#include "classify/pack_documents.hpp"

#include <QString>

#include <memory>

namespace mulligan::desktop
{

/// How the tabs of the Rules page reach the pack that is being edited.
class RulePackAccess
{
public:
    virtual ~RulePackAccess() = default;
    /// The rule files as they are edited now; null while they are read, or where they cannot be edited.
    [[nodiscard]] virtual std::shared_ptr<const classify::PackDocuments> documents() const = 0;
    /// Takes an edit over as one step that can be undone; `what` names it ("add a sample to spark.heap").
    virtual void edit(classify::PackDocuments documents, const QString &what) = 0;
};

} // namespace mulligan::desktop
