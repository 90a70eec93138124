#include "ingest/log_reading.hpp"

namespace mulligan::ingest
{

/// FNV-1a of 64 bits (Fowler, Noll, Vo): small, and the same on every machine.
void LogReading::addToOpening(std::string_view line)
{
    constexpr std::uint64_t kBasis = 14695981039346656037u;
    constexpr std::uint64_t kPrime = 1099511628211u;
    std::uint64_t &hash = m_finder.facts().opening;
    hash = m_lines == 0 ? kBasis : hash;
    ++m_lines;
    for (const char byte : line)
        hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
    hash = (hash ^ static_cast<unsigned char>('\n')) * kPrime;
}

} // namespace mulligan::ingest
