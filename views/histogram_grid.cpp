#include "views/histogram_grid.h"

#include "views/histogram_item_model.h"
#include "views/histogram_painter.h"
#include "views/number_text.h"
#include "views/statistics_text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

namespace layerscope::views {
namespace {

constexpr int cellPadding = 8;
constexpr int plotHeight = 64;

} // namespace

class HistogramGrid::Delegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    HistogramItemModel* model = nullptr;
    HistogramOptions options;
    QSize cell;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return cell; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const auto language = VisualLanguage::of(option.palette);
        painter->save();
        const QRect whole = option.rect.adjusted(2, 2, -2, -2);
        if ((option.state & QStyle::State_Selected) != 0)
            painter->fillRect(whole, language.faded(language.accent, 0.14));
        if ((option.state & QStyle::State_HasFocus) != 0) {
            painter->setPen(QPen(language.accent, 1));
            painter->drawRect(whole.adjusted(0, 0, -1, -1));
        }
        paintContent(*painter, option, index, language,
            whole.adjusted(cellPadding - 2, cellPadding - 4, 2 - cellPadding, 2 - cellPadding));
        painter->restore();
    }

private:
    void paintContent(QPainter& painter, const QStyleOptionViewItem& option,
        const QModelIndex& index, const VisualLanguage& language, const QRect& area) const
    {
        const int line = option.fontMetrics.height();
        const QString title = index.data().toString();
        painter.setPen(language.text);
        painter.drawText(QRect(area.left(), area.top(), area.width(), line), Qt::AlignLeft,
            option.fontMetrics.elidedText(title, Qt::ElideMiddle, area.width()));
        const QRect plot = area.adjusted(0, line + 2, 0, 0);
        QFont small = option.font;
        small.setPointSizeF(small.pointSizeF() * 0.85);
        painter.setFont(small);
        const SharedStatistics statistics = model->statistics(index.row());
        painter.setPen(language.quietText);
        if (!statistics) {
            const QString failure = model->failure(index.row());
            painter.setPen(failure.isEmpty() ? language.quietText : language.error);
            painter.drawText(plot, Qt::AlignCenter | Qt::TextWordWrap,
                failure.isEmpty() ? HistogramGrid::tr("reading…") : failure);
        } else if (statistics->histogram.counts.empty()) {
            painter.drawText(plot, Qt::AlignCenter,
                statistics->count == 0 ? HistogramGrid::tr("no elements")
                                       : HistogramGrid::tr("no finite value"));
        } else {
            paintHistogram(painter, plot, drawingOf(*statistics, options), language,
                HistogramDetail::Sparkline);
            if (statistics->nan + statistics->inf > 0) {
                painter.setPen(language.error);
                painter.drawText(plot, Qt::AlignRight | Qt::AlignTop,
                    HistogramGrid::tr("⚠ %1 not finite")
                        .arg(countText(statistics->nan + statistics->inf)));
            }
        }
    }
};

HistogramGrid::HistogramGrid(QWidget* parent)
    : QListView(parent)
    , m_delegate(new Delegate(this))
{
    setItemDelegate(m_delegate);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setAccessibleName(tr("Histograms of all layers"));
    updateCellSize();
}

void HistogramGrid::setHistogramModel(HistogramItemModel* model)
{
    m_delegate->model = model;
    setModel(model);
}

void HistogramGrid::setOptions(const HistogramOptions& options)
{
    m_delegate->options = options;
    m_delegate->options.showsGuides = false;
    viewport()->update();
}

std::pair<int, int> HistogramGrid::visibleRows() const
{
    const int count = model() != nullptr ? model()->rowCount() : 0;
    const int columns = std::max(1, layoutWidth() / std::max(1, m_delegate->cell.width()));
    const int height = std::max(1, m_delegate->cell.height());
    const int top = verticalScrollBar()->value();
    const int first = top / height * columns;
    const int last = ((top + viewport()->height()) / height + 1) * columns - 1;
    return { std::min(first, count), std::min(last, count - 1) };
}

/// A list that goes on from left to right keeps room for the scroll bar, whether it shows or not.
int HistogramGrid::layoutWidth() const
{
    return maximumViewportSize().width()
        - style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, verticalScrollBar());
}

void HistogramGrid::updateCellSize()
{
    // As many columns as fit with readable titles, and no gap at the right.
    const int least = fontMetrics().averageCharWidth() * 26;
    const int width = std::max(least, layoutWidth());
    const int columns = std::max(1, width / least);
    const int height = fontMetrics().height() * 2 + plotHeight + 2 * cellPadding;
    m_delegate->cell = QSize(width / columns - (columns > 1 ? 1 : 0), height);
    doItemsLayout();
    emit visibleRowsChanged();
}

void HistogramGrid::resizeEvent(QResizeEvent* event)
{
    QListView::resizeEvent(event);
    updateCellSize();
}

void HistogramGrid::scrollContentsBy(int dx, int dy)
{
    QListView::scrollContentsBy(dx, dy);
    emit visibleRowsChanged();
}

void HistogramGrid::keyPressEvent(QKeyEvent* event)
{
    if (!event->matches(QKeySequence::Copy) || !currentIndex().isValid())
        return QListView::keyPressEvent(event);
    QGuiApplication::clipboard()->setText(currentIndex().data(Qt::ToolTipRole).toString());
    event->accept();
}

void HistogramGrid::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateCellSize();
}

} // namespace layerscope::views
