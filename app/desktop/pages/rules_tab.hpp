#pragma once

#include "desktop/shell/page.hpp"

#include <QString>

#include <vector>

namespace mulligan::desktop
{

class Session;

/// A tab of the Rules page beside the editor: a page of its own that knows nothing of the others. It is activated when
/// it is shown and when data changed while it is; "name:argument" given to the Rules page reaches its `reveal`. What it
/// asks for with `navigationRequested("rules", …)` is answered by the Rules page itself ("rule:ID", "edit:ID",
/// "text:FAILURE TEXT", "new:FAILURE TEXT"), everything else by the window.
struct RulesTab {
    QString name;  ///< "health", "audit", "mining", "compare"
    QString title; ///< on the tab, translated
    QString toolTip;
    Page *(*make)(Session &session, QWidget *parent) = nullptr;
};

/// The tabs in their order. A new one is one line in rules_tab.cpp.
[[nodiscard]] std::vector<RulesTab> rulesTabs();

} // namespace mulligan::desktop
