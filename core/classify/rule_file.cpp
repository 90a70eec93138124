#include "classify/rule_file.hpp"

#include "classify/rule_reader.hpp"
#include "formats/file.hpp"
#include "formats/yaml.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace mulligan::classify
{

namespace
{

using base::ErrorCode;
using base::makeError;
using formats::YamlNode;

constexpr int kSchema = 1;

base::Result<void> checkHead(const YamlNode &root)
{
    if (root.kind != YamlNode::Kind::Map)
        return makeError(ErrorCode::Parse, "A rule file must be a map with 'schema' and 'rules'",
                         "Begin it with 'schema: 1' and 'rules:'.")
            .in(root.place());
    MULLIGAN_CHECK(formats::checkKeys(root, {"schema", "rules"}, "a rule file"));
    const YamlNode *schema = root.find("schema");
    if (schema == nullptr)
        return wrongValue(root, "The rule file has no 'schema'", "Add 'schema: 1' as its first line.");
    MULLIGAN_TRY(const std::int64_t version, schema->asInteger());
    if (version > kSchema)
        return makeError(ErrorCode::NewerVersion,
                         "The rule file has schema " + std::to_string(version) + "; this program reads up to 1",
                         "Update Mulligan, or write the file with schema 1.")
            .in(schema->place());
    if (version != kSchema)
        return wrongValue(*schema, "'" + schema->scalar + "' is no schema version", "Write 'schema: 1'.");
    return {};
}

/// The error of a link to nothing; none for any other path.
std::optional<base::Error> lostLink(const std::string &path)
{
    std::error_code code;
    if (!std::filesystem::is_symlink(path, code) || std::filesystem::exists(path, code))
        return std::nullopt;
    return makeError(ErrorCode::NotFound,
                     "The link " + path + " leads nowhere: there is no "
                         + std::filesystem::read_symlink(path, code).string(),
                     "Let it lead to a file that exists, or remove it.");
}

/// Files read on past every fault, into one pack.
class PackReader
{
public:
    void readPath(const std::string &path)
    {
        auto files = ruleFiles(path);
        if (!files) {
            unreadable(path, std::move(files).error());
            return;
        }
        for (const std::string &file : *files) {
            if (givenTwice(file, path))
                continue;
            if (const auto lost = lostLink(file)) {
                unreadable(file, *lost);
                continue;
            }
            const auto text = formats::readTextFile(file);
            if (text)
                readText(*text, file);
            else
                unreadable(file, text.error());
        }
    }

    void readText(std::string_view text, const std::string &file)
    {
        m_reading.pack.files.push_back(file);
        if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
            unreadable(file, makeError(ErrorCode::Parse, "The rule file is encoded as UTF-16", "Save it as UTF-8.")
                                 .in("file " + file));
            return;
        }
        auto root = formats::parseYaml(text);
        if (!root) {
            unreadable(file, std::move(root).error().in("file " + file));
            return;
        }
        const YamlNode *list = root->find("rules");
        if (auto head = checkHead(*root); !head) {
            const bool goOn = list != nullptr && head.error().code != ErrorCode::NewerVersion;
            fault(file, {}, std::move(head).error().in("file " + file));
            if (!goOn)
                return;
        }
        if (list == nullptr || list->kind != YamlNode::Kind::Sequence) {
            fault(file, {}, noList(*root, list).in("file " + file));
            return;
        }
        for (const YamlNode &item : list->items)
            readItem(item, file);
    }

    void requireRules()
    {
        if (m_reading.rules > 0 || !m_reading.faults.empty())
            return;
        const std::string file = m_reading.pack.files.size() == 1 ? m_reading.pack.files.front() : std::string();
        base::Error error = makeError(ErrorCode::Parse, "The rule files hold no rule",
                                      "Add at least one, or name a file or folder with rules.");
        unreadable(file, file.empty() ? std::move(error) : std::move(error).in("file " + file));
    }

    PackReading take() { return std::move(m_reading); }

private:
    void readItem(const YamlNode &item, const std::string &file)
    {
        if (item.kind != YamlNode::Kind::Map) {
            fault(file, {}, wrongValue(item, "A rule must be a map", "Begin it with '- id: …'.").in("file " + file));
            return;
        }
        auto [rule, faults] = readRule(item, file);
        m_reading.rules += 1;
        for (base::Error &error : faults)
            fault(file, rule.id, std::move(error).in("file " + file));
        // The id is taken even where the rest is at fault: a second rule of its name is one fault more.
        const auto [other, added] = m_places.try_emplace(rule.id, Place{file, rule.line});
        if (!added && !rule.id.empty())
            fault(file, rule.id, repeated(rule, other->second));
        else if (faults.empty())
            m_reading.pack.rules.push_back(std::move(rule));
    }

    /// One error for a path that is given again, whatever number of its files were read before.
    bool givenTwice(const std::string &file, const std::string &path)
    {
        std::error_code code;
        const std::filesystem::path whole = std::filesystem::weakly_canonical(file, code);
        const auto [known, added] = m_read.try_emplace(code ? file : whole.string(), path);
        if (added)
            return false;
        if (m_twice.insert(path).second) {
            const std::string by = known->second == path ? std::string() : ", by itself and by " + known->second;
            unreadable(path, makeError(ErrorCode::InvalidArgument, "'" + path + "' is given twice" + by,
                                       "Leave one of them out."));
        }
        return true;
    }

    struct Place {
        std::string file;
        int line = 0;
    };

    static base::Error noList(const YamlNode &root, const YamlNode *list)
    {
        if (list == nullptr)
            return wrongValue(root, "The rule file has no list 'rules'", "Add 'rules:' with one entry a rule.");
        if (list->kind == YamlNode::Kind::Null)
            return wrongValue(*list, "'rules' is empty", "Add one entry a rule, each beginning with '- id: …'.");
        return wrongValue(*list,
                          std::string("'rules' must be a list, and is ")
                              + (list->kind == YamlNode::Kind::Map ? "a map" : "a text"),
                          "Begin each rule with a dash, as in '- id: …'.");
    }

    static base::Error repeated(const Rule &rule, const Place &other)
    {
        const std::string line = std::to_string(rule.line);
        const std::string before = std::to_string(other.line);
        return makeError(ErrorCode::Parse,
                         "The rule id '" + rule.id + "' is used twice"
                             + (other.file == rule.file
                                    ? ", on lines " + before + " and " + line
                                    : ": " + other.file + " line " + before + " and " + rule.file + " line " + line),
                         "Give one of them another id.")
            .in("line " + std::to_string(rule.line))
            .in("file " + rule.file);
    }

    void fault(const std::string &file, const std::string &rule, base::Error error)
    {
        m_reading.faults.push_back({file, rule, std::move(error)});
    }

    void unreadable(const std::string &file, base::Error error)
    {
        m_reading.faults.push_back({file, {}, std::move(error), true});
    }

    PackReading m_reading;
    std::map<std::string, Place> m_places;
    std::map<std::string, std::string> m_read; ///< files, by the path that named them
    std::set<std::string> m_twice;
};

/// The pack, or the first of its faults.
base::Result<RulePack> packOf(PackReading reading)
{
    if (!reading.faults.empty())
        return std::move(reading.faults.front().error);
    return std::move(reading.pack);
}

formats::Json list(const std::vector<std::string> &texts)
{
    formats::Json array = formats::Json::array();
    for (const std::string &text : texts)
        array.push(text);
    return array;
}

void setText(formats::Json &map, const char *key, const std::string &value)
{
    if (!value.empty())
        map.set(key, value);
}

void setList(formats::Json &map, const char *key, const std::vector<std::string> &values)
{
    if (!values.empty())
        map.set(key, list(values));
}

formats::Json blockJson(const Block &block)
{
    formats::Json map = formats::Json::object();
    map.set("from", block.from);
    if (block.end == Block::End::Pattern)
        map.set("to", block.to);
    else
        map.set("to", std::string(block.end == Block::End::BlankLine ? kBlankLine : kNextRecord));
    map.set("max_lines", block.maxLines);
    return map;
}

formats::Json matchJson(const Rule &rule)
{
    formats::Json match = formats::Json::object();
    match.set("where", std::string(name(rule.where)));
    if (rule.where == MatchWhere::LastLines)
        match.set("last_lines", rule.lastLines);
    if (rule.leastLevel != LeastLevel::Any)
        match.set("least_level", std::string(name(rule.leastLevel)));
    if (rule.caseless)
        match.set("case", "insensitive");
    if (rule.multiline)
        match.set("multiline", true);
    if (rule.block)
        match.set("block", blockJson(*rule.block));
    setList(match, "all", rule.all);
    setList(match, "any", rule.any);
    setList(match, "none", rule.none);
    return match;
}

formats::Json scopeJson(const Rule &rule)
{
    formats::Json scope = formats::Json::object();
    setText(scope, "stream", rule.scopeStream);
    setText(scope, "job", rule.scopeJobGlob);
    setText(scope, "spark_version", rule.scopeSparkVersion);
    if (!rule.scopeConfig.empty()) {
        formats::Json config = formats::Json::object();
        for (const auto &[property, value] : rule.scopeConfig)
            config.set(property, value);
        scope.set("config", std::move(config));
    }
    return scope;
}

formats::Json samplesJson(const Rule &rule)
{
    formats::Json samples = formats::Json::object();
    setList(samples, "positive", rule.positive);
    setList(samples, "negative", rule.negative);
    return samples;
}

} // namespace

formats::Json ruleJson(const Rule &rule)
{
    formats::Json map = formats::Json::object();
    map.set("id", rule.id);
    map.set("title", rule.title);
    map.set("status", std::string(name(rule.status)));
    setText(map, "owner", rule.owner);
    setList(map, "links", rule.links);
    setText(map, "created", rule.created);
    setText(map, "modified", rule.modified);
    setText(map, "expires", rule.expires);
    map.set("class", rule.errorClass);
    map.set("domain", std::string(model::name(rule.domain)));
    map.set("transient", rule.transient);
    map.set("priority", rule.priority);
    if (const formats::Json scope = scopeJson(rule); scope.size() > 0)
        map.set("scope", scope);
    map.set("match", matchJson(rule));
    if (!rule.captures.empty()) {
        formats::Json captures = formats::Json::object();
        for (const auto &[capture, unit] : rule.captures)
            captures.set(capture, unit);
        map.set("captures", std::move(captures));
    }
    map.set("action", std::string(model::name(rule.action)));
    if (rule.exitCode)
        map.set("exit_code", *rule.exitCode);
    setText(map, "summary", rule.summary);
    setText(map, "advice", rule.advice);
    if (const formats::Json samples = samplesJson(rule); samples.size() > 0)
        map.set("samples", samples);
    return map;
}

base::Result<std::vector<std::string>> ruleFiles(const std::string &path)
{
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) {
        if (auto lost = lostLink(path))
            return std::move(*lost);
        return std::vector<std::string>{path};
    }
    std::vector<std::string> files;
    bool folders = false;
    std::filesystem::directory_iterator entries(path, code);
    for (; !code && entries != std::filesystem::directory_iterator(); entries.increment(code)) {
        const std::string extension = entries->path().extension().string();
        std::error_code unknown;
        folders = folders || entries->is_directory(unknown);
        // What begins with a dot is an editor's or a tool's, as is a copy that is half written.
        if (entries->path().filename().string().starts_with('.') || entries->is_directory(unknown))
            continue;
        if (extension == ".yaml" || extension == ".yml")
            files.push_back(entries->path().string());
    }
    if (code)
        return base::systemError(code.value(), "list", path);
    if (files.empty())
        return makeError(ErrorCode::NotFound, "The folder " + path + " holds no rule file",
                         folders ? "Rule files end in .yaml or .yml; folders within it are not looked into: name them."
                                 : "Rule files end in .yaml or .yml.");
    std::sort(files.begin(), files.end());
    return files;
}

PackReading readPack(const std::vector<std::string> &paths)
{
    PackReader reader;
    for (const std::string &path : paths)
        reader.readPath(path);
    reader.requireRules();
    return reader.take();
}

base::Result<std::vector<Rule>> parseRules(std::string_view text, const std::string &name)
{
    PackReader reader;
    reader.readText(text, name);
    MULLIGAN_TRY(RulePack pack, packOf(reader.take()));
    return std::move(pack.rules);
}

base::Result<RulePack> loadPack(const std::vector<std::string> &paths)
{
    return packOf(readPack(paths));
}

base::Result<RulePack> packFromText(std::string_view text, const std::string &name)
{
    PackReader reader;
    reader.readText(text, name);
    reader.requireRules();
    return packOf(reader.take());
}

std::string writePack(const RulePack &pack)
{
    formats::Json rules = formats::Json::array();
    for (const Rule &rule : pack.rules)
        rules.push(ruleJson(rule));
    formats::Json root = formats::Json::object();
    root.set("schema", kSchema);
    root.set("rules", std::move(rules));
    return formats::writeYaml(root);
}

} // namespace mulligan::classify
