#pragma once

#include "desktop/widgets/elided_label.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <optional>

namespace mulligan::desktop
{

class Session;

/// Net savings of the policy, and how far the rules that it switches off or gives another action change them.
class RulesSavings : public ElidedLabel
{
public:
    explicit RulesSavings(Session &session, QWidget *parent = nullptr);
    /// Other data: what was measured before is nothing to compare with.
    void forget();
    void refresh();
    /// The stored verdicts, which the replay is of, are not those of the rules in force.
    void setOlderRules(bool older);

private:
    /// The replay that edits of the rules are measured against.
    struct Baseline {
        double net = 0.0;
        policy::Policy policy; ///< without edits of the rules
        policy::Economics economics;
    };
    void noteBaseline();
    void sayOlderRules();
    /// Says that the figures rest on no model, where that is so.
    void cautionWithoutModel();
    /// Net savings before the rules were edited; none where anything else has changed since.
    [[nodiscard]] std::optional<double> netBefore() const;

    Session &m_session;
    std::optional<Baseline> m_baseline;
    bool m_olderRules = false;
};

} // namespace mulligan::desktop
