#include "views/inspector.h"

#include "model/layers/lower_model.h"
#include "views/layer_category.h"
#include "views/model_words.h"
#include "views/row_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QShortcut>
#include <QTreeView>
#include <QVBoxLayout>

namespace layerscope::views {

namespace {

constexpr int categoryIconSide = 20;

/// Where a row is, in names: "Weights/kernel/Mean".
QString keyOf(const QModelIndex& index)
{
    const QString name = index.siblingAtColumn(PropertyItemModel::Name).data().toString();
    return index.parent().isValid() ? keyOf(index.parent()) + QLatin1Char('/') + name : name;
}

/// Of a name or a path the end says as much as the beginning ("momentum…kernel"); a sentence begins
/// at its beginning.
class PropertyDelegate : public RowDelegate
{
public:
    using RowDelegate::RowDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        RowDelegate::initStyleOption(option, index);
        const bool isSentence
            = index.column() == PropertyItemModel::Value && option->text.contains(QLatin1Char(' '));
        option->textElideMode = isSentence ? Qt::ElideRight : Qt::ElideMiddle;
    }
};

void appendText(
    const QAbstractItemModel& model, const QModelIndex& index, int depth, QStringList& lines)
{
    lines.append(QString(depth * 2, QLatin1Char(' '))
        + index.siblingAtColumn(PropertyItemModel::Name).data().toString() + QLatin1Char('\t')
        + index.siblingAtColumn(PropertyItemModel::Value)
              .data(PropertyItemModel::ExactRole)
              .toString());
    for (int row = 0; row < model.rowCount(index); ++row)
        appendText(model, model.index(row, 0, index), depth + 1, lines);
}

} // namespace

Inspector::Inspector(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_class(new QLabel(this))
    , m_explanation(new QLabel(this))
    , m_tree(new QTreeView(this))
    , m_model(new PropertyItemModel(this))
{
    QFont titleFont = font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.25);
    titleFont.setWeight(QFont::DemiBold);
    m_title->setFont(titleFont);
    m_class->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : { m_title, m_class, m_explanation }) {
        label->setTextFormat(Qt::PlainText); // names come from files
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setFocusPolicy(Qt::ClickFocus);
    }

    m_tree->setObjectName(QStringLiteral("inspector_tree"));
    m_tree->setAccessibleName(tr("Facts about the selection"));
    m_tree->setModel(m_model);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(12);
    m_tree->setItemDelegate(new PropertyDelegate(m_tree));
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->resizeSection(PropertyItemModel::Name, fontMetrics().averageCharWidth() * 20);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &Inspector::showContextMenu);
    connect(m_tree, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        if (m_restoring)
            return;
        m_collapsed.remove(keyOf(index));
        if (!index.data(PropertyItemModel::HeadingRole).toBool())
            m_expanded.insert(keyOf(index));
    });
    connect(m_tree, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        if (m_restoring)
            return;
        m_expanded.remove(keyOf(index));
        if (index.data(PropertyItemModel::HeadingRole).toBool())
            m_collapsed.insert(keyOf(index));
    });
    auto* copyKey = new QShortcut(
        QKeySequence::Copy, m_tree, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(copyKey, &QShortcut::activated, this, [this] { copy(false); });

    auto* titleRow = new QHBoxLayout;
    titleRow->setSpacing(8);
    titleRow->addWidget(m_icon, 0, Qt::AlignTop);
    titleRow->addWidget(m_title, 1);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 8, 12, 8);
    head->setSpacing(4);
    head->addLayout(titleRow);
    head->addWidget(m_class);
    head->addWidget(m_explanation);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_tree, 1);
    setFocusProxy(m_tree);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
}

void Inspector::setNetwork(const std::shared_ptr<const Network>& network)
{
    m_network = network;
    rebuild();
}

void Inspector::setOutputShapes(const std::map<std::string, PartialShape>& shapes)
{
    m_shapes = shapes;
    m_shapesKnown = true;
    rebuild();
}

void Inspector::setStatistics(const ValueSource& source, const SharedStatistics& statistics)
{
    m_statistics.insert(source, statistics);
    m_model->setChildren(source, propertiesOf(*statistics));
}

void Inspector::selectLayer(const QStringList& path)
{
    m_path = path;
    rebuild();
}

QByteArray Inspector::headerState() const
{
    return m_tree->header()->saveState();
}

void Inspector::restoreHeaderState(const QByteArray& state)
{
    m_tree->header()->restoreState(state);
}

void Inspector::rebuild()
{
    if (!m_network) {
        m_model->setProperties({});
        return;
    }
    const Layer* layer = findLayer(*m_network, m_path).layer;
    if (!layer) { // another network, which has no such layer
        m_path.clear();
        layer = &m_network->model;
    }
    m_icon->setPixmap(categoryIcon(categoryOf(*layer))
                          .pixmap(QSize(categoryIconSide, categoryIconSide), devicePixelRatioF()));
    m_title->setText(QString::fromStdString(layer->name.empty() && m_path.isEmpty()
            ? m_network->file.path.filename().string() // weights without their model
            : layer->name));
    m_class->setText(QString::fromStdString(
        layer->registeredName.empty() ? layer->className : layer->registeredName));
    m_class->setVisible(!m_class->text().isEmpty());
    m_explanation->setText(inWords(layers::explain(*layer, *m_network)));

    const Knowledge knowledge{ m_shapesKnown ? &m_shapes : nullptr,
        [this](const ValueSource& source) { return m_statistics.value(source); } };
    m_model->setProperties(m_path.isEmpty() ? propertiesOfModel(*m_network)
                                            : propertiesOfLayer(*m_network, m_path, knowledge));
    restoreExpansion();
}

/// Headings are open unless the user closed them, other rows closed unless he opened them.
void Inspector::restoreExpansion()
{
    m_restoring = true;
    const std::function<void(const QModelIndex&)> visit = [&](const QModelIndex& parent) {
        for (int row = 0; row < m_model->rowCount(parent); ++row) {
            const QModelIndex index = m_model->index(row, 0, parent);
            const QString key = keyOf(index);
            const bool isHeading = index.data(PropertyItemModel::HeadingRole).toBool();
            if (isHeading)
                m_tree->setFirstColumnSpanned(row, parent, true);
            if (isHeading ? !m_collapsed.contains(key) : m_expanded.contains(key)) {
                m_tree->expand(index);
                visit(index);
            }
        }
    };
    visit({});
    m_restoring = false;
}

void Inspector::copy(bool withNames) const
{
    QModelIndexList rows = m_tree->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [this](const QModelIndex& a, const QModelIndex& b) {
        return m_tree->visualRect(a).top() < m_tree->visualRect(b).top();
    });
    QStringList lines;
    for (const QModelIndex& row : rows) {
        if (withNames)
            appendText(*m_model, row, 0, lines);
        else
            lines.append(row.siblingAtColumn(PropertyItemModel::Value)
                             .data(PropertyItemModel::ExactRole)
                             .toString());
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void Inspector::showContextMenu(const QPoint& position)
{
    if (!m_tree->indexAt(position).isValid())
        return;
    QMenu menu(this);
    menu.addAction(tr("Copy value"), this, [this] { copy(false); });
    menu.addAction(tr("Copy with names"), this, [this] { copy(true); });
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

} // namespace layerscope::views
