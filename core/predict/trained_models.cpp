#include "predict/card_json.hpp"
#include "predict/train.hpp"

#include <algorithm>
#include <cstdio>

namespace mulligan::predict
{

namespace
{

using Files = std::map<std::string, std::string>;

constexpr const char *kIndex = "models.json";
constexpr const char *kProduction = "production/";

std::string folderOf(size_t index)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "rolling/%02zu/", index);
    return buffer;
}

void add(Files &files, const std::string &folder, const Predictor &predictor)
{
    for (auto &[path, bytes] : predictor.files())
        files[folder + path] = bytes;
}

base::Result<std::shared_ptr<const Predictor>> read(const Files &files, const std::string &folder)
{
    Files own;
    for (auto it = files.lower_bound(folder); it != files.end() && it->first.compare(0, folder.size(), folder) == 0;
         ++it)
        own.emplace(it->first.substr(folder.size()), it->second);
    auto predictor = Predictor::fromFiles(own);
    if (!predictor.has_value())
        return std::move(predictor).error().in("folder " + folder);
    return predictor;
}

} // namespace

const Predictor *TrainedModels::modelAt(base::Instant moment) const
{
    const auto after = std::upper_bound(rolling.begin(), rolling.end(), moment,
                                        [](base::Instant at, const auto &entry) { return at < entry.first; });
    return after == rolling.begin() ? nullptr : std::prev(after)->second.get();
}

Files TrainedModels::files() const
{
    Files files;
    formats::Json moments = formats::Json::array();
    for (size_t i = 0; i < rolling.size(); ++i) {
        moments.push(rolling[i].first.ms);
        add(files, folderOf(i), *rolling[i].second);
    }
    add(files, kProduction, *production);
    // How long training took is no part of a model: the same data must give the same bytes.
    model::ModelCard timeless = card;
    timeless.seconds = 0.0;
    formats::Json index;
    index.set("id", id);
    index.set("rolling_from_ms", std::move(moments));
    index.set("card", cardToJson(timeless));
    files[kIndex] = formats::writeJson(index);
    return files;
}

base::Result<TrainedModels> TrainedModels::fromFiles(const Files &files)
{
    const auto index = files.find(kIndex);
    if (index == files.end())
        return base::makeError(base::ErrorCode::Corrupt, "The stored models lack their index", "Train again.")
            .in(std::string("file ") + kIndex);
    auto json = formats::parseJson(index->second);
    if (!json.has_value())
        return std::move(json).error().in(std::string("file ") + kIndex);
    TrainedModels out;
    out.id = (*json)["id"].string();
    MULLIGAN_TRY(out.card, cardFromJson((*json)["card"]));
    const auto &moments = (*json)["rolling_from_ms"].items();
    for (size_t i = 0; i < moments.size(); ++i) {
        MULLIGAN_TRY(auto predictor, read(files, folderOf(i)));
        out.rolling.emplace_back(base::Instant{moments[i].integer()}, std::move(predictor));
    }
    MULLIGAN_TRY(out.production, read(files, kProduction));
    return out;
}

} // namespace mulligan::predict
