#include "deploy/spark_target.hpp"

#include "base/rng.hpp"
#include "base/units.hpp"
#include "formats/json.hpp"

#include <algorithm>
#include <cstdio>

namespace mulligan::deploy
{

namespace
{

constexpr size_t kMostConfFiles = 1000;

bool isPrintable(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// Whether Spark still reads the property and a line of spark-defaults.conf can hold it.
bool canBeSet(std::string_view key, std::string_view value)
{
    return key.starts_with("spark.") && key.find(".blacklist.") == std::string_view::npos
           && key.find_first_of(" \t:=#\\'\"") == std::string_view::npos && isPrintable(key) && isPrintable(value);
}

model::Config settable(const model::Config &patch)
{
    model::Config out;
    for (const auto &[key, value] : patch) {
        if (canBeSet(key, value))
            out.emplace(key, value);
    }
    return out;
}

/// A file name that says which job it is for, and differs where ids differ.
std::string fileName(const Recommendation &r)
{
    std::string slug;
    for (const char c : r.job.substr(0, 60)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        slug += plain ? c : '-';
    }
    char hash[24];
    std::snprintf(hash, sizeof hash, "-%016llx", static_cast<unsigned long long>(base::stableHash(r.id)));
    return slug + hash;
}

/// One line of text: whatever a job calls itself, it cannot begin a line of its own.
std::string onOneLine(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

std::string heading(const Recommendation &r)
{
    std::string out = "# " + onOneLine(r.id) + ": " + r.errorClass + ", " + std::string(policy::name(r.scope))
                      + " of attempt " + std::to_string(r.attempt) + ", expires " + base::formatInstant(r.expiresAt);
    return out + (r.supported ? "\n" : ", unsupported by history: nothing is promised\n");
}

std::string shellQuoted(const std::string &text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string confFile(const Recommendation &r, const model::Config &conf)
{
    std::string out = heading(r);
    for (const auto &[key, value] : conf) {
        // A properties file reads a backslash as the beginning of an escape.
        std::string escaped;
        for (const char c : value)
            escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
        out += key + " " + escaped + "\n";
    }
    return out;
}

std::string submitLine(const model::Config &conf)
{
    std::string out;
    for (const auto &[key, value] : conf)
        out += (out.empty() ? "" : " ") + std::string("--conf ") + shellQuoted(key + "=" + value);
    return out + "\n";
}

formats::Json toJson(const Recommendation &r, const model::Config &conf)
{
    formats::Json values = formats::Json::object();
    for (const auto &[key, value] : conf)
        values.set(key, value);
    formats::Json out = formats::Json::object();
    out.set("id", r.id).set("job", r.job).set("run", r.run).set("attempt", r.attempt).set("class", r.errorClass);
    out.set("scope", policy::name(r.scope)).set("expires_at", base::formatInstant(r.expiresAt));
    out.set("p_success", r.success ? formats::Json(*r.success) : formats::Json()).set("supported", r.supported);
    return out.set("spark_conf", std::move(values));
}

formats::Json toJson(const Tunable &t)
{
    // Bytes in Spark's own form, which a person can read and Spark can take; counts as numbers.
    const auto amount = [&](double value) {
        return t.unit == "bytes" ? formats::Json(base::sparkBytes(value)) : formats::Json(value);
    };
    formats::Json out = formats::Json::object();
    out.set("name", t.name).set("unit", t.unit).set("min", amount(t.minimum)).set("max", amount(t.maximum));
    return out.set("default", t.initial > 0.0 ? amount(t.initial) : formats::Json());
}

} // namespace

std::map<std::string, std::string> sparkTarget(std::span<const Recommendation> recommendations,
                                               std::span<const Tunable> tunables)
{
    std::map<std::string, std::string> files;
    formats::Json list = formats::Json::array();
    std::string submit;
    for (const Recommendation &r : recommendations) {
        const model::Config conf = settable(r.patch);
        if (conf.empty())
            continue;
        list.push(toJson(r, conf));
        submit += heading(r) + submitLine(conf);
        if (files.size() < kMostConfFiles)
            files.emplace("targets/spark/conf/" + fileName(r) + ".conf", confFile(r, conf));
    }
    formats::Json table = formats::Json::array();
    for (const Tunable &t : tunables) {
        if (canBeSet(t.name, ""))
            table.push(toJson(t));
    }
    formats::Json tuning = formats::Json::object();
    tuning.set("target", "spark").set("version", kSparkTargetVersion);
    tuning.set("conf_files", static_cast<std::int64_t>(files.size()));
    tuning.set("tunables", std::move(table)).set("recommendations", std::move(list));
    files.emplace("targets/spark/submit.txt", std::move(submit));
    files.emplace("targets/spark/tuning.json", formats::writeJsonIndented(tuning));
    return files;
}

} // namespace mulligan::deploy
