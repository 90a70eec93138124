#pragma once

// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/classifier.hpp"
#include "classify/pack_documents.hpp"
#include "pipeline/resources.hpp"
#endif

#include <QComboBox>
#include <QString>

#include <memory>
#include <optional>
#include <string>

namespace mulligan::desktop
{

/// Where a pack to compare comes from.
struct PackChoice {
    enum class Source {
        InForce,    ///< as it is compiled now
        Edited,     ///< as it is in the editor, saved or not
        Classified, ///< that the workspace's verdicts came from
        Shipped,    ///< that came with the program
        Path,       ///< a file or folder of rules
        Bundle      ///< the rules of a production bundle
    };
    Source source = Source::InForce;
    std::string path; ///< of Path and Bundle

    bool operator==(const PackChoice &) const = default;
};

/// What a choice is read from. Values and shared immutables: may be handed to another thread.
struct PackSources {
    std::shared_ptr<const classify::Classifier> inForce;
    std::optional<classify::PackDocuments> edited;
    pipeline::Resources resources;
    std::string workspace; ///< path
};

/// Reads and compiles a pack. Errors: those of reading; NotFound for what the workspace was never classified by, for
/// what is not compiled yet, or not open for editing.
[[nodiscard]] base::Result<std::shared_ptr<const classify::Classifier>> readChoice(const PackChoice &choice,
                                                                                   const PackSources &sources);
/// "the pack in force", "bundle.zip".
[[nodiscard]] QString choiceName(const PackChoice &choice);

/// Chooses a pack; files, folders and bundles are asked for by a dialog and stay in the list.
class PackChooser : public QComboBox
{
    Q_OBJECT

public:
    PackChooser(const QString &name, PackChoice::Source first, QWidget *parent);
    [[nodiscard]] PackChoice choice() const;
    /// Chooses; a path that is not in the list joins it.
    void choose(const PackChoice &choice);

Q_SIGNALS:
    void choiceChanged();

private:
    void ask(int index);
    void add(const PackChoice &choice);

    std::vector<PackChoice> m_choices;
    int m_last = 0;
};

} // namespace mulligan::desktop
