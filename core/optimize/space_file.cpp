#include "base/units.hpp"
#include "formats/yaml.hpp"
#include "model/attempt.hpp"
#include "optimize/space.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mulligan::optimize
{

namespace
{

using base::ErrorCode;
using base::Result;
using formats::YamlNode;

base::Error invalid(const YamlNode &node, std::string message, std::string hint)
{
    return base::makeError(ErrorCode::InvalidArgument, std::move(message), std::move(hint)).in(node.place());
}

/// What a value may be held against.
constexpr std::array kPeaks{model::metric::kPeakHeapBytes, model::metric::kPeakOffHeapBytes,
                            model::metric::kPeakRssBytes, model::metric::kPeakDriverHeapBytes,
                            model::metric::kPeakExecutionBytes};

bool endsWith(std::string_view text, std::string_view ending)
{
    return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// "-XX:Name", which takes "=value"; "-XX:+Name" and "-XX:-Name" are switches.
bool isValuedFlag(const std::string &flag)
{
    constexpr std::string_view kStart = "-XX:";
    return flag.rfind(kStart, 0) == 0 && flag.size() > kStart.size() && flag[kStart.size()] != '+'
           && flag[kStart.size()] != '-' && flag.find_first_of(" \t\r\n=") == std::string::npos;
}

/// A size ("4g") or a count, finite and not negative.
Result<double> quantity(const YamlNode &node, ParameterUnit unit, double bareUnit)
{
    if (node.kind != YamlNode::Kind::Scalar)
        return invalid(node, "A single value is expected here", "Write it like 512m, 4g or 3.");
    if (unit == ParameterUnit::Bytes) {
        auto bytes = base::parseBytes(node.scalar, bareUnit);
        if (!bytes || *bytes < 0.0)
            return invalid(node, "'" + node.scalar + "' is not a size", "Write it like 512m or 4g.");
        return *bytes;
    }
    MULLIGAN_TRY(const double value, node.asNumber());
    if (!std::isfinite(value) || value < 0.0)
        return invalid(node, "'" + node.scalar + "' is out of range", "Give a number from 0.");
    return value;
}

Result<void> readBounds(const YamlNode &node, Parameter &p)
{
    const auto read = [&](const char *key, double &into) -> Result<void> {
        if (const YamlNode *at = node.find(key)) {
            MULLIGAN_TRY(into, quantity(*at, p.unit, p.bareUnit));
        }
        return {};
    };
    MULLIGAN_CHECK(read("initial", p.initial));
    MULLIGAN_CHECK(read("lower", p.lower));
    MULLIGAN_CHECK(read("upper", p.upper));
    if (p.upper < p.lower || p.upper <= 0.0)
        return invalid(node, "'" + p.name + "' has no room between lower and upper", "Give upper above lower.");
    if (const YamlNode *share = node.find("initial_share")) {
        MULLIGAN_TRY(p.initialShareOf, share->asNumber());
        const YamlNode *of = node.find("initial_share_of");
        if (of == nullptr || p.initialShareOf < 0.0 || p.initialShareOf > 1.0)
            return invalid(*share, "initial_share needs a value from 0 to 1 and initial_share_of",
                           "Name the property.");
        p.initialOf = of->scalar;
    }
    if (const YamlNode *ceilings = node.find("ceilings"))
        for (const auto &member : ceilings->members) {
            MULLIGAN_TRY(p.ceilings[member.key], quantity(member.value, p.unit, p.bareUnit));
        }
    return {};
}

Result<void> readValues(const YamlNode &node, Parameter &p)
{
    if (const YamlNode *multipliers = node.find("multipliers"))
        for (const YamlNode &item : multipliers->items) {
            MULLIGAN_TRY(const double value, item.asNumber());
            if (!(value > 0.0) || value > 100.0)
                return invalid(item, "Multiplier '" + item.scalar + "' is out of range",
                               "Give a number above 0, up to 100.");
            p.multipliers.push_back(value);
        }
    if (const YamlNode *steps = node.find("steps"))
        for (const YamlNode &item : steps->items) {
            MULLIGAN_TRY(const double value, quantity(item, p.unit, p.bareUnit));
            if (value < p.lower || value > p.upper)
                return invalid(item, "Step '" + item.scalar + "' of '" + p.name + "' lies outside lower and upper",
                               "Leave it out, or widen them.");
            if (!p.steps.empty() && value <= p.steps.back())
                return invalid(item, "Step '" + item.scalar + "' of '" + p.name + "' is not above the one before",
                               "List the steps in rising order.");
            p.steps.push_back(value);
        }
    if (const YamlNode *classes = node.find("classes"))
        for (const YamlNode &item : classes->items)
            p.classes.push_back(item.scalar);
    if (p.multipliers.empty() && p.steps.empty())
        return invalid(node, "'" + p.name + "' has neither multipliers nor steps", "Give at least one value to try.");
    return {};
}

Result<Parameter> readParameter(const YamlNode &node)
{
    if (node.kind != YamlNode::Kind::Map)
        return invalid(node, "A parameter is a map", "Write name, unit, lower, upper, multipliers or steps, classes.");
    MULLIGAN_CHECK(
        formats::checkKeys(node,
                           {"name", "flag", "unit", "bare_unit", "initial", "initial_share", "initial_share_of",
                            "lower", "upper", "multipliers", "steps", "classes", "ceilings", "memory", "peak"},
                           "parameter"));
    Parameter p;
    const YamlNode *name = node.find("name");
    if (name == nullptr || name->scalar.empty())
        return invalid(node, "A parameter has no name", "Name the property.");
    p.name = name->scalar;
    if (const YamlNode *flag = node.find("flag")) {
        MULLIGAN_TRY(p.flag, flag->asString());
        if (!isValuedFlag(p.flag))
            return invalid(*flag, "'" + p.flag + "' is no JVM flag with a value",
                           "Write it as in -XX:MaxDirectMemorySize.");
        if (!endsWith(p.name, "JavaOptions"))
            return invalid(*flag, "'" + p.name + "' holds no JVM options, so no flag of them can be changed",
                           "Leave flag out, or name a property such as spark.executor.extraJavaOptions.");
    } else if (endsWith(p.name, "JavaOptions")) {
        return invalid(*name, "'" + p.name + "' is a line of JVM options, not one value",
                       "Say with flag which of them is changed, as in flag: -XX:MaxDirectMemorySize.");
    }
    if (const YamlNode *unit = node.find("unit")) {
        if (unit->scalar != "bytes" && unit->scalar != "count")
            return invalid(*unit, "Unknown unit '" + unit->scalar + "'", "Use bytes or count.");
        p.unit = unit->scalar == "bytes" ? ParameterUnit::Bytes : ParameterUnit::Count;
    }
    if (const YamlNode *bare = node.find("bare_unit")) {
        MULLIGAN_TRY(p.bareUnit, quantity(*bare, ParameterUnit::Bytes, 1.0));
    }
    if (const YamlNode *memory = node.find("memory")) {
        MULLIGAN_TRY(p.memory, memory->asBool());
    }
    if (const YamlNode *peak = node.find("peak")) {
        p.peakMetric = peak->scalar;
        if (std::find(kPeaks.begin(), kPeaks.end(), p.peakMetric) == kPeaks.end())
            return invalid(*peak, "'" + p.peakMetric + "' is no observed peak of memory",
                           "Use peak_heap_bytes, peak_off_heap_bytes, peak_rss_bytes, peak_driver_heap_bytes or "
                           "peak_execution_bytes.");
    }
    MULLIGAN_CHECK(readBounds(node, p));
    MULLIGAN_CHECK(readValues(node, p));
    return p;
}

Result<SumConstraint> readConstraint(const YamlNode &node, const ParameterSpace &space)
{
    MULLIGAN_CHECK(formats::checkKeys(node, {"sum", "at_most", "clusters"}, "constraint"));
    SumConstraint out;
    const YamlNode *sum = node.find("sum");
    const YamlNode *atMost = node.find("at_most");
    if (sum == nullptr || atMost == nullptr)
        return invalid(node, "A constraint needs sum and at_most", "List the properties and the limit of their sum.");
    for (const YamlNode &item : sum->items) {
        const bool known = std::any_of(space.parameters.begin(), space.parameters.end(),
                                       [&](const Parameter &p) { return p.name == item.scalar; });
        if (!known)
            return invalid(item, "Constraint on unknown parameter '" + item.scalar + "'", "Add it to parameters.");
        out.properties.push_back(item.scalar);
    }
    MULLIGAN_TRY(out.atMost, quantity(*atMost, ParameterUnit::Bytes, 1.0));
    if (const YamlNode *clusters = node.find("clusters"))
        for (const auto &member : clusters->members) {
            MULLIGAN_TRY(out.byCluster[member.key], quantity(member.value, ParameterUnit::Bytes, 1.0));
        }
    return out;
}

Result<ParameterSpace> readSpace(const YamlNode &root)
{
    MULLIGAN_CHECK(formats::checkKeys(root, {"parameters", "constraints", "exact_up_to", "search_budget", "seed"},
                                      "parameter space"));
    ParameterSpace space;
    const auto count = [&](const char *key, std::uint64_t &into, std::int64_t low, std::int64_t high) -> Result<void> {
        if (const YamlNode *node = root.find(key)) {
            MULLIGAN_TRY(const std::int64_t value, node->asInteger());
            if (value < low || value > high)
                return invalid(*node, std::string(key) + " is out of range",
                               "Give a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ".");
            into = static_cast<std::uint64_t>(value);
        }
        return {};
    };
    MULLIGAN_CHECK(count("exact_up_to", space.exactUpTo, 1, 4096));
    MULLIGAN_CHECK(count("search_budget", space.searchBudget, 1, 4096));
    MULLIGAN_CHECK(count("seed", space.seed, 0, std::int64_t(1) << 62));
    if (const YamlNode *parameters = root.find("parameters"))
        for (const YamlNode &item : parameters->items) {
            MULLIGAN_TRY(auto parameter, readParameter(item));
            for (const Parameter &other : space.parameters)
                if (other.name == parameter.name && other.flag == parameter.flag)
                    return invalid(item, "Parameter '" + parameter.name + "' is there twice", "Keep one of them.");
            space.parameters.push_back(std::move(parameter));
        }
    if (space.parameters.empty())
        return invalid(root, "The parameter space has no parameters, so nothing could ever be changed",
                       "List them under parameters, as resources/space.yaml does.");
    if (const YamlNode *constraints = root.find("constraints"))
        for (const YamlNode &item : constraints->items) {
            MULLIGAN_TRY(auto constraint, readConstraint(item, space));
            space.constraints.push_back(std::move(constraint));
        }
    return space;
}

} // namespace

Result<ParameterSpace> parseSpace(std::string_view text, const std::string &name)
{
    auto root = formats::parseYaml(text);
    if (!root)
        return std::move(root).error().in(name);
    auto space = readSpace(*root);
    if (!space)
        return std::move(space).error().in(name);
    return space;
}

} // namespace mulligan::optimize
