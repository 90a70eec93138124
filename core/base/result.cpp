#include "base/result.hpp"

#include <cerrno>
#include <cstring>

namespace mulligan::base
{

std::string_view codeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument: return "invalid_argument";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::PermissionDenied: return "permission_denied";
    case ErrorCode::Io: return "io";
    case ErrorCode::DiskFull: return "disk_full";
    case ErrorCode::Parse: return "parse";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::Corrupt: return "corrupt";
    case ErrorCode::NewerVersion: return "newer_version";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::LimitExceeded: return "limit_exceeded";
    case ErrorCode::InsufficientData: return "insufficient_data";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

Error Error::in(std::string place) &&
{
    context.insert(context.begin(), std::move(place));
    return std::move(*this);
}

Error Error::withHint(std::string remedy) &&
{
    hint = std::move(remedy);
    return std::move(*this);
}

std::string Error::text() const
{
    std::string out = message;
    if (!context.empty()) {
        out += " (";
        for (size_t i = 0; i < context.size(); ++i)
            out += (i == 0 ? "" : "; ") + context[i];
        out += ")";
    }
    if (!out.empty() && out.back() != '.')
        out += '.';
    if (!hint.empty())
        out += ' ' + hint;
    return out;
}

Error makeError(ErrorCode code, std::string message, std::string hint)
{
    return Error{code, std::move(message), {}, std::move(hint)};
}

Error systemError(int errnoValue, std::string_view what, std::string_view path)
{
    const std::string message = std::string(what) + " '" + std::string(path) + "': " + std::strerror(errnoValue);
    switch (errnoValue) {
    case ENOENT:
    case ENOTDIR: return makeError(ErrorCode::NotFound, message, "Check the path for a typing mistake.");
    case EISDIR: return makeError(ErrorCode::InvalidArgument, message, "Name a file here, not a folder.");
    case EACCES:
    case EPERM:
    case EROFS:
        return makeError(ErrorCode::PermissionDenied, message,
                         "Give this user access to the path, or choose another one.");
    case ENOSPC:
    case EDQUOT:
        return makeError(ErrorCode::DiskFull, message, "Free some space, or choose another disk, and run it again.");
    default: return makeError(ErrorCode::Io, message, "Check the disk and the path, then try again.");
    }
}

} // namespace mulligan::base
