#pragma once

#include <QPlainTextEdit>
#include <QString>

#include <string_view>
#include <vector>

namespace mulligan::desktop
{

/// A stretch of a text, in bytes of its UTF-8.
struct ByteSpan {
    size_t begin = 0;
    size_t end = 0;

    bool operator==(const ByteSpan &) const = default;
};

/// Log text, read-only, with spans highlighted and the first of them in sight.
class LogView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit LogView(QWidget *parent = nullptr);
    /// Shows a text. Of one longer than 1 MiB the part around the first span is shown, with a line saying so.
    void setLog(std::string_view utf8, const std::vector<ByteSpan> &spans);
    /// Highlights other spans of the text that is shown; `scroll`: brings the first into sight.
    void setSpans(const std::vector<ByteSpan> &spans, bool scroll = true);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintSpans();

    std::string m_shown; ///< bytes that are shown
    size_t m_offset = 0; ///< of m_shown in the whole text
    int m_prefix = 0;    ///< characters of the notice before it
    std::vector<ByteSpan> m_spans;
};

/// Positions in UTF-16 of byte offsets of a UTF-8 text; an offset within a character counts as its beginning.
[[nodiscard]] int utf16Position(std::string_view utf8, size_t byteOffset);
/// The same for many offsets in one pass over the text; in the order given.
[[nodiscard]] std::vector<int> utf16Positions(std::string_view utf8, const std::vector<size_t> &byteOffsets);

} // namespace mulligan::desktop
