#include "views/layer_tree.h"

#include "views/icons.h"
#include "views/layer_filter.h"
#include "views/number_text.h"
#include "views/row_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

namespace layerscope::views {

namespace {

/// A model of few layers is shown whole; in a large one nested models stay closed at first.
constexpr int mostRowsExpanded = 400;

constexpr int airAroundTitle = 14;

/// The widths of columns follow the first rows; measuring all of a large model would be felt.
constexpr int rowsMeasured = 48;

/// Tells how wide the contents of a column are.
class MeasuredTree : public QTreeView
{
public:
    using QTreeView::QTreeView;
    using QTreeView::sizeHintForColumn;
};

int layerCount(const Layer& model)
{
    int count = 0;
    for (const Layer& layer : model.layers)
        count += 1 + layerCount(layer);
    return count;
}

QString rowText(const QModelIndex& first)
{
    QStringList cells;
    for (int column = 0; column < LayerItemModel::ColumnCount; ++column)
        cells.append(first.siblingAtColumn(column).data().toString());
    return cells.join(QLatin1Char('\t'));
}

void appendRows(const QAbstractItemModel& model, const QModelIndex& parent, QStringList& lines)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        lines.append(rowText(index));
        appendRows(model, index, lines);
    }
}

} // namespace

LayerTree::LayerTree(QWidget* parent)
    : QWidget(parent)
    , m_model(new LayerItemModel(this))
    , m_filterModel(new LayerFilterModel(this))
    , m_filter(new QLineEdit(this))
    , m_tree(new MeasuredTree(this))
    , m_empty(new QLabel(this))
    , m_totals(new QLabel(this))
{
    m_filterModel->setSourceModel(m_model);

    m_filter->setObjectName(QStringLiteral("layer_filter"));
    m_filter->setPlaceholderText(tr("Filter layers"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"), QLineEdit::LeadingPosition);
    m_filter->setAccessibleName(tr("Filter layers"));
    m_filter->setToolTip(tr("Words in the name or type, and\n"
                            "type:Conv2D   name:block*   params>1e6\n"
                            "trainable:no   nan:true   -type:Dropout"));
    connect(m_filter, &QLineEdit::textChanged, this, &LayerTree::applyFilter);
    connect(m_filter, &QLineEdit::returnPressed, this, &LayerTree::focusTree);

    m_tree->setObjectName(QStringLiteral("layer_tree"));
    m_tree->setAccessibleName(tr("Layers"));
    m_tree->setModel(m_filterModel);
    m_tree->setUniformRowHeights(true); // rows are measured once, not one by one
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(14);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tree->setTextElideMode(Qt::ElideRight);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setSectionsMovable(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSortIndicatorClearable(true);
    m_tree->header()->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setSortingEnabled(true);
    m_tree->sortByColumn(-1, Qt::AscendingOrder); // the order of the model
    // Titles keep no room for an arrow as long as nothing is sorted.
    m_tree->header()->setSortIndicatorShown(false);
    connect(m_tree->header(), &QHeaderView::sortIndicatorChanged, this, [this](int column) {
        m_tree->header()->setSortIndicatorShown(column >= 0);
        fitColumns();
    });
    m_tree->header()->setResizeContentsPrecision(rowsMeasured);
    m_tree->header()->setMinimumSectionSize(40);
    m_tree->setItemDelegate(new RowDelegate(m_tree));
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& current) {
            if (current.isValid())
                emit layerSelected(current.data(LayerItemModel::PathRole).toStringList());
        });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        emit layerActivated(index.data(LayerItemModel::PathRole).toStringList());
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &LayerTree::showContextMenu);
    connect(
        m_tree->header(), &QWidget::customContextMenuRequested, this, &LayerTree::showHeaderMenu);
    // Sections change for other reasons, too (another font, a model that is reset): the user does
    // it with the mouse.
    const auto wereSet = [this] {
        m_columnsWereSet
            = m_columnsWereSet || (!m_isFitting && QApplication::mouseButtons() != Qt::NoButton);
    };
    connect(m_tree->header(), &QHeaderView::sectionResized, this, wereSet);
    connect(m_tree->header(), &QHeaderView::sectionMoved, this, wereSet);
    m_tree->viewport()->installEventFilter(this);

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(16, 8, 16, 8);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->hide();
    m_totals->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_totals->setContentsMargins(8, 4, 8, 4);

    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 8, 8, 8);
    filterRow->addWidget(m_filter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(filterRow);
    layout->addWidget(m_empty);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_totals);
    setFocusProxy(m_tree);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
}

void LayerTree::setNetwork(const std::shared_ptr<const Network>& network)
{
    const bool isFirst = !m_network;
    m_network = network;
    m_model->setNetwork(network);
    if (isFirst && network) {
        if (layerCount(network->model) <= mostRowsExpanded)
            m_tree->expandAll();
        else
            m_tree->expandToDepth(0);
        fitColumns();
    }
    updateTotals();
}

void LayerTree::setOutputShapes(const std::map<std::string, PartialShape>& shapes)
{
    m_model->setOutputShapes(shapes);
    fitColumns();
}

void LayerTree::setFinite(WeightIndex weight, bool finite)
{
    m_model->setFinite(weight, finite);
}

void LayerTree::selectLayer(const QStringList& path)
{
    const QModelIndex source = m_model->indexOf(path);
    const QModelIndex index = m_filterModel->mapFromSource(source);
    if (!index.isValid() || m_tree->currentIndex().siblingAtColumn(0) == index)
        return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

QStringList LayerTree::selectedLayer() const
{
    return m_tree->currentIndex().data(LayerItemModel::PathRole).toStringList();
}

QString LayerTree::filterText() const
{
    return m_filter->text();
}

void LayerTree::setFilterText(const QString& text)
{
    m_filter->setText(text);
}

void LayerTree::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void LayerTree::focusTree()
{
    m_tree->setFocus(Qt::ShortcutFocusReason);
    if (!m_tree->currentIndex().isValid())
        m_tree->setCurrentIndex(m_filterModel->index(0, 0));
}

void LayerTree::expandAll()
{
    m_tree->expandAll();
}

void LayerTree::collapseAll()
{
    m_tree->collapseAll();
    m_tree->expand(m_filterModel->index(0, 0)); // the layers of the model stay in sight
}

/// What the title of a column needs. The header's own hint is for bold titles.
int LayerTree::titleWidth(int column) const
{
    const QHeaderView* header = m_tree->header();
    const int margin = style()->pixelMetric(QStyle::PM_HeaderMargin, nullptr, header);
    const int arrow = header->isSortIndicatorShown()
        ? style()->pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, header) + margin
        : 0;
    return header->fontMetrics().horizontalAdvance(
               m_model->headerData(column, Qt::Horizontal).toString())
        + 2 * margin + airAroundTitle + arrow;
}

/// Gives every column what it needs as long as all fit beside each other; else types are shortened,
/// then shapes, then names (their tool tips say them whole), never a title.
void LayerTree::fitColumns()
{
    if (m_columnsWereSet || m_isFitting)
        return;
    const QScopedValueRollback fitting(m_isFitting, true);
    const int character = fontMetrics().averageCharWidth();
    struct Column
    {
        int section;
        int most; ///< characters
        int least; ///< characters; 0: never less than it asks for
        int width = 0;
    };
    Column columns[] = { { LayerItemModel::Type, 20, 9 }, { LayerItemModel::OutputShape, 24, 9 },
        { LayerItemModel::Name, 26, 12 }, { LayerItemModel::Parameters, 20, 0 },
        { LayerItemModel::Trainable, 12, 0 } };
    int excess = -m_tree->viewport()->width();
    for (Column& column : columns) {
        if (m_tree->isColumnHidden(column.section))
            continue;
        const int asked = static_cast<MeasuredTree*>(m_tree)->sizeHintForColumn(column.section);
        column.width
            = std::max(titleWidth(column.section), std::min(asked, column.most * character));
        excess += column.width;
    }
    for (Column& column : columns) {
        if (column.width == 0)
            continue;
        const int least = column.least == 0
            ? column.width
            : std::max(titleWidth(column.section), column.least * character);
        const int taken = std::clamp(excess, 0, std::max(0, column.width - least));
        column.width -= taken;
        excess -= taken;
    }
    for (Column& column : columns)
        if (column.width > 0)
            m_tree->setColumnWidth(column.section,
                column.section == LayerItemModel::Name && excess < 0 ? column.width - excess
                                                                     : column.width);
}

bool LayerTree::eventFilter(QObject* watched, QEvent* event)
{
    // Not the resizing of this widget: a scroll bar that comes takes its width from the columns,
    // too.
    if (watched == m_tree->viewport() && event->type() == QEvent::Resize)
        fitColumns();
    return QWidget::eventFilter(watched, event);
}

QByteArray LayerTree::headerState() const
{
    return m_columnsWereSet ? m_tree->header()->saveState() : QByteArray();
}

void LayerTree::restoreHeaderState(const QByteArray& state)
{
    const QScopedValueRollback fitting(m_isFitting, true);
    m_columnsWereSet = m_tree->header()->restoreState(state);
    m_tree->sortByColumn(
        -1, Qt::AscendingOrder); // a forgotten sorting would look like the model's order
    m_tree->header()->setSortIndicatorShown(false);
}

void LayerTree::applyFilter()
{
    const LayerFilter filter(m_filter->text());
    m_filterModel->setFilter(filter);
    if (!filter.isEmpty())
        m_tree->expandAll();
    else if (m_tree->currentIndex().isValid())
        m_tree->scrollTo(m_tree->currentIndex());
    const bool nothing = m_network && m_filterModel->rowCount() == 0;
    m_empty->setVisible(nothing);
    if (nothing)
        m_empty->setText(filter.problem().isEmpty()
                ? tr("No layer matches.")
                : tr("“%1” is not understood.").arg(filter.problem()));
}

void LayerTree::showContextMenu(const QPoint& position)
{
    QMenu menu(this);
    const QModelIndex index = m_tree->indexAt(position);
    if (index.isValid()) {
        menu.addAction(tr("Copy name"), this, [index] {
            QApplication::clipboard()->setText(
                index.siblingAtColumn(LayerItemModel::Name).data().toString());
        });
        menu.addAction(tr("Copy row"), this, [this] { copyRows(false); });
    }
    menu.addAction(tr("Copy table"), this, [this] { copyRows(true); });
    menu.addSeparator();
    menu.addAction(tr("Expand all"), this, &LayerTree::expandAll);
    menu.addAction(tr("Collapse all"), this, &LayerTree::collapseAll);
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

void LayerTree::showHeaderMenu(const QPoint& position)
{
    QMenu menu(this);
    for (int column = LayerItemModel::Type; column < LayerItemModel::ColumnCount; ++column) {
        const QString title = m_model->headerData(column, Qt::Horizontal).toString();
        const QString words
            = m_model->headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString();
        QAction* action = menu.addAction(words.isEmpty() ? title : words);
        action->setCheckable(true);
        action->setChecked(!m_tree->isColumnHidden(column));
        connect(action, &QAction::toggled, m_tree, [this, column](bool shown) {
            { // the others take the room, unless they were set
                const QScopedValueRollback fitting(m_isFitting, true);
                m_tree->setColumnHidden(column, !shown);
            }
            fitColumns();
            m_columnsWereSet = true; // to be remembered
        });
    }
    menu.exec(m_tree->header()->mapToGlobal(position));
}

void LayerTree::copyRows(bool everything)
{
    QStringList lines;
    if (everything) {
        QStringList titles;
        for (int column = 0; column < LayerItemModel::ColumnCount; ++column)
            titles.append(m_model->headerData(column, Qt::Horizontal).toString());
        lines.append(titles.join(QLatin1Char('\t')));
        appendRows(*m_filterModel, {}, lines);
    } else {
        lines.append(rowText(m_tree->currentIndex()));
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

QString LayerTree::totals() const
{
    return m_totals->text();
}

void LayerTree::updateTotals()
{
    if (!m_network) {
        m_totals->clear();
        return;
    }
    std::int64_t parameters = 0;
    for (const Weight& weight : m_network->weights)
        parameters += weight.value.count();
    m_totals->setText(tr("%n layer(s)", nullptr, layerCount(m_network->model))
        + QStringLiteral(" · ") + tr("%1 parameters").arg(countText(parameters)));
}

} // namespace layerscope::views
