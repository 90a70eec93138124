#include "predict/predictor_state.hpp"

#include "formats/hash.hpp"

#include <array>

namespace mulligan::predict
{

namespace
{

using Files = std::map<std::string, std::string>;
using formats::Json;

constexpr std::array<const char *, 2> kHalves{"chooser", "scorer"};

Json numbers(std::span<const double> values)
{
    Json list = Json::array();
    for (const double value : values)
        list.push(value);
    return list;
}

std::vector<double> numbersFrom(const Json &list)
{
    std::vector<double> out;
    for (const Json &item : list.items())
        out.push_back(item.number());
    return out;
}

Json costJson(const CostModel &model)
{
    Json json;
    json.set("form", std::string(name(model.form)));
    json.set("factor", model.factor);
    json.set("mean_hours", model.meanHours);
    json.set("ceiling_hours", model.ceilingHours);
    json.set("booster", model.booster.has_value());
    return json;
}

Json trendJson(const MemoryTrend &trend)
{
    Json json;
    json.set("overall", trend.overall).set("at_once", trend.atOnce).set("per_doubling", trend.perDoubling);
    return json;
}

Json halfJson(const HalfModel &half)
{
    Json calibration;
    calibration.set("x", numbers(half.calibration.x()));
    calibration.set("y", numbers(half.calibration.y()));
    Json json;
    json.set("calibration", std::move(calibration));
    json.set("cost_fail", costJson(half.costFail));
    json.set("cost_success", costJson(half.costSuccess));
    json.set("encoding", half.encoding.toJson());
    json.set("memory_trend", trendJson(half.trend));
    return json;
}

void addBooster(Files &files, const std::string &name, const std::optional<Booster> &booster)
{
    if (!booster)
        return;
    // A booster that was made or read can be written: running out of memory is all that could fail.
    auto json = booster->toJson();
    files[name] = json.has_value() ? std::move(*json) : std::string();
}

base::Error broken(base::ErrorCode code, const std::string &file, std::string message)
{
    return base::makeError(code, std::move(message),
                           "Run 'mulligan train' on the workspace again; a bundle is then to be exported again.")
        .in("file " + file);
}

base::Result<const std::string *> fileOf(const Files &files, const std::string &name)
{
    const auto it = files.find(name);
    if (it == files.end())
        return broken(base::ErrorCode::Corrupt, name, "The model lacks this file");
    return &it->second;
}

base::Result<Json> jsonOf(const Files &files, const std::string &name)
{
    MULLIGAN_TRY(const std::string *text, fileOf(files, name));
    auto json = formats::parseJson(*text);
    if (!json.has_value())
        return std::move(json).error().in("file " + name);
    return json;
}

base::Result<std::optional<Booster>> boosterOf(const Files &files, const std::string &name, bool wanted)
{
    if (!wanted)
        return std::optional<Booster>();
    MULLIGAN_TRY(const std::string *text, fileOf(files, name));
    auto booster = Booster::fromJson(*text);
    if (!booster.has_value())
        return std::move(booster).error().in("file " + name);
    return std::optional<Booster>(std::move(*booster));
}

base::Result<CostModel> costFrom(const Files &files, const std::string &file, const Json &json,
                                 const std::string &booster)
{
    const auto form = costFormFromName(json["form"].string());
    if (!form)
        return broken(base::ErrorCode::Unsupported, file,
                      "Unknown form of cost target '" + json["form"].string() + "'");
    CostModel model;
    model.form = *form;
    model.factor = json["factor"].number(1.0);
    model.meanHours = json["mean_hours"].number();
    model.ceilingHours = json["ceiling_hours"].number();
    MULLIGAN_TRY(model.booster, boosterOf(files, booster, json["booster"].boolean()));
    return model;
}

base::Result<HalfModel> halfFrom(const Files &files, const std::string &name)
{
    const std::string file = name + ".json";
    MULLIGAN_TRY(const Json json, jsonOf(files, file));
    HalfModel half;
    auto encoding = Encoding::fromJson(json["encoding"]);
    if (!encoding.has_value())
        return std::move(encoding).error().in("file " + file);
    half.encoding = std::move(*encoding);
    auto x = numbersFrom(json["calibration"]["x"]);
    auto y = numbersFrom(json["calibration"]["y"]);
    if (x.empty() || x.size() != y.size())
        return broken(base::ErrorCode::Corrupt, file,
                      "The calibration needs as many values as scores, and at least one");
    half.calibration = stats::Isotonic::fromKnots(std::move(x), std::move(y));
    const Json &trend = json["memory_trend"];
    half.trend = {trend["overall"].number(), trend["at_once"].number(), trend["per_doubling"].number(-1.0)};
    if (!(half.trend.overall > 0.0) || !(half.trend.overall < 1.0) || !(half.trend.perDoubling >= 0.0))
        return broken(base::ErrorCode::Corrupt, file, "The memory trend is missing or out of range");
    MULLIGAN_TRY(half.success, boosterOf(files, name + "_success.json", true));
    MULLIGAN_TRY(half.costFail, costFrom(files, file, json["cost_fail"], name + "_cost_fail.json"));
    MULLIGAN_TRY(half.costSuccess, costFrom(files, file, json["cost_success"], name + "_cost_success.json"));
    return half;
}

Json specOf(const Predictor::State &state)
{
    Json features = Json::array();
    for (const std::string &feature : featureNames())
        features.push(feature);
    Json spec;
    spec.set("feature_version", kFeatureVersion);
    spec.set("kind", state.fallback ? "class_rates" : "boosters");
    spec.set("fitted_to_ms", state.fittedTo.ms);
    spec.set("features", std::move(features));
    return spec;
}

base::Result<void> checkSpec(const Json &spec)
{
    if (spec["feature_version"].integer(-1) != kFeatureVersion)
        return broken(base::ErrorCode::Unsupported, "spec.json",
                      "This model has feature version " + std::to_string(spec["feature_version"].integer(-1))
                          + ", and this program knows version " + std::to_string(kFeatureVersion));
    const auto &features = spec["features"].items();
    if (features.size() != featureNames().size())
        return broken(base::ErrorCode::Corrupt, "spec.json",
                      "The list of features has " + std::to_string(features.size()) + " entries instead of "
                          + std::to_string(featureNames().size()));
    for (size_t i = 0; i < features.size(); ++i)
        if (features[i].string() != featureNames()[i])
            return broken(base::ErrorCode::Corrupt, "spec.json",
                          "Feature " + std::to_string(i + 1) + " must be '" + featureNames()[i] + "'");
    return {};
}

} // namespace

Files contentOf(const Predictor::State &state)
{
    Files files;
    files["spec.json"] = formats::writeJson(specOf(state));
    files["support.json"] = formats::writeJson(state.support.toJson());
    if (state.fallback) {
        files["rates.json"] = formats::writeJson(state.rates.toJson());
        return files;
    }
    for (size_t h = 0; h < kHalves.size(); ++h) {
        const HalfModel &half = h == 0 ? state.chooser : state.scorer;
        const std::string prefix = kHalves[h];
        files[prefix + ".json"] = formats::writeJson(halfJson(half));
        addBooster(files, prefix + "_success.json", half.success);
        addBooster(files, prefix + "_cost_fail.json", half.costFail.booster);
        addBooster(files, prefix + "_cost_success.json", half.costSuccess.booster);
    }
    return files;
}

void Predictor::State::stamp()
{
    formats::Sha256 hash;
    for (const auto &[path, bytes] : contentOf(*this)) {
        hash.update(path);
        hash.update(bytes);
    }
    id = (fallback ? "rates-" : "model-") + hash.hexDigest().substr(0, 12);
}

Files Predictor::files() const
{
    Files files = contentOf(*m_state);
    Json id;
    id.set("id", m_state->id);
    files["id.json"] = formats::writeJson(id);
    return files;
}

base::Result<std::shared_ptr<const Predictor>> Predictor::fromFiles(const Files &files)
{
    MULLIGAN_TRY(const Json id, jsonOf(files, "id.json"));
    MULLIGAN_TRY(const Json spec, jsonOf(files, "spec.json"));
    MULLIGAN_CHECK(checkSpec(spec));
    auto state = std::make_unique<State>();
    state->id = id["id"].string();
    state->fittedTo.ms = spec["fitted_to_ms"].integer();
    state->fallback = spec["kind"].string() == "class_rates";
    MULLIGAN_TRY(const Json support, jsonOf(files, "support.json"));
    auto read = Support::fromJson(support);
    if (!read.has_value())
        return std::move(read).error().in("file support.json");
    state->support = std::move(*read);
    if (state->fallback) {
        MULLIGAN_TRY(const Json rates, jsonOf(files, "rates.json"));
        auto known = ClassRates::fromJson(rates);
        if (!known.has_value())
            return std::move(known).error().in("file rates.json");
        state->rates = std::move(*known);
    } else {
        MULLIGAN_TRY(state->chooser, halfFrom(files, kHalves[0]));
        MULLIGAN_TRY(state->scorer, halfFrom(files, kHalves[1]));
    }
    return std::shared_ptr<const Predictor>(std::make_shared<Predictor>(std::move(state)));
}

} // namespace mulligan::predict
