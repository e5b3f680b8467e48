#include "views/model_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace layerscope::views {

namespace {

constexpr int deepest = 3; ///< an error inside a problem inside …
constexpr qsizetype shortestMatch = 8; ///< letters of a pattern, so that none fits everything

/// A pattern cut at its places: the texts between them, and the numbers of the places.
struct Pieces
{
    QStringList texts;
    QList<int> places;
    qsizetype letters = 0;
};

Pieces piecesOf(const QString& pattern)
{
    Pieces pieces;
    QString text;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const bool isPlace = pattern[i] == u'%' && i + 1 < pattern.size() && pattern[i + 1] >= u'1'
            && pattern[i + 1] <= u'9';
        if (!isPlace) {
            text += pattern[i];
            ++pieces.letters;
            continue;
        }
        pieces.texts.append(std::exchange(text, {}));
        pieces.places.append(pattern[++i].unicode() - u'1');
    }
    pieces.texts.append(text);
    return pieces;
}

QString filled(const QString& pattern, const QStringList& arguments)
{
    const Pieces pieces = piecesOf(pattern);
    QString text = pieces.texts.constFirst();
    for (qsizetype i = 0; i < pieces.places.size(); ++i)
        text += arguments.value(pieces.places[i]) + pieces.texts[i + 1];
    return text;
}

QString translated(const char* context, const QString& pattern)
{
    return QCoreApplication::translate(context, pattern.toUtf8().constData());
}

QString lookedUp(const QString& text, int depth)
{
    if (depth > deepest)
        return text;
    QStringList best;
    QString chosen;
    qsizetype letters = shortestMatch - 1;
    static const QStringList patterns = modelPatterns();
    for (const QString& pattern : patterns) {
        if (pattern == text) { // nothing fits better
            best.clear();
            chosen = pattern;
            break;
        }
        const qsizetype length = piecesOf(pattern).letters;
        if (length <= letters)
            continue;
        if (const auto arguments = matchPattern(pattern, text)) {
            best = *arguments;
            chosen = pattern;
            letters = length;
        }
    }
    if (chosen.isEmpty() && text.contains(QLatin1String("; "))) { // a list of such texts
        QStringList parts = text.split(QLatin1String("; "));
        for (QString& part : parts)
            part = lookedUp(part, depth + 1);
        return parts.join(QLatin1String("; "));
    }
    if (chosen.isEmpty())
        return text;
    const QString pattern = translated("model", chosen);
    if (pattern == chosen)
        return text; // English, or not translated
    for (QString& argument : best)
        argument = lookedUp(argument, depth + 1);
    return filled(pattern, best);
}

QString asSentence(QString text)
{
    text[0] = text[0].toUpper();
    return text + u'.';
}

QString asClause(QString text)
{
    text[0] = text[0].toLower();
    return text.endsWith(u'.') ? text.chopped(1) : text;
}

/// The messages of errors begin small and have no full stop; the doctor makes sentences of them,
/// and of some of its sentences errors are made.
QString lookedUpAsSentence(const QString& text)
{
    QString found = lookedUp(text, 0);
    if (found != text || text.isEmpty())
        return found;
    if (text.endsWith(u'.')) {
        const QString inner = asClause(text);
        found = lookedUp(inner, 0);
        return found == inner ? text : asSentence(found);
    }
    const QString outer = asSentence(text);
    found = translated("doctor", outer);
    return found == outer ? text : asClause(found);
}

} // namespace

std::optional<QStringList> matchPattern(const QString& pattern, const QString& text)
{
    const Pieces pieces = piecesOf(pattern);
    if (!text.startsWith(pieces.texts.constFirst()) || !text.endsWith(pieces.texts.constLast()))
        return std::nullopt;
    if (pieces.places.isEmpty())
        return text == pattern ? std::optional(QStringList()) : std::nullopt;
    QStringList arguments;
    const qsizetype last = text.size() - pieces.texts.constLast().size();
    qsizetype at = pieces.texts.constFirst().size();
    for (qsizetype i = 0; i < pieces.places.size(); ++i) {
        const bool isLast = i + 1 == pieces.places.size();
        const qsizetype end = isLast ? last : text.indexOf(pieces.texts[i + 1], at);
        if (end < at || end > last)
            return std::nullopt;
        while (arguments.size() <= pieces.places[i])
            arguments.append(QString());
        arguments[pieces.places[i]] = text.mid(at, end - at);
        at = end + pieces.texts[i + 1].size();
    }
    return arguments;
}

QString inWords(const Sentence& sentence, const char* context)
{
    if (sentence.isPlain())
        return inWords(sentence.pattern());
    QStringList arguments;
    const QLocale locale;
    for (const Sentence::Argument& argument : sentence.arguments()) {
        if (const auto* text = std::get_if<std::string>(&argument))
            arguments.append(QString::fromStdString(*text));
        else if (const auto* count = std::get_if<std::int64_t>(&argument))
            arguments.append(locale.toString(static_cast<qlonglong>(*count)));
        else
            arguments.append(locale.toString(std::get<double>(argument), 'g', 4));
    }
    return filled(translated(context, QString::fromStdString(sentence.pattern())), arguments);
}

QString inWords(const Clauses& clauses)
{
    QString text;
    for (const Sentence& clause : clauses)
        text += inWords(clause, "layers");
    return text + u'.';
}

QString inWords(const std::string& english)
{
    return lookedUpAsSentence(QString::fromStdString(english));
}

QString inWords(const Error& error)
{
    QString text;
    for (const std::string& place : error.places())
        text += QString::fromStdString(place) + QLatin1String(": ");
    return text + inWords(error.message());
}

} // namespace layerscope::views
