#include "desktop/pages/rules_conflict_words.hpp"

#include "desktop/widgets/format.hpp"

#include <QObject>
#include <QStringList>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

using classify::FileMerge;
using Kind = classify::DiskChange::Kind;

// More names than these fill the notice and tell no more.
constexpr size_t kNamedRules = 4;

QString tr(const char *words)
{
    return QObject::tr(words);
}

QString ruleNames(const std::vector<std::string> &ids)
{
    QStringList names;
    for (size_t i = 0; i < ids.size() && i < kNamedRules; ++i)
        names << text(ids[i]);
    const QString list = names.join(QStringLiteral(", "));
    return ids.size() > kNamedRules ? tr("%1 and %2 more").arg(list).arg(ids.size() - kNamedRules) : list;
}

bool removed(const FileMerge &conflict)
{
    return conflict.change.kind == Kind::Removed;
}

/// Why a file cannot be merged, with the line but without the path, which is named beside it.
QString whyOf(const FileMerge &conflict)
{
    if (!conflict.whole)
        return {};
    QStringList places;
    for (const auto &place : conflict.whole->context) {
        if (!place.starts_with("file "))
            places << text(place);
    }
    const QString message = text(conflict.whole->message);
    return places.isEmpty() ? message + QLatin1Char('.')
                            : QStringLiteral("%1 (%2).").arg(message, places.join(QStringLiteral(", ")));
}

/// What others did, in one sentence.
QString deedWords(const FileMerge &conflict)
{
    const QString name = fileName(conflict.change.path);
    if (conflict.undone)
        return removed(conflict) ? tr("You undid that somebody else removed %1.").arg(name)
                                 : tr("You undid what somebody else wrote into %1.").arg(name);
    if (removed(conflict))
        return tr("Somebody else removed %1, in which you have edits that are not saved.").arg(name);
    return tr("Somebody else changed %1 while you were editing it.").arg(name);
}

/// What a choice decides about a file.
QString choiceWords(const FileMerge &conflict)
{
    if (removed(conflict))
        return tr("Keep mine makes the file again with the next save; take theirs drops it with your edits of it.");
    if (conflict.whole)
        return tr("It cannot be merged rule by rule, so the whole file is kept or taken: %1").arg(whyOf(conflict));
    if (!conflict.both.empty()) {
        QString words = tr("Both changed %1, which is to be decided.").arg(ruleNames(conflict.both));
        if (!conflict.theirs.empty())
            words += QLatin1Char(' ') + tr("Their change of %1 is taken either way.").arg(ruleNames(conflict.theirs));
        return words;
    }
    if (conflict.undone)
        return tr("Keep mine takes it back on disk too with the next save; take theirs takes it again.");
    if (conflict.order)
        return tr("Both put its rules in another order; all their other changes and yours are kept either way.");
    return tr("No rule was changed on both sides.");
}

} // namespace

QString fileName(const std::string &path)
{
    return text(path).section(QLatin1Char('/'), -1);
}

bool isChoice(const FileMerge &conflict)
{
    return conflict.change.mine;
}

QString conflictWords(const FileMerge &conflict)
{
    const QString name = fileName(conflict.change.path);
    if (!isChoice(conflict))
        return tr("What somebody else wrote into %1 cannot be taken yet; the rules of before stay. %2")
            .arg(name, whyOf(conflict));
    if (!conflict.readable)
        return tr("What somebody else wrote into %1 is no rule file, so it can be neither merged nor taken: %2 Your "
                  "edits stay. It is looked at again as soon as it changes; keep mine writes over the whole file with "
                  "the next save.")
            .arg(name, whyOf(conflict));
    return deedWords(conflict) + QLatin1Char(' ') + choiceWords(conflict);
}

QString conflictWords(const std::vector<FileMerge> &conflicts)
{
    QStringList choices;
    QStringList others;
    for (const auto &each : conflicts)
        (isChoice(each) ? choices : others) << conflictWords(each);
    return (choices + others).join(QLatin1Char('\n'));
}

QString takenWords(const std::vector<FileMerge> &taken)
{
    QStringList words;
    for (const auto &each : taken) {
        const QString name = fileName(each.change.path);
        const QString rules = ruleNames(each.theirs);
        if (removed(each))
            words << tr("Somebody else removed %1 from the disk, and with it %2. Undo brings its rules back here, and "
                        "a save then makes the file again.")
                         .arg(name, rules.isEmpty() ? tr("no rule") : rules);
        else if (rules.isEmpty())
            words << tr("Somebody else changed %1, but no rule in it; that was taken.").arg(name);
        else
            words << (each.change.mine
                          ? tr("Somebody else changed %1 in %2; that was taken, and your edits of other rules stay.")
                          : tr("Somebody else changed %1 in %2; that was taken."))
                         .arg(rules, name);
    }
    return words.join(QLatin1Char('\n'));
}

QString keepMineWords(const std::vector<FileMerge> &conflicts)
{
    const bool byRule = std::all_of(conflicts.begin(), conflicts.end(),
                                    [](const auto &each) { return !each.both.empty() && !each.whole; });
    return byRule ? tr("Your version of the rules that both changed is what the next save writes; their changes of "
                       "other rules are taken")
                  : tr("The next save writes over what is on disk");
}

QString takeTheirsWords(const std::vector<FileMerge> &conflicts)
{
    if (std::none_of(conflicts.begin(), conflicts.end(),
                     [](const auto &each) { return each.readable && isChoice(each); }))
        return {};
    const bool byRule = std::all_of(conflicts.begin(), conflicts.end(),
                                    [](const auto &each) { return !each.both.empty() && !each.whole; });
    return byRule ? tr("Gives up your edits of the rules that both changed and keeps the others; undo brings them back")
                  : tr("Gives up your edits of these files; undo brings them back");
}

QString cannotTakeWords()
{
    return tr("What is on disk is no rule file, so it cannot be taken yet");
}

} // namespace mulligan::desktop
