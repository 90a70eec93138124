#include "predict/card_json.hpp"

namespace mulligan::predict
{

namespace
{

using formats::Json;

Json toJson(const model::ProbabilityQuality &q)
{
    Json json;
    json.set("auc", q.auc);
    json.set("pr_auc", q.prAuc);
    json.set("log_loss", q.logLoss);
    json.set("brier", q.brier);
    json.set("ece", q.ece);
    return json;
}

model::ProbabilityQuality probabilityFrom(const Json &json)
{
    return {json["auc"].number(), json["pr_auc"].number(), json["log_loss"].number(), json["brier"].number(),
            json["ece"].number()};
}

Json toJson(const model::CostQuality &q)
{
    Json json;
    json.set("mae", q.mae);
    json.set("mape", q.mape);
    json.set("bias", q.bias);
    return json;
}

model::CostQuality costFrom(const Json &json)
{
    return {json["mae"].number(), json["mape"].number(), json["bias"].number()};
}

Json toJson(const model::ClassQuality &q)
{
    Json json;
    json.set("rows", q.rows);
    json.set("success_rate", q.successRate);
    json.set("auc", q.auc ? Json(*q.auc) : Json());
    json.set("brier", q.brier);
    json.set("cost", toJson(q.cost));
    return json;
}

model::ClassQuality classFrom(const Json &json)
{
    model::ClassQuality q;
    q.rows = static_cast<std::uint64_t>(json["rows"].integer());
    q.successRate = json["success_rate"].number();
    if (json["auc"].isNumber())
        q.auc = json["auc"].number();
    q.brier = json["brier"].number();
    q.cost = costFrom(json["cost"]);
    return q;
}

Json curveToJson(const std::vector<model::CurvePoint> &points, const char *x, const char *y)
{
    Json list = Json::array();
    for (const auto &point : points) {
        Json json;
        json.set(x, point.x);
        json.set(y, point.y);
        list.push(std::move(json));
    }
    return list;
}

std::vector<model::CurvePoint> curveFrom(const Json &list, const char *x, const char *y)
{
    std::vector<model::CurvePoint> out;
    for (const Json &json : list.items())
        out.push_back({json[x].number(), json[y].number()});
    return out;
}

Json calibrationJson(const model::ModelCard &card)
{
    Json list = Json::array();
    for (const auto &bin : card.calibration) {
        Json json;
        json.set("predicted", bin.predicted);
        json.set("observed", bin.observed);
        json.set("low", bin.low);
        json.set("high", bin.high);
        json.set("count", bin.count);
        list.push(std::move(json));
    }
    return list;
}

/// How rows were divided: what the figures were measured on.
Json splitJson(const model::ModelCard &card)
{
    Json split;
    split.set("method", "rolling origin");
    split.set("refits", card.refits);
    split.set("scored_rows", card.scoredRows);
    split.set("trained_to", base::formatInstant(card.trainedTo));
    return split;
}

void addDiagrams(const model::ModelCard &card, Json &json)
{
    json.set("calibration", calibrationJson(card));
    json.set("precision_recall", curveToJson(card.precisionRecall, "recall", "precision"));
    json.set("roc", curveToJson(card.roc, "false_positive_rate", "true_positive_rate"));
    json.set("learning_curve", curveToJson(card.learningCurve, "rows", "log_loss"));
    Json importance = Json::array();
    for (const auto &entry : card.importance) {
        Json feature;
        feature.set("feature", entry.feature);
        feature.set("gain", entry.gain);
        importance.push(std::move(feature));
    }
    json.set("importance", std::move(importance));
}

void readDiagrams(const Json &json, model::ModelCard &card)
{
    for (const Json &bin : json["calibration"].items())
        card.calibration.push_back({bin["predicted"].number(), bin["observed"].number(), bin["low"].number(),
                                    bin["high"].number(), static_cast<std::uint64_t>(bin["count"].integer())});
    card.precisionRecall = curveFrom(json["precision_recall"], "recall", "precision");
    card.roc = curveFrom(json["roc"], "false_positive_rate", "true_positive_rate");
    card.learningCurve = curveFrom(json["learning_curve"], "rows", "log_loss");
    for (const Json &feature : json["importance"].items())
        card.importance.push_back({feature["feature"].string(), feature["gain"].number()});
}

} // namespace

Json cardToJson(const model::ModelCard &card)
{
    Json json;
    json.set("model_id", card.modelId);
    json.set("fallback", card.fallback);
    json.set("fallback_reason", card.fallbackReason);
    json.set("rows", card.rows);
    json.set("split", splitJson(card));
    json.set("seed", card.seed);
    json.set("success", toJson(card.success));
    Json cost = toJson(card.cost);
    cost.set("target", card.costTarget);
    json.set("cost", std::move(cost));
    Json baselines = Json::object();
    for (const auto &[label, quality] : card.baselines)
        baselines.set(label, toJson(quality));
    json.set("baselines", std::move(baselines));
    Json classes = Json::object();
    for (const auto &[errorClass, quality] : card.byClass)
        classes.set(errorClass, toJson(quality));
    json.set("by_class", std::move(classes));
    addDiagrams(card, json);
    json.set("seconds", card.seconds);
    return json;
}

base::Result<model::ModelCard> cardFromJson(const Json &json)
{
    if (!json["model_id"].isString() || !json["success"].isObject())
        return base::makeError(base::ErrorCode::Parse, "This is not a model card: it lacks model_id or success",
                               "Train again.");
    const Json &split = json["split"];
    model::ModelCard card;
    MULLIGAN_TRY(card.trainedTo, base::parseInstant(split["trained_to"].string()));
    card.modelId = json["model_id"].string();
    card.fallback = json["fallback"].boolean();
    card.fallbackReason = json["fallback_reason"].string();
    card.rows = static_cast<std::uint64_t>(json["rows"].integer());
    card.scoredRows = static_cast<std::uint64_t>(split["scored_rows"].integer());
    card.refits = static_cast<std::uint64_t>(split["refits"].integer());
    card.seed = static_cast<std::uint64_t>(json["seed"].integer());
    card.success = probabilityFrom(json["success"]);
    card.cost = costFrom(json["cost"]);
    card.costTarget = json["cost"]["target"].string();
    for (const auto &[label, quality] : json["baselines"].members())
        card.baselines.emplace(label, probabilityFrom(quality));
    for (const auto &[errorClass, quality] : json["by_class"].members())
        card.byClass.emplace(errorClass, classFrom(quality));
    readDiagrams(json, card);
    card.seconds = json["seconds"].number();
    return card;
}

} // namespace mulligan::predict
