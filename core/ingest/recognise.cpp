#include "ingest/recognise.hpp"

#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "formats/text_encoding.hpp"
#include "ingest/airflow.hpp"
#include "ingest/archive.hpp"
#include "ingest/container_logs.hpp"
#include "ingest/row_readers.hpp"
#include "ingest/spark_event_log.hpp"
#include "ingest/spark_log.hpp"
#include "ingest/unmapped_table.hpp"
#include "ingest/unread_log.hpp"
#include "ingest/yarn_log.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mulligan::ingest
{

namespace
{

constexpr std::array<std::string_view, 4> kWorkspaceEndings = {".mulligan", ".mulligan-wal", ".mulligan-shm",
                                                               ".mulligan-journal"};

constexpr std::size_t kHeadBytes = 1u << 16;
constexpr std::size_t kCsvColumns = 3;

bool hasKey(std::string_view text, std::string_view key)
{
    const std::size_t at = text.find('"' + std::string(key) + '"');
    if (at == std::string_view::npos)
        return false;
    const std::size_t behind = text.find_first_not_of(" \t", at + key.size() + 2);
    return behind != std::string_view::npos && text[behind] == ':';
}

bool isTruth(std::string_view line)
{
    return hasKey(line, "job") && hasKey(line, "variant") && hasKey(line, "repeat") && hasKey(line, "outcome")
           && !hasKey(line, "run");
}

constexpr std::string_view kAttemptKeys[] = {"job", "run", "attempt", "outcome", "started_at", "ended_at"};

/// An attempt, even one that lacks a field: its row is then rejected with a reason instead of the file being passed
/// over.
bool isAttempt(std::string_view line)
{
    const auto known = std::count_if(std::begin(kAttemptKeys), std::end(kAttemptKeys),
                                     [&](std::string_view key) { return hasKey(line, key); });
    return known >= 3;
}

bool isWholeAttempt(std::string_view line)
{
    return std::all_of(std::begin(kAttemptKeys), std::end(kAttemptKeys),
                       [&](std::string_view key) { return hasKey(line, key); });
}

/// Applies `test` to the first lines.
template <typename Test> bool anyLine(std::string_view text, Test test)
{
    constexpr int kLines = 20;
    for (int i = 0; i < kLines && !text.empty(); ++i) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (test(text.substr(0, end)))
            return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

/// Records of attempts; where none of the first is whole they may be those of another system, whose names happen to be
/// the same.
Recognised attempts(std::string_view head)
{
    return {Format::Attempts, {}, false, !anyLine(head, isWholeAttempt)};
}

Recognised noSource(std::string reason, std::string remedy = {})
{
    return {std::nullopt, std::move(reason), false, false, std::move(remedy)};
}

/// Name (and what follows it) of the first entry of a zip archive; packages are told by it.
std::string_view firstEntryOf(std::string_view head)
{
    constexpr std::size_t kNameAt = 30;
    return head.starts_with("PK\x03\x04") && head.size() > kNameAt ? head.substr(kNameAt) : std::string_view();
}

/// What an office document is told by: it is an archive of XML, in which no table is looked for.
std::string officeReason(std::string_view path, std::string_view head)
{
    std::string name(path);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    static constexpr std::string_view kExtensions[] = {".xlsx", ".xlsm", ".ods", ".docx", ".odt", ".pptx", ".odp"};
    const bool named = std::any_of(std::begin(kExtensions), std::end(kExtensions),
                                   [&](std::string_view extension) { return name.ends_with(extension); });
    const std::string_view first = firstEntryOf(head);
    const bool typed = first.starts_with("[Content_Types].xml") || first.starts_with("mimetypeapplication/");
    if (first.empty() || (!named && !typed))
        return {};
    return "it is an office document; save its table as CSV (UTF-8) and import that";
}

/// The encoding of text in UTF-16 that does not say so (its mark would have had it decoded on the way in); "" none.
std::string unmarkedEncoding(std::string_view head)
{
    const std::string encoding = formats::guessEncoding(head).encoding;
    if (!encoding.starts_with("UTF-16"))
        return {};
    const auto text = formats::decodeText(head, encoding, true);
    // Numbers of two bytes lie as sparsely; what they give read as text is no text.
    if (!text || isBinary(*text) || text->find("\xEF\xBF\xBD") != text->npos)
        return {};
    return encoding;
}

/// What a file is that cannot be looked into.
std::string binaryReason(std::string_view head)
{
    if (head.starts_with("Rar!\x1A\x07"))
        return "it is a RAR archive, which is not read here; unpack it and import the files inside";
    if (head.starts_with("PK\x07\x08"))
        return "it is the first part of a split zip archive; join the parts and import the whole";
    if (head.find_first_not_of('\0') == std::string_view::npos)
        return "it holds nothing but zero bytes";
    return "it is a binary file";
}

Recognised recogniseObject(std::string_view path, std::string_view head, bool strict)
{
    if (looksLikeSparkEventLog(head))
        return {Format::SparkEventLog, {}};
    if (looksLikeSparkLog(head)) // records laid out as JSON
        return {Format::SparkLog, {}};
    if (anyLine(head, isTruth))
        return noSource("it holds the truth of a history (what other retries would have done), which only 'mulligan "
                        "evaluate' reads");
    if (anyLine(head, isAttempt))
        return attempts(head);
    if (std::string why = unreadLog(head); !why.empty())
        return noSource(std::move(why));
    if (std::string why = unmappedTable(path, head); !why.empty())
        return {std::nullopt, std::move(why), false, true};
    if (!strict)
        return {Format::Attempts, {}};
    return noSource("its JSON objects are neither Spark events nor attempt records");
}

} // namespace

bool isBinary(std::string_view head)
{
    head.remove_prefix(std::min(head.find_first_not_of('\0'), head.size()));
    const std::string_view text = head.substr(0, head.find_last_not_of('\0') + 1);
    if (text.find('\n') != std::string_view::npos)
        head = text;
    const auto odd = std::count_if(head.begin(), head.end(), [](unsigned char c) {
        return c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B;
    });
    return head.empty() || odd * 20 > static_cast<std::ptrdiff_t>(head.size());
}

Recognised recogniseHead(std::string_view path, std::string_view head, bool strict)
{
    if (looksLikeArchive(head)) {
        if (const std::string why = officeReason(path, head); !why.empty())
            return noSource(why);
        if (strict && firstEntryOf(head).starts_with("META-INF/"))
            return noSource("it is a Java archive");
        return {Format::Archive, {}};
    }
    if (looksLikeAirflow(path, head))
        return {Format::Airflow, {}};
    if (std::string why = foreignDatabase(head); !why.empty())
        return noSource(std::move(why));
    if (head.starts_with("\xEF\xBB\xBF"))
        head.remove_prefix(3);
    const std::size_t begin = head.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return noSource("it is empty", path == "-"
                                           ? "Check that the command before the pipe writes to its standard output."
                                           : "Check that what writes it has written, and that it was copied whole.");
    if (const std::string encoding = isBinary(head) ? unmarkedEncoding(head) : ""; !encoding.empty())
        return noSource("it is text in " + encoding + " without a byte order mark",
                        "Convert it to UTF-8 (iconv -f " + encoding + " -t UTF-8) and import that.");
    if (isBinary(head))
        return noSource(binaryReason(head));
    const std::size_t said = head.find_first_not_of(std::string_view(" \t\r\n\0", 5));
    if (said == std::string_view::npos)
        return noSource("its beginning holds nothing but zero bytes and blanks");
    head.remove_prefix(said);
    if (head.front() == '{')
        return recogniseObject(path, head, strict);
    // Logs and rows may begin with a damaged line; what follows still says what they are.
    if (looksLikeSparkEventLog(head))
        return {Format::SparkEventLog, {}};
    const CsvHeader header = csvHeaderOf(head);
    if (header.known >= kCsvColumns || header.identifies || header.completeInLowerCase)
        return {Format::Csv, {}, false, !header.complete};
    if (anyLine(head, [](std::string_view line) { return line.starts_with('{') && isAttempt(line); }))
        return attempts(head);
    if (looksLikeYarnLog(head) || looksLikeMapReduceLog(head))
        return {Format::YarnLog, {}};
    if (looksLikeSparkLog(head))
        return {Format::SparkLog, {}};
    if (std::string why = unreadLog(head); !why.empty())
        return noSource(std::move(why));
    if (std::string why = unmappedTable(path, head); !why.empty())
        return {std::nullopt, std::move(why), false, true};
    return noSource(
        "it is neither JSON Lines, nor CSV with a header of known columns, nor a log of Spark, YARN or Airflow; "
        "a log that an attempt names in log_path is read with that attempt");
}

base::Result<Recognised> recogniseFile(const std::string &file, const std::string &path, bool strict)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(file, {nullptr, true, true}));
    MULLIGAN_TRY(const std::string head, formats::readHead(*source, kHeadBytes));
    if (head.empty() && source->truncated())
        return Recognised{
            std::nullopt,
            "its compressed data break off before anything can be read from them; copy the file again, or "
            "import it when it is complete",
            true};
    return recogniseHead(path, head, strict);
}

bool isOfWorkspace(std::string_view fileName)
{
    return std::any_of(kWorkspaceEndings.begin(), kWorkspaceEndings.end(),
                       [&](std::string_view ending) { return fileName.ends_with(ending); });
}

std::string excludedName(std::string_view fileName)
{
    if (fileName.starts_with('.'))
        return "hidden files are passed over";
    std::string lower(fileName);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    if (lower.starts_with("readme") || lower.starts_with("license"))
        return "it is documentation";
    if (isOfWorkspace(fileName))
        return "it is a workspace of Mulligan";
    return {};
}

} // namespace mulligan::ingest
