#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::synth
{

/// One file being written, plain or as zstd frames of some megabytes, under a temporary name until it is kept. What is
/// not kept is removed.
class OutputFile
{
public:
    ~OutputFile();
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    [[nodiscard]] static base::Result<std::unique_ptr<OutputFile>> create(const std::string &path, bool zstd);
    [[nodiscard]] base::Result<void> write(std::string_view bytes);
    /// Writes what is left and gives the file its name.
    [[nodiscard]] base::Result<void> keep();

private:
    OutputFile(std::string path, bool zstd, int descriptor);
    [[nodiscard]] base::Result<void> flush();

    std::string m_path;
    bool m_zstd;
    int m_descriptor;
    std::string m_buffer;
};

/// The folder of a synthetic history.
class OutputFolder
{
public:
    /// Makes the folder where it is missing. What an earlier synthesis left in it, known by its README, is removed, so
    /// that no mixture of two worlds remains; other files stay. Errors: InvalidArgument, PermissionDenied, Conflict,
    /// Io.
    [[nodiscard]] static base::Result<OutputFolder> open(const std::string &path);

    /// Starts a file at `name` (with "/" between folders), ".zst" added to a compressed one unless it ends in a codec's
    /// name already.
    [[nodiscard]] base::Result<std::unique_ptr<OutputFile>> create(const std::string &name, bool zstd);
    /// Writes a whole file. `zstd`: compressed, under the name given.
    [[nodiscard]] base::Result<void> writeWhole(const std::string &name, std::string_view content, bool zstd = false);
    /// Names of the files made, in order.
    [[nodiscard]] const std::vector<std::string> &files() const { return m_files; }

private:
    explicit OutputFolder(std::string path) : m_path(std::move(path)) {}
    std::string m_path;
    std::vector<std::string> m_files;
};

/// First line of the README, by which a folder is known as ours.
inline constexpr std::string_view kReadmeTitle = "# Synthetic job history";

} // namespace mulligan::synth
