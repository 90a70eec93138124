#pragma once

#include "desktop/pages/rules_pack_access.hpp"

#include <string>

namespace mulligan::tests
{

/// Rule files as the editor would hold them, for tabs that edit them; counts the edits.
class RuleFiles : public desktop::RulePackAccess
{
public:
    explicit RuleFiles(const QString &path)
    {
        auto opened = classify::PackDocuments::open({path.toStdString()});
        if (opened)
            now = std::move(opened->documents);
        ready = opened.has_value();
    }
    [[nodiscard]] std::optional<classify::PackDocuments> documents() const override
    {
        return ready ? std::optional(now) : std::nullopt;
    }
    [[nodiscard]] bool dirty() const override { return unsaved; }
    bool editDocuments(classify::PackDocuments documents, const std::string &selected, const QString &what) override
    {
        now = std::move(documents);
        rule = selected;
        step = what;
        unsaved = true;
        ++edits;
        return true;
    }

    classify::PackDocuments now;
    std::string rule;
    QString step;
    int edits = 0;
    bool ready = false;
    bool unsaved = false;
};

} // namespace mulligan::tests
