#pragma once

#include "base/rng.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mulligan::tests
{

/// A log line and which statement of a program wrote it. Synthetic.
struct LabelledLine {
    int statement = 0;
    std::string text;
};

/// Lines as data platforms write them, with the statement known. Parameters are drawn afresh for each line.
class LabelledLines
{
public:
    explicit LabelledLines(std::uint64_t seed) : m_rng(seed, "labelled lines") {}

    std::vector<LabelledLine> draw(std::size_t count)
    {
        std::vector<LabelledLine> out;
        out.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto statement = static_cast<int>(m_rng.below(kStatements.size()));
            out.push_back({statement, filled(kStatements[static_cast<std::size_t>(statement)])});
        }
        return out;
    }

    static constexpr std::size_t statements() { return kStatements.size(); }

private:
    // %n number, %s size, %h host with port, %p path, %i id, %u UUID, %q quoted name, %w one of many plain words,
    // %t time, %a object's address.
    static constexpr std::array<const char *, 32> kStatements = {
        "Lost executor %n on %h: Container killed on request. Exit code is %n",
        "Lost task %n in stage %n (TID %n) (%h executor %n): FetchFailed",
        "Block broadcast_%n stored as values in memory (estimated size %s, free %s)",
        "Block broadcast_%n stored as bytes in memory (estimated size %s, free %s)",
        "Connection to %h refused after %n ms",
        "Connection to %h reset after %n ms",
        "Connection from %h closed",
        "File does not exist: %p",
        "Path %p already exists",
        "Permission denied: user %w cannot write %p",
        "Table %q not found in database %q",
        "Column %q cannot be resolved given input columns of %q",
        "Application %i finished with failed status",
        "Container %i is running beyond physical memory limits. Current usage: %s of %s",
        "Container %i is running beyond virtual memory limits. Current usage: %s of %s",
        "Requested %n vcores but the queue %w allows %n",
        "Token %u expired at %t",
        "Request %u to %p failed with status %n",
        "Failed to replace a bad datanode on the existing pipeline %a",
        "Could not obtain block: %i file=%p",
        "Timed out after %n ms waiting for heartbeat of executor %n",
        "Job %n cancelled because SparkContext was shut down",
        "Unknown topic or partition %w for consumer group %w",
        "Offset %n of topic %w is out of range",
        "Commit %u conflicts with commit %u of table %q",
        "Schema of %p has %n columns where %n were expected",
        "Total size of serialized results of %n tasks (%s) is bigger than the limit (%s)",
        "Unable to acquire %n bytes of memory, got %n",
        "Could not execute broadcast in %n secs",
        "Cannot parse value %q as timestamp in row %n",
        "GC overhead limit exceeded",
        "No space left on device"};

    std::string filled(const char *statement)
    {
        std::string out;
        for (const char *at = statement; *at != '\0'; ++at) {
            if (*at == '%' && at[1] != '\0')
                out += parameter(*++at);
            else
                out += *at;
        }
        return out;
    }

    std::string number(std::uint64_t below) { return std::to_string(m_rng.below(below)); }

    std::string hex(std::size_t digits)
    {
        std::string out;
        for (std::size_t i = 0; i < digits; ++i)
            out += "0123456789abcdef"[m_rng.below(16)];
        return out;
    }

    std::string word()
    {
        std::string out;
        for (int syllable = 0; syllable < 3; ++syllable) {
            out += "bdfklmnprst"[m_rng.below(11)];
            out += "aeiou"[m_rng.below(5)];
        }
        return out;
    }

    std::string parameter(char kind)
    {
        switch (kind) {
        case 'n': return number(100'000);
        case 's': return number(900) + "." + number(10) + (m_rng.chance(0.5) ? " MB" : " GiB");
        case 'h': return "worker-" + number(64) + ".prod.example.com:" + number(50'000);
        case 'p': return (m_rng.chance(0.5) ? "hdfs://nn:8020/data/" : "/data/") + word() + "/part-" + number(1000);
        case 'i': return "application_17" + number(90'000'000'000) + "_" + number(9000);
        case 'u': return hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12);
        case 'q': return "'" + word() + "_" + word() + "'";
        case 'w': return word();
        case 't':
            return "2026-0" + std::to_string(1 + m_rng.below(9)) + "-1" + number(10) + " 0" + number(10) + ":15:30";
        default: return "java.util.Foo@" + hex(8);
        }
    }

    base::Rng m_rng;
};

/// Share of lines in a cluster that holds exactly the lines of one statement (Zhu et al., "Tools and Benchmarks for
/// Automated Log Parsing", ICSE-SEIP 2019).
inline double groupingAccuracy(const std::vector<int> &truth, const std::vector<std::uint32_t> &clusters)
{
    std::map<int, std::set<std::size_t>> wanted;
    std::map<std::uint32_t, std::set<std::size_t>> found;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        wanted[truth[i]].insert(i);
        found[clusters[i]].insert(i);
    }
    std::size_t right = 0;
    for (const auto &[cluster, lines] : found)
        right += wanted[truth[*lines.begin()]] == lines ? lines.size() : 0;
    return static_cast<double>(right) / static_cast<double>(truth.size());
}

} // namespace mulligan::tests
