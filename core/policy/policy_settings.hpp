#pragma once

#include "base/result.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace mulligan::policy
{

/// A key of a file, with the same meaning in the file and in `--set`. A key that ends in '.' takes a name after it.
template <typename T> struct Setting {
    std::string key;
    std::function<base::Result<void>(T &, const std::string &rest, const std::string &text)> set;
};
template <typename T> using Settings = std::vector<Setting<T>>;

/// Every key of `policy.yaml` but `overrides`, and every key of `economics.yaml`.
[[nodiscard]] const Settings<Policy> &policySettings();
[[nodiscard]] const Settings<Economics> &economicsSettings();

/// The error for `text` where `expected` is asked for.
[[nodiscard]] base::Error notExpected(const std::string &text, const std::string &expected);
/// The error for a key that is none of `known`; names the nearest of them.
[[nodiscard]] base::Error unknownKey(const std::string &key, const std::vector<std::string> &known);

/// The value whose name is `text`. Errors: InvalidArgument listing the names.
template <typename Enum>
[[nodiscard]] base::Result<Enum> oneOf(const std::string &text, std::initializer_list<Enum> values)
{
    std::string expected = "one of";
    for (const Enum value : values) {
        if (name(value) == text)
            return value;
        expected += (expected.size() > 6 ? ", " : " ") + std::string(name(value));
    }
    return notExpected(text, expected);
}

/// The setting of a key, and the name after it where the setting takes one; null for a key nobody knows.
template <typename T>
std::pair<const Setting<T> *, std::string> findSetting(const Settings<T> &all, const std::string &key)
{
    for (const auto &setting : all)
        if (setting.key == key)
            return {&setting, {}};
    for (const auto &setting : all)
        if (setting.key.back() == '.' && key.size() > setting.key.size()
            && key.compare(0, setting.key.size(), setting.key) == 0)
            return {&setting, key.substr(setting.key.size())};
    return {nullptr, {}};
}

template <typename T> std::vector<std::string> keysOf(const Settings<T> &all)
{
    std::vector<std::string> keys;
    for (const auto &setting : all)
        keys.push_back(setting.key);
    return keys;
}

} // namespace mulligan::policy
