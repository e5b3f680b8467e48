#include "views/layer_filter.h"

#include "views/layer_item_model.h"

#include <QStringList>

namespace layerscope::views {

namespace {

/// Splits at spaces outside quotes.
QStringList words(const QString& text)
{
    QStringList found;
    QString word;
    bool quoted = false;
    for (const QChar character : text) {
        if (character == u'"') {
            quoted = !quoted;
        } else if (character.isSpace() && !quoted) {
            if (!word.isEmpty())
                found.append(std::exchange(word, {}));
        } else {
            word.append(character);
        }
    }
    if (!word.isEmpty())
        found.append(word);
    return found;
}

/// "1e6", "10k", "2.5M".
std::optional<double> toNumber(QString text)
{
    double factor = 1;
    if (text.endsWith(u'k') || text.endsWith(u'K'))
        factor = 1e3;
    else if (text.endsWith(u'M'))
        factor = 1e6;
    else if (text.endsWith(u'G'))
        factor = 1e9;
    if (factor > 1)
        text.chop(1);
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok ? std::optional(number * factor) : std::nullopt;
}

std::optional<bool> toTruth(const QString& text)
{
    const QString lower = text.toLower();
    if (lower == QLatin1String("true") || lower == QLatin1String("yes")
        || lower == QLatin1String("1"))
        return true;
    if (lower == QLatin1String("false") || lower == QLatin1String("no")
        || lower == QLatin1String("0"))
        return false;
    return std::nullopt;
}

/// Qt 6.4's own conversion takes `*` for a part of a path, which stops at the slashes of layer
/// names.
QRegularExpression wildcard(const QString& text)
{
    QString pattern = QRegularExpression::escape(text);
    pattern.replace(QLatin1String("\\*"), QLatin1String(".*"));
    pattern.replace(QLatin1String("\\?"), QLatin1String("."));
    return QRegularExpression(
        QRegularExpression::anchoredPattern(pattern), QRegularExpression::CaseInsensitiveOption);
}

} // namespace

LayerFilter::LayerFilter(const QString& text)
{
    for (const QString& word : words(text))
        addWord(word);
}

void LayerFilter::addWord(QString word)
{
    Condition condition;
    if (word.size() > 1 && word.startsWith(u'-')) {
        condition.negated = true;
        word.remove(0, 1);
    }
    static const QRegularExpression keyed(
        QStringLiteral("^(type|class|name|params|parameters|trainable|nan)(:|>=|<=|>|<|=)(.*)$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = keyed.match(word);
    condition.text = match.hasMatch() ? match.captured(3) : word;
    if (match.hasMatch()) {
        if (condition.text.isEmpty())
            return; // still being typed
        const QString key = match.captured(1).toLower();
        const QString sign = match.captured(2);
        bool understood = true;
        if (key == QLatin1String("name") || key == QLatin1String("type")
            || key == QLatin1String("class")) {
            condition.subject = key == QLatin1String("name") ? Subject::Name : Subject::Type;
        } else if (key.startsWith(QLatin1String("param"))) {
            condition.subject = Subject::Parameters;
            condition.comparison = sign == QLatin1String(">=") ? Comparison::GreaterOrEqual
                : sign == QLatin1String("<=")                  ? Comparison::LessOrEqual
                : sign == QLatin1String(">")                   ? Comparison::Greater
                : sign == QLatin1String("<")                   ? Comparison::Less
                                                               : Comparison::Equal;
            const std::optional<double> number = toNumber(condition.text);
            understood = number.has_value();
            condition.number = number.value_or(0);
        } else {
            condition.subject
                = key == QLatin1String("nan") ? Subject::NotFinite : Subject::Trainable;
            const std::optional<bool> truth = toTruth(condition.text);
            understood = truth.has_value();
            condition.number = truth.value_or(false) ? 1 : 0;
        }
        if (!understood) {
            if (m_problem.isEmpty())
                m_problem = word;
        }
    }
    if (condition.text.contains(u'*') || condition.text.contains(u'?'))
        condition.pattern = wildcard(condition.text);
    m_conditions.push_back(std::move(condition));
}

bool LayerFilter::holds(const Condition& condition, const Facts& facts) const
{
    const auto fits = [&](const QString& text, bool whole) {
        if (!condition.pattern.pattern().isEmpty())
            return condition.pattern.match(text).hasMatch();
        return whole ? text.compare(condition.text, Qt::CaseInsensitive) == 0
                     : text.contains(condition.text, Qt::CaseInsensitive);
    };
    const auto parameters = static_cast<double>(facts.parameters);
    switch (condition.subject) {
    case Subject::Any:
        return fits(facts.name, false) || fits(facts.type, false);
    case Subject::Name:
        return fits(facts.name, false);
    case Subject::Type:
        return fits(facts.type, true);
    case Subject::Trainable:
        return facts.trainable == (condition.number != 0);
    case Subject::NotFinite:
        return facts.notFinite == (condition.number != 0);
    case Subject::Parameters:
        break;
    }
    switch (condition.comparison) {
    case Comparison::Equal:
        return parameters == condition.number;
    case Comparison::Less:
        return parameters < condition.number;
    case Comparison::LessOrEqual:
        return parameters <= condition.number;
    case Comparison::Greater:
        return parameters > condition.number;
    case Comparison::GreaterOrEqual:
        break;
    }
    return parameters >= condition.number;
}

bool LayerFilter::matches(const Facts& facts) const
{
    if (!m_problem.isEmpty())
        return false;
    return std::all_of(m_conditions.begin(), m_conditions.end(),
        [&](const Condition& condition) { return holds(condition, facts) != condition.negated; });
}

LayerFilterModel::LayerFilterModel(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
    setSortRole(LayerItemModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void LayerFilterModel::setFilter(const LayerFilter& filter)
{
    m_filter = filter;
    invalidateFilter();
}

bool LayerFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_filter.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    // A model has the parameters of all its layers: who looks for large layers means those.
    if (index.data(LayerItemModel::IsModelRole).toBool() && sourceModel()->rowCount(index) > 0
        && !parent.isValid())
        return false;
    return m_filter.matches(
        { index.data().toString(), index.data(LayerItemModel::ClassRole).toString(),
            index.data(LayerItemModel::ParametersRole).toLongLong(),
            index.data(LayerItemModel::TrainableRole).toBool(),
            index.data(LayerItemModel::NotFiniteRole).toBool() });
}

} // namespace layerscope::views
