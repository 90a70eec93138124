#pragma once

#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <QString>
#include <QVector>

#include <functional>
#include <utility>

namespace mulligan::desktop
{

/// One scalar setting of a policy or of the economics, as the lab offers it.
struct Knob {
    enum class Kind { Slider, Whole, Number, Choice, Flag, Text };

    QString key; ///< of the file and of `--set`
    QString label;
    QString help;
    Kind kind = Kind::Number;
    double low = 0.0;
    double high = 1.0;
    double step = 1.0;
    int decimals = 0;
    QString unit;
    QVector<std::pair<QString, QString>> choices;                                  ///< value and label
    std::function<QString(const policy::Policy &, const policy::Economics &)> get; ///< as the file writes it

    /// The value for people, with its unit or the choice's label.
    [[nodiscard]] QString shown(const QString &value) const;
};

struct KnobSection {
    QString title;
    bool open = false;
    QVector<Knob> knobs;
};

/// Every scalar knob there is, by group. Lists (thresholds, overrides, minutes, prices, rules) have editors of their
/// own.
[[nodiscard]] KnobSection limitKnobs();
[[nodiscard]] KnobSection backoffKnobs();
[[nodiscard]] KnobSection configurationKnobs();
[[nodiscard]] KnobSection ruleKnobs();
[[nodiscard]] KnobSection recommendationKnobs();
[[nodiscard]] KnobSection labourKnobs();
[[nodiscard]] KnobSection priceKnobs();
/// Keys of the settings that are lists or maps, by their prefix.
[[nodiscard]] QStringList listKnobKeys();

} // namespace mulligan::desktop
