#pragma once

#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QString>

#include <vector>

namespace layerscope::views {

/// What the filter box of the layer tree says: words that must all hold.
///
///   dense           name or type contains it (any case); `*` and `?` are wildcards for the whole
///   name or type type:Conv2D     the type; name: likewise; wildcards allowed params>1e6      also
///   <, >=, <=, =, and 10k, 2M trainable:no    yes, no, true or false nan:true        has values
///   that are not finite, as far as they were read "two words"     quotes keep spaces; a leading
///   `-` turns a word around
class LayerFilter
{
public:
    struct Facts
    {
        QString name;
        QString type;
        qint64 parameters = 0;
        bool trainable = false;
        bool notFinite = false;
    };

    LayerFilter() = default;
    explicit LayerFilter(const QString& text);

    bool isEmpty() const { return m_conditions.empty(); }
    bool matches(const Facts& facts) const;

    /// The first word that was not understood; it matches nothing then.
    QString problem() const { return m_problem; }

private:
    enum class Subject { Any, Name, Type, Parameters, Trainable, NotFinite };
    enum class Comparison { Equal, Less, LessOrEqual, Greater, GreaterOrEqual };
    struct Condition
    {
        Subject subject = Subject::Any;
        Comparison comparison = Comparison::Equal;
        bool negated = false;
        QString text;
        QRegularExpression pattern; ///< where the text has wildcards
        double number = 0;
    };

    void addWord(QString word);
    bool holds(const Condition& condition, const Facts& facts) const;

    std::vector<Condition> m_conditions;
    QString m_problem;
};

/// The rows of a LayerItemModel that match, and the models around them.
class LayerFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit LayerFilterModel(QObject* parent = nullptr);
    void setFilter(const LayerFilter& filter);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    LayerFilter m_filter;
};

} // namespace layerscope::views
