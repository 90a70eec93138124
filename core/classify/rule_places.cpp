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

} // namespace

RulePlaces placesOf(const formats::YamlNode &map)
{
    RulePlaces places;
    places.summary = placeOf(map.find("summary"));
    places.advice = placeOf(map.find("advice"));
    if (const formats::YamlNode *captures = map.find("captures"))
        for (const formats::YamlNode::Member &member : captures->members)
            places.captures[member.key] = {member.keyLine, member.keyColumn};
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
