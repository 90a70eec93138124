#include "ingest/mapping_preview.hpp"

#include "formats/json_path.hpp"
#include "formats/line_reader.hpp"
#include "formats/text_encoding.hpp"
#include "ingest/attempt_numbers.hpp"
#include "ingest/row_feed.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kHeadBytes = 256u << 10;
constexpr std::size_t kDocumentBytes = 16u << 20;
constexpr std::size_t kCellBytes = 300;

base::Result<void> readUpTo(formats::ByteSource &source, std::size_t bytes, FileHead &head)
{
    std::size_t size = head.bytes.size();
    head.bytes.resize(bytes);
    while (size < bytes) {
        MULLIGAN_TRY(const std::size_t got, source.read({head.bytes.data() + size, bytes - size}));
        if (got == 0)
            break;
        size += got;
    }
    head.bytes.resize(size);
    head.cut = size == bytes;
    return {};
}

/// A cut head without its last, broken line.
void dropBrokenLine(std::string &text)
{
    const std::size_t end = text.rfind('\n');
    if (end != std::string::npos)
        text.resize(end + 1);
}

/// Every path that the first records have, in the order in which they first come; then what else the mapping reads.
base::Result<std::vector<std::string>> pathsOf(const std::string &text, const Mapping &mapping)
{
    constexpr std::size_t kRecords = 200;
    std::vector<std::string> paths;
    const auto add = [&](const std::string &path) {
        if (std::find(paths.begin(), paths.end(), path) == paths.end())
            paths.push_back(path);
    };
    const auto addAll = [&](const formats::Json &document) {
        const auto records = recordsIn(document, mapping.records);
        if (!records)
            return;
        for (std::size_t i = 0; i < records->size() && i < kRecords; ++i) {
            for (const auto &path : formats::leafPaths(*(*records)[i]))
                add(path);
        }
    };
    if (mapping.format == RowFormat::Json) {
        MULLIGAN_TRY(const auto document, formats::parseJson(text));
        addAll(document);
    } else {
        const auto source = formats::memorySource(text);
        formats::LineReader lines(*source);
        formats::Line line;
        for (std::size_t i = 0; i < kRecords; ++i) {
            MULLIGAN_TRY(const bool more, lines.next(line));
            if (!more)
                break;
            if (const auto document = formats::parseJson(line.text))
                addAll(*document);
        }
    }
    for (const auto &field : mapping.fields) {
        for (const auto &column : columnsOf(field))
            add(column);
    }
    return paths;
}

std::string shown(std::string_view cell)
{
    std::string out = formats::repairedUtf8(cell.substr(0, kCellBytes));
    return cell.size() > kCellBytes ? out + "…" : out;
}

class Previewing
{
public:
    Previewing(const Mapping &mapping, Preview &out)
        : m_mapping(std::make_shared<const Mapping>(mapping)), m_builder(true), m_out(out)
    {
    }

    base::Result<void> read(const std::string &text, bool cut, std::size_t most)
    {
        std::vector<std::string> paths;
        if (m_mapping->format != RowFormat::Csv) {
            MULLIGAN_TRY(paths, pathsOf(text, *m_mapping));
        }
        const auto source = formats::memorySource(text);
        MULLIGAN_TRY(const auto feed, openRows(*source, *m_mapping, std::move(paths), kDocumentBytes));
        m_out.columns = feed->columns();
        prepare();
        RawRow row;
        while (m_out.rows.size() < most) {
            MULLIGAN_TRY(const bool more, feed->next(row));
            if (!more)
                break;
            add(row);
        }
        // The last record of a cut head may be broken through no fault of its own.
        if (cut && !m_out.rows.empty() && m_lastHadProblem && m_out.rows.size() < most)
            drop();
        setOrder();
        return {};
    }

private:
    void prepare()
    {
        auto rows = MappedRow::make(m_mapping);
        if (!rows) {
            m_out.problem = rows.error();
            return;
        }
        if (auto bound = rows->bind(m_out.columns); !bound) {
            m_out.problem = bound.error();
            return;
        }
        m_rows.emplace(std::move(rows).value());
        m_builder.tellOrigins([this](std::string_view field) { return m_rows->originOf(field); });
    }

    void add(const RawRow &row)
    {
        PreviewRow out;
        out.line = row.line;
        for (const Cell &cell : row.cells)
            out.cells.push_back(shown(cell.text));
        m_lastHadProblem = !row.problem.empty();
        if (m_lastHadProblem) {
            out.fate = PreviewRow::Fate::Rejected;
            out.reason = row.problem;
        } else if (m_rows) {
            judge(row, out);
        }
        m_out.attempts += out.fate == PreviewRow::Fate::Attempt ? 1 : 0;
        m_out.rejected += out.fate == PreviewRow::Fate::Rejected ? 1 : 0;
        m_out.skipped += out.fate == PreviewRow::Fate::Skipped ? 1 : 0;
        m_out.rows.push_back(std::move(out));
    }

    void judge(const RawRow &row, PreviewRow &out)
    {
        if (m_rows->needsNumbers() || m_rows->hasSlices())
            m_order.add(m_rows->keyOf(row.cells));
        m_builder.clear();
        const auto fate = m_rows->fill(row.cells, m_builder);
        const bool broken = fate == MappedRow::Fate::Slice && !m_builder.problemField().empty();
        if (fate != MappedRow::Fate::Attempt && !broken) {
            out.fate = PreviewRow::Fate::Skipped;
            out.reason = fate == MappedRow::Fate::Slice ? "a slice of an attempt that goes on in a later row"
                                                        : "passed over, as the value map says";
            return;
        }
        // Numbers are known at the end; until then each row stands for a first attempt.
        if (m_rows->needsNumbers())
            m_builder.set(Field::Attempt, FieldValue::of(std::int64_t{1}));
        out.reason = m_rows->remark();
        auto attempt = m_builder.finish();
        if (attempt) {
            out.fate = PreviewRow::Fate::Attempt;
            out.attempt = std::move(attempt).value();
            return;
        }
        out.fate = PreviewRow::Fate::Rejected;
        out.reason = attempt.error().message;
        out.field = m_builder.problemField();
        out.column = m_rows->columnOf(out.field);
    }

    void drop()
    {
        m_out.rejected -= 1;
        m_out.rows.pop_back();
    }

    void setOrder()
    {
        if (!m_rows || !(m_rows->needsNumbers() || m_rows->hasSlices()))
            return;
        const RowOrder order = std::move(m_order).finish();
        std::size_t at = 0;
        for (auto &row : m_out.rows) {
            if (row.fate == PreviewRow::Fate::Rejected && row.field.empty())
                continue; // a row of bad form was not numbered
            if (m_rows->needsNumbers() && at < order.numbers.size() && order.numbers[at] > 0)
                row.attempt.attempt = static_cast<int>(order.numbers[at]);
            if (const auto begin = order.begins.find(at); begin != order.begins.end())
                row.attempt.startedAt.ms = begin->second;
            ++at;
        }
    }

    std::shared_ptr<const Mapping> m_mapping;
    std::optional<MappedRow> m_rows;
    AttemptBuilder m_builder;
    AttemptNumbers m_order;
    Preview &m_out;
    bool m_lastHadProblem = false;
};

} // namespace

base::Result<FileHead> readHead(const std::string &path)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(path));
    FileHead head;
    MULLIGAN_CHECK(readUpTo(*source, kHeadBytes, head));
    const std::size_t begin = head.bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    const bool json = begin != std::string::npos && (head.bytes[begin] == '{' || head.bytes[begin] == '[');
    const std::size_t lineEnd = head.bytes.find('\n', begin);
    // An object that ends with the first line is the first of many; a document is only of use whole.
    const bool lines = json && lineEnd != std::string::npos
                       && formats::parseJson(std::string_view(head.bytes).substr(begin, lineEnd - begin)).has_value();
    if (head.cut && json && !lines)
        MULLIGAN_CHECK(readUpTo(*source, kDocumentBytes, head));
    return head;
}

Preview previewMapping(const FileHead &head, const Mapping &mapping, std::size_t rows)
{
    Preview out;
    // What is wrong with the form would make rows of rubbish, so none are shown then.
    if (auto problem = problemOf(mapping)) {
        out.problem = std::move(problem);
        return out;
    }
    auto text = formats::decodeText(head.bytes, mapping.encoding, head.cut);
    if (!text) {
        out.problem = text.error();
        return out;
    }
    if (head.cut && mapping.format != RowFormat::Json)
        dropBrokenLine(*text);
    for (std::size_t at = text->find("\xEF\xBF\xBD"); at != text->npos; at = text->find("\xEF\xBF\xBD", at + 3))
        ++out.badSequences;
    if (const auto read = Previewing(mapping, out).read(*text, head.cut, rows); !read)
        out.problem = read.error();
    return out;
}

} // namespace mulligan::ingest
