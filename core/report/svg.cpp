#include "report/svg.hpp"

#include "base/money.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mulligan::report
{

namespace
{

std::string px(double value)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", value);
    return buffer;
}

std::string open(double width, double height, const std::string &title, const std::string &description)
{
    return "<svg viewBox=\"0 0 " + px(width) + " " + px(height) + "\" role=\"img\" class=\"chart\">\n<title>"
           + escaped(title) + "</title>\n<desc>" + escaped(description) + "</desc>\n";
}

std::string line(double x1, double y1, double x2, double y2, std::string_view kind)
{
    return "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) + "\" class=\""
           + std::string(kind) + "\"/>\n";
}

std::string rect(double x, double y, double width, double height, std::string_view kind)
{
    return "<rect x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(width) + "\" height=\"" + px(height)
           + "\" class=\"" + std::string(kind) + "\"/>\n";
}

std::string label(double x, double y, std::string_view text, std::string_view kind)
{
    return "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" class=\"" + std::string(kind) + "\">" + figureText(text)
           + "</text>\n";
}

/// 1, 2 or 5 times a power of ten, so that about `parts` steps cover `range`.
double niceStep(double range, int parts)
{
    const double raw = range / parts;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (step * power >= raw)
            return step * power;
    }
    return 10.0 * power;
}

/// "1.5k", "20", "3M": short enough for an axis.
std::string shortNumber(double value)
{
    const double size = std::abs(value);
    const char *unit = size >= 1e9 ? "G" : size >= 1e6 ? "M" : size >= 1e3 ? "k" : "";
    const double scaled = value / (size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : size >= 1e3 ? 1e3 : 1.0);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.4g%s", scaled == 0.0 ? 0.0 : scaled, unit);
    return buffer;
}

/// The waterfall's geometry: labels, plot and amounts side by side.
class Waterfall
{
public:
    Waterfall(const std::vector<PartRow> &parts, const model::Figure &net, double netAmount, std::string_view currency)
        : m_parts(parts), m_net(net), m_netAmount(netAmount), m_currency(currency)
    {
        double running = 0.0;
        const auto include = [this](double value) {
            m_low = std::min(m_low, value);
            m_high = std::max(m_high, value);
        };
        for (const PartRow &part : parts)
            include(running += part.amount);
        include(netAmount);
        if (net.low && net.high) {
            include(*net.low);
            include(*net.high);
        }
        if (m_high - m_low < 0.01)
            m_high = m_low + 1.0;
        m_step = niceStep(m_high - m_low, 5);
        m_low = std::floor(m_low / m_step) * m_step;
        m_high = std::ceil(m_high / m_step) * m_step;
    }

    std::string draw()
    {
        std::string description =
            "Net savings of " + base::formatMoney(m_netAmount) + " " + std::string(m_currency) + " are made of:";
        for (const PartRow &part : m_parts)
            description += " " + std::string(part.title) + " " + base::formatMoney(part.amount) + ";";
        const double rows = static_cast<double>(m_parts.size()) + 1.0;
        m_bottom = kTop + rows * kRow;
        std::string out = open(kWidth, m_bottom + 44.0, "What net savings are made of", description);
        out += axis();
        double running = 0.0;
        for (size_t i = 0; i < m_parts.size(); ++i) {
            out += bar(i, running, m_parts[i]);
            running += m_parts[i].amount;
        }
        out += total();
        return out + "</svg>\n";
    }

private:
    static constexpr double kWidth = 760.0;
    static constexpr double kLeft = 214.0;
    static constexpr double kRight = 646.0;
    static constexpr double kTop = 8.0;
    static constexpr double kRow = 34.0;
    static constexpr double kBar = 20.0;

    [[nodiscard]] double at(double value) const
    {
        return kLeft + (value - m_low) / (m_high - m_low) * (kRight - kLeft);
    }
    [[nodiscard]] static double rowTop(size_t row) { return kTop + static_cast<double>(row) * kRow; }

    [[nodiscard]] std::string axis() const
    {
        std::string out;
        for (double tick = m_low; tick <= m_high + m_step / 2.0; tick += m_step) {
            const bool zero = std::abs(tick) < m_step / 2.0;
            out += line(at(tick), kTop, at(tick), m_bottom, zero ? "zero" : "grid");
            out += label(at(tick), m_bottom + 16.0, shortNumber(zero ? 0.0 : tick), "tick middle");
        }
        return out + label((kLeft + kRight) / 2.0, m_bottom + 36.0, m_currency, "axis middle");
    }

    [[nodiscard]] std::string bar(size_t row, double from, const PartRow &part) const
    {
        const double y = rowTop(row) + (kRow - kBar) / 2.0;
        const double x = at(std::min(from, from + part.amount));
        const double width = std::max(1.0, at(std::max(from, from + part.amount)) - x);
        std::string out = rect(x, y, width, kBar, part.amount < 0.0 ? "loss" : "gain");
        const double end = at(from + part.amount);
        out += line(end, y + kBar, end, y + kRow, "link");
        out += label(kLeft - 12.0, y + 15.0, part.title, "row end");
        return out + label(kWidth, y + 15.0, base::formatMoney(part.amount), "amount end");
    }

    [[nodiscard]] std::string total() const
    {
        const double y = rowTop(m_parts.size()) + (kRow - kBar) / 2.0;
        const double x = at(std::min(0.0, m_netAmount));
        const double width = std::max(1.0, at(std::max(0.0, m_netAmount)) - x);
        std::string out = line(0.0, y - 7.0, kWidth, y - 7.0, "grid") + rect(x, y, width, kBar, "net");
        if (m_net.low && m_net.high) {
            const double middle = y + kBar / 2.0;
            out += line(at(*m_net.low), middle, at(*m_net.high), middle, "whisker");
            for (const double bound : {*m_net.low, *m_net.high})
                out += line(at(bound), middle - 6.0, at(bound), middle + 6.0, "whisker");
        }
        out += label(kLeft - 12.0, y + 15.0, "Net savings", "row strong end");
        return out + label(kWidth, y + 15.0, base::formatMoney(m_netAmount), "amount strong end");
    }

    const std::vector<PartRow> &m_parts;
    const model::Figure &m_net;
    double m_netAmount;
    std::string_view m_currency;
    double m_low = 0.0;
    double m_high = 0.0;
    double m_step = 1.0;
    double m_bottom = 0.0;
};

size_t sequenceLength(std::string_view rest)
{
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned char lead = byte(0);
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;
    if (length == 0 || length > rest.size())
        return 0;
    for (size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const size_t length = sequenceLength(text);
        const char c = text.front();
        if (length == 0)
            out += "\xEF\xBF\xBD";
        else if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\'')
            out += "&#39;";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += ' ';
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<size_t>(length, 1));
    }
    return out;
}

std::string figureText(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool minus = text[i] == '-' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9'
                           && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '(');
        out += minus ? std::string("\xE2\x88\x92") : std::string(1, text[i]);
    }
    return escaped(out);
}

std::string waterfallSvg(const std::vector<PartRow> &parts, const model::Figure &net, double netAmount,
                         std::string_view currency)
{
    return Waterfall(parts, net, netAmount, currency).draw();
}

std::string provenanceSvg(std::span<const ProvenanceRow> rows)
{
    constexpr double kWidth = 760.0;
    std::string description;
    for (const ProvenanceRow &row : rows)
        description += std::string(row.title) + " " + formatShare(row.share) + ". ";
    std::string out = open(kWidth, 36.0, "How far net savings can be trusted", description);
    double x = 0.0;
    for (const ProvenanceRow &row : rows) {
        const double width = row.share * kWidth;
        if (width <= 0.0)
            continue;
        out += rect(x, 0.0, std::max(width - 2.0, 1.0), 36.0, "fill-" + std::string(model::name(row.provenance)));
        const std::string text = std::string(row.title) + " " + formatShare(row.share);
        if (width > 8.0 * static_cast<double>(text.size()))
            out += label(x + 10.0, 23.0, text, "on-fill on-" + std::string(model::name(row.provenance)));
        x += width;
    }
    return out + "</svg>\n";
}

std::string calibrationSvg(const std::vector<model::CalibrationBin> &bins)
{
    if (bins.empty())
        return {};
    constexpr double kLeft = 68.0;
    constexpr double kSide = 260.0;
    constexpr double kTop = 10.0;
    const auto x = [](double p) { return kLeft + p * kSide; };
    const auto y = [](double p) { return kTop + (1.0 - p) * kSide; };
    std::string description = "Predicted and observed chance of success:";
    for (const auto &bin : bins)
        description += " " + formatShare(bin.predicted) + " and " + formatShare(bin.observed) + ";";
    std::string out = open(kLeft + kSide + 26.0, kTop + kSide + 46.0, "Calibration", description);
    for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        const std::string text = std::to_string(std::lround(tick * 100.0)) + " %";
        out += line(x(tick), y(0.0), x(tick), y(1.0), "grid") + line(x(0.0), y(tick), x(1.0), y(tick), "grid");
        out +=
            label(x(tick), y(0.0) + 16.0, text, "tick middle") + label(x(0.0) - 6.0, y(tick) + 4.0, text, "tick end");
    }
    out += line(x(0.0), y(0.0), x(1.0), y(1.0), "diagonal");
    for (const auto &bin : bins) {
        out += line(x(bin.predicted), y(bin.low), x(bin.predicted), y(bin.high), "whisker");
        out +=
            "<circle cx=\"" + px(x(bin.predicted)) + "\" cy=\"" + px(y(bin.observed)) + "\" r=\"4\" class=\"dot\"/>\n";
    }
    out += label(x(0.5), y(0.0) + 38.0, "Predicted chance of success", "axis middle");
    const std::string turn = px(13.0) + " " + px(y(0.5));
    out += "<text x=\"" + px(13.0) + "\" y=\"" + px(y(0.5)) + "\" transform=\"rotate(-90 " + turn
           + ")\" class=\"axis middle\">Observed</text>\n";
    return out + "</svg>\n";
}

std::string barSvg(double value, double low, double high)
{
    constexpr double kWidth = 72.0;
    const double range = high - low > 0.0 ? high - low : 1.0;
    const double zero = -low / range * (kWidth - 2.0) + 1.0;
    const double width = std::abs(value) / range * (kWidth - 2.0);
    std::string out = "<svg viewBox=\"0 0 72 14\" class=\"bar\" aria-hidden=\"true\">";
    if (width > 0.0)
        out += rect(value < 0.0 ? zero - width : zero, 2.0, std::max(width, 1.0), 10.0, value < 0.0 ? "loss" : "gain");
    return out + line(zero, 0.0, zero, 14.0, "zero") + "</svg>";
}

} // namespace mulligan::report
