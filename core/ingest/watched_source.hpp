#pragma once

#include "base/progress.hpp"
#include "formats/byte_source.hpp"

#include <algorithm>
#include <memory>
#include <stop_token>

namespace mulligan::ingest
{

/// Tells progress and looks for a stop whenever bytes are asked for, even in the middle of an endless line. Errors of
/// read: Cancelled, and those of the source.
class WatchedSource : public formats::ByteSource
{
public:
    /// `before`: raw bytes of the parts read before this one.
    WatchedSource(std::unique_ptr<ByteSource> from, std::uint64_t before, std::stop_token stop,
                  base::Progress &progress)
        : m_from(std::move(from)), m_before(before), m_stop(std::move(stop)), m_progress(progress)
    {
    }
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        // Pieces, so that decoding a large buffer does not delay the stop.
        auto got = m_from->read(buffer.first(std::min(buffer.size(), kPiece)));
        m_progress.setDone(m_before + m_from->rawBytes());
        return got;
    }
    [[nodiscard]] bool truncated() const override { return m_from->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_from->rawBytes(); }

private:
    static constexpr std::size_t kPiece = 1u << 18;
    std::unique_ptr<ByteSource> m_from;
    std::uint64_t m_before;
    std::stop_token m_stop;
    base::Progress &m_progress;
};

} // namespace mulligan::ingest
