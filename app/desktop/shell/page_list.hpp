#pragma once

#include <QString>

namespace mulligan::desktop
{

class Page;
class Session;

/// Makes the page of that name ("start", "data", …), or null when there is none.
[[nodiscard]] Page *makePage(const QString &name, Session &session);

} // namespace mulligan::desktop
