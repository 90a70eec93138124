#include "classify/rule_reader.hpp"

namespace mulligan::classify
{

namespace
{

SourcePlace placeOf(const formats::YamlNode *node)
{
    return node == nullptr ? SourcePlace() : SourcePlace{node->line, node->column};
}

std::vector<SourcePlace> placesOfItems(const formats::YamlNode *list)
{
    std::vector<SourcePlace> places;
    if (list != nullptr)
        for (const formats::YamlNode &item : list->items)
            places.push_back(placeOf(&item));
    return places;
}

void notePatterns(const formats::YamlNode &match, std::map<std::string, SourcePlace> &places)
{
    for (const char *key : {"all", "any", "none"}) {
        const formats::YamlNode *list = match.find(key);
        if (list == nullptr || list->kind != formats::YamlNode::Kind::Sequence)
            continue;
        for (const auto &item : list->items)
            places.insert_or_assign(item.scalar, placeOf(&item));
    }
    const formats::YamlNode *block = match.find("block");
    for (const char *key : {"from", "to"})
        if (const formats::YamlNode *end = block == nullptr ? nullptr : block->find(key))
            places.insert_or_assign(end->scalar, placeOf(end));
}

} // namespace

RulePlaces placesOf(const formats::YamlNode &map)
{
    RulePlaces places;
    places.summary = placeOf(map.find("summary"));
    places.advice = placeOf(map.find("advice"));
    if (const formats::YamlNode *captures = map.find("captures"))
        for (const formats::YamlNode::Member &member : captures->members)
            places.captures[member.key] = {member.keyLine, member.keyColumn};
    if (const formats::YamlNode *match = map.find("match"))
        notePatterns(*match, places.patterns);
    if (const formats::YamlNode *samples = map.find("samples")) {
        places.positive = placesOfItems(samples->find("positive"));
        places.negative = placesOfItems(samples->find("negative"));
    }
    return places;
}

base::Error wrongValue(const formats::YamlNode &node, const std::string &what, const std::string &remedy)
{
    return base::makeError(base::ErrorCode::Parse, what, remedy).in(node.place());
}

base::Error wrongPattern(const formats::YamlNode &node, base::Error error)
{
    error.code = base::ErrorCode::Parse;
    return std::move(error).in(node.place());
}

} // namespace mulligan::classify
