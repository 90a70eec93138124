#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace mulligan::ingest
{

/// Something in a text that tells who a person is.
struct PersonalSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view kind; ///< "email", "user"
};

/// Addresses of e-mail, also behind a slash and with "%40" for "@". What stands before the host of another address than
/// a web page's ("abfss://container@host", "ssh://git@host") and hosts of services' Kerberos principals are none.
void forEachEmail(std::string_view text, const std::function<void(const PersonalSpan &)> &found);
/// The user's part of /home/NAME, /Users/NAME, C:\Users\NAME and of /user/NAME of a distributed file system. Accounts
/// of services (spark, hive, …) are nobody's.
void forEachUserPath(std::string_view text, const std::function<void(const PersonalSpan &)> &found);
/// Whether a name is that of a service's account.
[[nodiscard]] bool isServiceUser(std::string_view name);

} // namespace mulligan::ingest
