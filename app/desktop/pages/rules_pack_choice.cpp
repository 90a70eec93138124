#include "desktop/pages/rules_pack_choice.hpp"

#include "classify/rule_file.hpp"
#include "deploy/bundle.hpp"
#include "desktop/widgets/format.hpp"
#include "pipeline/classified_pack.hpp"

#include <QFileDialog>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kShownCharacters = 16;

using Compiled = base::Result<std::shared_ptr<const classify::Classifier>>;

// Entries after the choices: what they ask for.
constexpr int kAskRole = Qt::UserRole + 1;
enum Ask { kAskFile = 1, kAskFolder, kAskBundle };

Compiled classifiedPack(const std::string &path)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(auto pack, pipeline::storedPack(workspace));
    if (pack.rules.empty())
        return base::makeError(base::ErrorCode::NotFound, "It is not known which pack the verdicts came from",
                               "Classify the workspace again; from then on its pack is kept with it.");
    return classify::Classifier::make(std::move(pack));
}

Compiled bundledPack(const std::string &path)
{
    MULLIGAN_TRY(const auto bundle, deploy::readTrustedBundle(path));
    MULLIGAN_TRY(const auto rules, bundle.file("rules.yaml"));
    MULLIGAN_TRY(auto pack, classify::packFromText(rules, path + "/rules.yaml"));
    return classify::Classifier::make(std::move(pack));
}

} // namespace

Compiled readChoice(const PackChoice &choice, const PackSources &sources)
{
    switch (choice.source) {
    case PackChoice::Source::InForce:
        if (sources.inForce)
            return sources.inForce;
        return base::makeError(base::ErrorCode::NotFound, "No pack is in force yet", "Wait until it is compiled.");
    case PackChoice::Source::Edited:
        if (sources.edited)
            return classify::Classifier::make(sources.edited->pack());
        return base::makeError(base::ErrorCode::NotFound, "The rule files are not open for editing",
                               "See the editor's tab for the reason.");
    case PackChoice::Source::Classified: return classifiedPack(sources.workspace);
    case PackChoice::Source::Shipped: return pipeline::loadClassifier(sources.resources);
    case PackChoice::Source::Path: return pipeline::loadClassifier(sources.resources, {choice.path});
    case PackChoice::Source::Bundle: return bundledPack(choice.path);
    }
    return base::makeError(base::ErrorCode::Internal, "An unknown kind of pack");
}

QString choiceName(const PackChoice &choice)
{
    switch (choice.source) {
    case PackChoice::Source::InForce: return PackChooser::tr("the pack in force");
    case PackChoice::Source::Edited: return PackChooser::tr("as edited now");
    case PackChoice::Source::Classified: return PackChooser::tr("as last classified");
    case PackChoice::Source::Shipped: return PackChooser::tr("the shipped pack");
    case PackChoice::Source::Path:
    case PackChoice::Source::Bundle: break;
    }
    return text(choice.path).section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
}

PackChooser::PackChooser(const QString &name, PackChoice::Source first, QWidget *parent) : QComboBox(parent)
{
    setAccessibleName(name);
    // A file's name may be long; the tool tip has its path.
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(kShownCharacters);
    for (const auto source : {PackChoice::Source::InForce, PackChoice::Source::Edited, PackChoice::Source::Classified,
                              PackChoice::Source::Shipped})
        add({source, {}});
    insertSeparator(count());
    for (const auto &[label, ask] : {std::pair(tr("A file…"), kAskFile), std::pair(tr("A folder…"), kAskFolder),
                                     std::pair(tr("A bundle…"), kAskBundle)}) {
        addItem(label);
        setItemData(count() - 1, ask, kAskRole);
    }
    connect(this, &QComboBox::activated, this, &PackChooser::ask);
    connect(this, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0 && index < static_cast<int>(m_choices.size()) && index != m_last) {
            m_last = index;
            Q_EMIT choiceChanged();
        }
    });
    choose({first, {}});
}

void PackChooser::add(const PackChoice &choice)
{
    const auto place = static_cast<int>(m_choices.size());
    m_choices.push_back(choice);
    insertItem(place, choiceName(choice));
    setItemData(place, choice.path.empty() ? QVariant() : QVariant(text(choice.path)), Qt::ToolTipRole);
}

PackChoice PackChooser::choice() const
{
    return m_choices[static_cast<size_t>(m_last)];
}

void PackChooser::choose(const PackChoice &choice)
{
    auto found = std::find(m_choices.begin(), m_choices.end(), choice);
    if (found == m_choices.end()) {
        add(choice);
        found = m_choices.end() - 1;
    }
    setCurrentIndex(static_cast<int>(found - m_choices.begin()));
}

void PackChooser::ask(int index)
{
    const int asked = itemData(index, kAskRole).toInt();
    if (asked == 0)
        return;
    setCurrentIndex(m_last); // as it was, unless something is chosen
    QString path;
    if (asked == kAskFile)
        path = QFileDialog::getOpenFileName(window(), tr("Rule file"), {}, tr("Rules (*.yaml *.yml)"));
    else if (asked == kAskFolder)
        path = QFileDialog::getExistingDirectory(window(), tr("Folder of rules"));
    else
        path = QFileDialog::getOpenFileName(window(), tr("Bundle"), {}, tr("Bundles (*.zip)"));
    if (!path.isEmpty())
        choose({asked == kAskBundle ? PackChoice::Source::Bundle : PackChoice::Source::Path, path.toStdString()});
}

} // namespace mulligan::desktop
