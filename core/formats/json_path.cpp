#include "formats/json_path.hpp"

#include <charconv>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kMaxPaths = 2000;

/// The item a "[3]" at the front of `path` names; the brackets are taken off.
const Json *itemAt(const Json &list, std::string_view &path)
{
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
    if (code != std::errc() || end == path.data() + path.size() || *end != ']' || index >= list.items().size())
        return nullptr;
    path.remove_prefix(static_cast<std::size_t>(end - path.data()) + 1);
    return &list.items()[index];
}

void collect(const Json &json, const std::string &path, std::size_t listItems, std::vector<std::string> &out)
{
    if (out.size() >= kMaxPaths)
        return;
    if (json.isObject() && json.size() > 0) {
        for (const auto &[key, member] : json.members())
            collect(member, path.empty() ? key : path + "." + key, listItems, out);
    } else if (json.isArray() && json.size() > 0 && json.items().front().isObject()) {
        for (std::size_t i = 0; i < json.items().size() && i < listItems; ++i)
            collect(json.items()[i], path + "[" + std::to_string(i) + "]", listItems, out);
    } else if (!path.empty()) {
        out.push_back(path);
    }
}

} // namespace

const Json *valueAt(const Json &json, std::string_view path)
{
    if (path.empty())
        return &json;
    if (path.front() == '[') {
        const Json *item = itemAt(json, path);
        if (item != nullptr && path.starts_with('.'))
            path.remove_prefix(1);
        return item == nullptr ? nullptr : valueAt(*item, path);
    }
    if (const Json *member = json.find(path))
        return member;
    // A key may hold dots itself, so the longest that exists is taken first.
    for (std::size_t end = path.find_last_of(".["); end != std::string_view::npos && end > 0;
         end = path.find_last_of(".[", end - 1)) {
        const Json *member = json.find(path.substr(0, end));
        if (member == nullptr)
            continue;
        const Json *value = valueAt(*member, path.substr(path[end] == '.' ? end + 1 : end));
        if (value != nullptr)
            return value;
    }
    return nullptr;
}

std::vector<std::string> leafPaths(const Json &json, std::size_t listItems)
{
    std::vector<std::string> out;
    collect(json, {}, listItems, out);
    return out;
}

} // namespace mulligan::formats
