#include "desktop/pages/rules_conflict_words.hpp"

#include "desktop/widgets/format.hpp"

#include <QObject>
#include <QStringList>

#include <algorithm>
#include <iterator>

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

bool has(const std::vector<std::string> &ids, const std::string &id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Of `ids` those that `chosen` says.
template <typename Chosen> QString namesOf(const std::vector<std::string> &ids, Chosen chosen)
{
    std::vector<std::string> some;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(some), chosen);
    return ruleNames(some);
}

/// "changed a, added b and removed c, d": what they did with the rules that they alone touched.
QString theirDeeds(const FileMerge &merge)
{
    const auto &fates = merge.fates;
    QStringList deeds;
    const auto add = [&](const char *words, const QString &names) {
        if (!names.isEmpty())
            deeds << tr(words).arg(names);
    };
    add("changed %1",
        namesOf(merge.theirs, [&](const std::string &id) { return !has(fates.added, id) && !has(fates.removed, id); }));
    add("added %1", namesOf(merge.theirs, [&](const std::string &id) { return has(fates.added, id); }));
    add("removed %1", namesOf(merge.theirs, [&](const std::string &id) { return has(fates.removed, id); }));
    if (deeds.size() < 2)
        return deeds.join(QString());
    const QString last = deeds.takeLast();
    return tr("%1 and %2").arg(deeds.join(QStringLiteral(", ")), last);
}

/// What the two sides did to the rules that are to be decided.
QString clashWords(const FileMerge &merge)
{
    const auto &fates = merge.fates;
    QStringList words;
    const auto add = [&](const char *sentence, const QString &names) {
        if (!names.isEmpty())
            words << tr(sentence).arg(names);
    };
    add("Both changed %1, which is to be decided.", namesOf(merge.both, [&](const std::string &id) {
            return !has(fates.added, id) && !has(fates.removed, id) && !has(fates.removedHere, id);
        }));
    add("Both added %1, but not alike, which is to be decided.",
        namesOf(merge.both, [&](const std::string &id) { return has(fates.added, id); }));
    add("You changed %1 and they removed it, which is to be decided.",
        namesOf(merge.both, [&](const std::string &id) { return has(fates.removed, id); }));
    add("You removed %1 and they changed it, which is to be decided.",
        namesOf(merge.both, [&](const std::string &id) { return has(fates.removedHere, id); }));
    return words.join(QLatin1Char(' '));
}

/// Of a rule in two files: which, where, and what mends it.
QString sharedWords(const FileMerge &conflict)
{
    const QString name = fileName(conflict.change.path);
    const QString words = conflict.change.kind == Kind::Appeared
                              ? tr("The rule %1 is in two files: in %2, and in %3, which somebody else put beside it.")
                              : tr("The rule %1 is in two files: in %2, and in %3, which somebody else changed.");
    return words.arg(text(conflict.shared->id), fileName(conflict.shared->file), name) + QLatin1Char(' ')
           + tr("Rename or remove it in one of them.");
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
    if (conflict.shared)
        return sharedWords(conflict) + QLatin1Char(' ') + tr("Or keep the whole file as it is here: keep mine.");
    if (conflict.whole)
        return tr("It cannot be merged rule by rule, so the whole file is kept or taken: %1").arg(whyOf(conflict));
    if (!conflict.both.empty()) {
        QString words = clashWords(conflict);
        if (!conflict.theirs.empty())
            words += QLatin1Char(' ') + tr("They also %1; that is taken either way.").arg(theirDeeds(conflict));
        return words;
    }
    if (conflict.undone)
        return (conflict.theirs.empty() ? QString() : tr("They %1.").arg(theirDeeds(conflict)) + QLatin1Char(' '))
               + tr("Keep mine takes it back on disk too with the next save; take theirs takes it again.");
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
    if (!isChoice(conflict) && conflict.shared)
        return sharedWords(conflict) + QLatin1Char(' ')
               + tr("Until then %1 is left out, and the rules of before stay.").arg(name);
    if (!isChoice(conflict))
        return tr("What somebody else wrote into %1 cannot be taken yet; the rules of before stay. %2 Mend it on disk: "
                  "it is looked at again as soon as it changes. The other files can be saved.")
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
        const QString deeds = theirDeeds(each);
        if (removed(each))
            words << tr("Somebody else removed %1 from the disk, and with it %2. Undo brings its rules back here, and "
                        "a save then makes the file again.")
                         .arg(name, each.theirs.empty() ? tr("no rule") : ruleNames(each.theirs));
        else if (deeds.isEmpty())
            words << tr("Somebody else changed %1, but no rule in it; that was taken.").arg(name);
        else if (each.change.kind == Kind::Appeared && !each.change.mine)
            words << tr("Somebody else put the file %1 there and %2; that was taken.").arg(name, theirDeeds(each));
        else
            words << (each.change.mine
                          ? tr("Somebody else %1 in %2; that was taken, and your edits of other rules stay.")
                          : tr("Somebody else %1 in %2; that was taken."))
                         .arg(deeds, name);
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
