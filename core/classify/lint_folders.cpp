#include "classify/lint_folders.hpp"

#include <algorithm>
#include <filesystem>

namespace mulligan::classify
{

std::vector<Problem> skippedFolders(const std::string &path, const std::vector<std::string> &given)
{
    std::vector<Problem> problems;
    std::error_code code;
    std::filesystem::directory_iterator entries(path, code);
    for (; !code && entries != std::filesystem::directory_iterator(); entries.increment(code)) {
        std::error_code unknown;
        const std::string name = entries->path().filename().string();
        const bool named = std::any_of(given.begin(), given.end(), [&](const std::string &other) {
            return std::filesystem::equivalent(other, entries->path(), unknown);
        });
        if (entries->is_directory(unknown) && !named && !name.starts_with('.'))
            problems.push_back({{},
                                "skipped_folder",
                                "The folder " + name + " within it is not looked into: name it too, as in --rules "
                                    + entries->path().string() + ", or take it away.",
                                0,
                                Severity::Warning,
                                path});
    }
    std::sort(problems.begin(), problems.end(),
              [](const Problem &a, const Problem &b) { return a.message < b.message; });
    return problems;
}

} // namespace mulligan::classify
