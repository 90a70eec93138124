#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// The house rules of ARCHITECTURE.md as functions over a tree of sources, so that they can be tried on small trees.
namespace architecture
{

/// Path from the repository's root ("core/base/money.hpp") → text.
using Tree = std::map<std::string, std::string>;

/// What broke a rule, where, and what it included.
struct Violation {
    std::string file;
    std::string include;
    std::string rule;

    bool operator==(const Violation &) const = default;
};

/// Everything that a module of core may include besides itself.
inline const std::map<std::string, std::set<std::string>> &allowedModules()
{
    static const std::set<std::string> lower = {"base", "model", "stats", "formats", "text", "sqlite"};
    static const auto with = [](std::set<std::string> more) {
        more.insert(lower.begin(), lower.end());
        return more;
    };
    static const std::map<std::string, std::set<std::string>> table = {
        {"base", {}},
        {"model", {"base"}},
        {"stats", {"base"}},
        {"formats", {"base", "stats", "model"}},
        {"text", {"base", "stats", "model"}},
        {"sqlite", {"base"}},
        {"store", lower},
        {"ingest", lower},
        {"classify", lower},
        {"predict", lower},
        {"policy", lower},
        {"evaluate", lower},
        {"synth", lower},
        {"report", lower},
        {"optimize", with({"policy"})},
        {"simulate", with({"policy"})},
        {"deploy", with({"policy"})},
        {"pipeline", with({"store", "ingest", "classify", "predict", "policy", "optimize", "simulate", "evaluate",
                           "synth", "report", "deploy"})},
    };
    return table;
}

/// Beginning of a third-party header's name → the only folder that may include it.
inline const std::vector<std::pair<std::string, std::string>> &thirdPartyRooms()
{
    static const std::vector<std::pair<std::string, std::string>> table = {
        {"simdjson", "core/formats/"},
        {"nlohmann/", "core/formats/"},
        {"yaml-cpp/", "core/formats/"},
        {"archive.h", "core/formats/"},
        {"archive_entry.h", "core/formats/"},
        {"zlib", "core/formats/"},
        {"bzlib", "core/formats/"},
        {"lzma", "core/formats/"},
        {"zstd", "core/formats/"},
        {"lz4", "core/formats/"},
        {"snappy", "core/formats/"},
        {"openssl/", "core/formats/"},
        {"date/", "core/formats/"},
        {"boost/", "core/text/"},
        {"hs.h", "core/text/"},
        {"hs/", "core/text/"},
        {"sqlite3", "core/sqlite/"},
        {"SQLiteCpp/", "core/sqlite/"},
        {"xgboost/", "core/predict/"},
        {"xlsxwriter", "core/report/"},
        {"CLI/", "app/cli/"},
    };
    return table;
}

inline bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

/// Names between quotes or angle brackets of the `#include` lines, in order.
inline std::vector<std::string> includesOf(const std::string &text)
{
    std::vector<std::string> names;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const size_t hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#')
            continue;
        const size_t word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0)
            continue;
        const size_t open = line.find_first_of("\"<", word + 7);
        const size_t close = open == std::string::npos ? open : line.find_first_of("\">", open + 1);
        if (close != std::string::npos)
            names.push_back(line.substr(open + 1, close - open - 1));
    }
    return names;
}

/// "base" of "core/base/money.hpp"; empty outside core.
inline std::string moduleOf(const std::string &path)
{
    if (!startsWith(path, "core/"))
        return {};
    const size_t slash = path.find('/', 5);
    return slash == std::string::npos ? std::string() : path.substr(5, slash - 5);
}

/// The module of core an include names, resolving "money.hpp" to the includer's own; empty for anything else.
inline std::string includedModule(const std::string &include)
{
    const size_t slash = include.find('/');
    const std::string first = slash == std::string::npos ? std::string() : include.substr(0, slash);
    return allowedModules().count(first) ? first : std::string();
}

/// Qt's headers are <QString>, <QtCharts/…>, <qobject.h>, <QtWidgets>.
inline bool isQt(const std::string &include)
{
    if (include.size() > 1 && include[0] == 'Q' && std::isupper(static_cast<unsigned char>(include[1])))
        return true;
    return startsWith(include, "Qt")
           || (startsWith(include, "q") && include.find('/') == std::string::npos && startsWith(include, "qt"));
}

/// Includes between modules of core that the table does not allow.
inline std::vector<Violation> forbiddenModules(const Tree &tree)
{
    std::vector<Violation> found;
    for (const auto &[path, text] : tree) {
        const std::string from = moduleOf(path);
        if (from.empty())
            continue;
        const auto row = allowedModules().find(from);
        if (row == allowedModules().end()) {
            found.push_back({path, {}, "module '" + from + "' is not in the table"});
            continue;
        }
        for (const std::string &include : includesOf(text)) {
            const std::string to = includedModule(include);
            if (!to.empty() && to != from && !row->second.count(to))
                found.push_back({path, include, from + " may not include " + to});
            if (startsWith(include, "../") || startsWith(include, "app/"))
                found.push_back({path, include, "core includes by module, and never app"});
        }
    }
    return found;
}

/// Modules that reach themselves again through what they include, each as "a -> b -> a", sorted.
inline std::vector<std::string> cycles(const Tree &tree)
{
    std::map<std::string, std::set<std::string>> edges;
    for (const auto &[path, text] : tree)
        for (const std::string &include : includesOf(text))
            if (const std::string from = moduleOf(path), to = includedModule(include);
                !from.empty() && !to.empty() && from != to)
                edges[from].insert(to);
    std::set<std::string> found;
    std::vector<std::string> trail;
    const std::function<void(const std::string &)> walk = [&](const std::string &at) {
        const auto seen = std::find(trail.begin(), trail.end(), at);
        if (seen != trail.end()) {
            std::string text;
            for (auto step = seen; step != trail.end(); ++step)
                text += *step + " -> ";
            if (*seen == *std::min_element(seen, trail.end()))
                found.insert(text + at);
            return;
        }
        trail.push_back(at);
        if (const auto next = edges.find(at); next != edges.end())
            for (const std::string &to : next->second)
                walk(to);
        trail.pop_back();
    };
    for (const auto &[from, to] : edges)
        walk(from);
    return {found.begin(), found.end()};
}

/// Qt anywhere in core or in app/cli.
inline std::vector<Violation> qtOutsideDesktop(const Tree &tree)
{
    std::vector<Violation> found;
    for (const auto &[path, text] : tree)
        if (startsWith(path, "core/") || startsWith(path, "app/cli/"))
            for (const std::string &include : includesOf(text))
                if (isQt(include))
                    found.push_back({path, include, "Qt belongs to app/desktop"});
    return found;
}

/// Third-party headers outside their only room, and in the rooms of core any header that passes them on.
inline std::vector<Violation> strayThirdParty(const Tree &tree)
{
    std::vector<Violation> found;
    for (const auto &[path, text] : tree) {
        if (!startsWith(path, "core/") && !startsWith(path, "app/"))
            continue;
        for (const std::string &include : includesOf(text))
            for (const auto &[prefix, room] : thirdPartyRooms())
                if (startsWith(include, prefix) && !startsWith(path, room))
                    found.push_back({path, include, "belongs to " + room});
    }
    return found;
}

/// Name of the page a path belongs to: "lab" of "app/desktop/pages/lab/page.hpp" or "app/desktop/pages/lab_page.cpp".
inline std::string pageOf(const std::string &path, const std::string &folder)
{
    if (!startsWith(path, folder))
        return {};
    const std::string rest = path.substr(folder.size());
    const size_t end = rest.find_first_of("/._");
    return rest.substr(0, end);
}

/// Pages that include another page.
inline std::vector<Violation> pagesIncludingPages(const Tree &tree)
{
    const std::string folder = "app/desktop/pages/";
    std::vector<Violation> found;
    for (const auto &[path, text] : tree) {
        const std::string own = pageOf(path, folder);
        if (own.empty())
            continue;
        for (const std::string &include : includesOf(text)) {
            // Pages are included from app ("desktop/pages/x.hpp"), from desktop ("pages/x.hpp") or from beside
            // ("x.hpp").
            std::string other = pageOf(include, "desktop/pages/");
            if (other.empty())
                other = pageOf(include, "pages/");
            if (other.empty() && tree.count(folder + include))
                other = pageOf(folder + include, folder);
            if (!other.empty() && other != own && other != "page")
                found.push_back({path, include, "page '" + own + "' includes page '" + other + "'"});
        }
    }
    return found;
}

/// Every header and source below `root`'s core and app.
inline Tree readTree(const std::filesystem::path &root)
{
    Tree tree;
    for (const char *top : {"core", "app"})
        for (const auto &entry : std::filesystem::recursive_directory_iterator(root / top)) {
            const std::string extension = entry.path().extension().string();
            if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp" && extension != ".h"))
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            std::ostringstream text;
            text << file.rdbuf();
            tree[std::filesystem::relative(entry.path(), root).generic_string()] = text.str();
        }
    return tree;
}

/// Folders at the top that the house does not know; hidden ones and build are the tools' own.
inline std::vector<std::string> strayFolders(const std::set<std::string> &folders)
{
    static const std::set<std::string> house = {"app", "core", "resources", "sample_data", "tests", "installer"};
    std::vector<std::string> found;
    for (const std::string &folder : folders)
        if (!house.count(folder) && folder != "build" && folder[0] != '.')
            found.push_back(folder);
    return found;
}

/// One line a violation, for the test's message.
inline std::string describe(const std::vector<Violation> &violations)
{
    std::string text;
    for (const Violation &violation : violations)
        text += violation.file + ": " + violation.include + ": " + violation.rule + "\n";
    return text;
}

} // namespace architecture
