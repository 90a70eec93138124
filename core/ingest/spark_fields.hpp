#pragma once

#include "ingest/spark_events.hpp"

#include <cstdint>
#include <string_view>

/// Readings of single fields of events: what is absent or of another kind gives the fallback.
namespace mulligan::ingest::spark
{

inline std::string_view textOf(formats::JsonCursor &value)
{
    return value.string().value_or(std::string_view());
}

inline std::int64_t integerOf(formats::JsonCursor &value, std::int64_t fallback = 0)
{
    return value.integer().value_or(fallback);
}

/// A quantity: finite and never negative, whatever the log says.
inline double amountOf(formats::JsonCursor &value)
{
    const double number = value.number().value_or(0.0);
    return number > 0.0 && number < 1e18 ? number : 0.0;
}

/// Epoch milliseconds up to the end of the year 9999; 0 for anything else.
inline TimeMs timeOf(formats::JsonCursor &value)
{
    constexpr TimeMs kLatest = 253'402'300'799'999;
    const std::int64_t time = value.integer().value_or(0);
    return time > 0 && time <= kLatest ? time : 0;
}

/// Sum of the members named.
inline double sumOf(formats::JsonCursor &object, std::string_view first, std::string_view second = {})
{
    double sum = 0.0;
    object.members([&](std::string_view key, formats::JsonCursor &value) {
        if (key == first || (!second.empty() && key == second))
            sum += amountOf(value);
    });
    return sum;
}

inline MemoryPeaks peaksOf(formats::JsonCursor &metrics)
{
    MemoryPeaks peaks;
    metrics.members([&](std::string_view key, formats::JsonCursor &value) {
        if (key == "JVMHeapMemory")
            peaks.heap = amountOf(value);
        else if (key == "JVMOffHeapMemory" || key == "OffHeapUnifiedMemory" || key == "DirectPoolMemory")
            peaks.offHeap += amountOf(value);
        else if (key == "ProcessTreeJVMRSSMemory" || key == "ProcessTreePythonRSSMemory"
                 || key == "ProcessTreeOtherRSSMemory")
            peaks.rss += amountOf(value);
    });
    return peaks;
}

} // namespace mulligan::ingest::spark
