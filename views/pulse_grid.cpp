#include "views/pulse_grid.h"

#include "views/number_text.h"
#include "views/pulse_item_model.h"
#include "views/visual_language.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include <cmath>

namespace layerscope::views {
namespace {

constexpr int padding = 8;
constexpr int pulseHeight = 36;
constexpr double usualRatio = 1e-3;

/// A logarithmic sparkline that spans at least a decade.
void paintTrace(QPainter& painter, const QRectF& area, const std::vector<double>& values,
    const QColor& colour, const VisualLanguage& language, double guide)
{
    double low = guide > 0 ? guide / 3 : INFINITY;
    double high = guide > 0 ? guide * 3 : 0;
    for (const double value : values) {
        if (std::isfinite(value) && value > 0) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (!(high > 0))
        return;
    const double middle = std::sqrt(low) * std::sqrt(high);
    low = std::min(low, middle / std::sqrt(10));
    high = std::max(high, middle * std::sqrt(10));
    const auto y = [&](double value) {
        return area.bottom() - std::log(value / low) / std::log(high / low) * area.height();
    };
    if (guide > 0) {
        painter.setPen(QPen(language.quietText, 1, Qt::DotLine));
        painter.drawLine(QPointF(area.left(), y(guide)), QPointF(area.right(), y(guide)));
    }
    painter.setPen(QPen(colour, 1.3));
    const double last = std::max(1.0, static_cast<double>(values.size()) - 1);
    QPolygonF line;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!(values[i] > 0) || !std::isfinite(values[i])) {
            painter.drawPolyline(line);
            line.clear();
            continue;
        }
        line << QPointF(area.left() + static_cast<double>(i) / last * area.width(), y(values[i]));
    }
    painter.drawPolyline(line);
}

} // namespace

class PulseGrid::Delegate : public QStyledItemDelegate
{
public:
    Delegate(PulseItemModel& items, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_items(items)
    {
    }

    QSize cell;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return cell; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const auto language = VisualLanguage::of(option.palette);
        const LayerTrace& trace = m_items.trace(index.row());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if ((option.state & QStyle::State_HasFocus) != 0) {
            painter->setPen(QPen(language.accent, 1));
            painter->drawRect(QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5));
        }
        const QRect area = option.rect.adjusted(padding, padding / 2, -padding, -padding / 2);
        const int line = option.fontMetrics.height();
        const QString word = PulseItemModel::verdict(trace);
        const int room = word.isEmpty() ? 0 : option.fontMetrics.horizontalAdvance(word) + padding;
        painter->setPen(language.text);
        painter->drawText(area, Qt::AlignLeft,
            option.fontMetrics.elidedText(trace.path, Qt::ElideMiddle, area.width() - room));
        painter->setPen(language.warning);
        painter->drawText(area, Qt::AlignRight, word);
        const int half = (area.width() - padding) / 2;
        const QRectF left(area.left(), area.top() + line + 3, half, pulseHeight);
        const QRectF right = left.translated(half + padding, 0);
        paintTrace(*painter, left, trace.gradientNorms, language.accent, language, 0);
        paintTrace(*painter, right, trace.updateRatios, language.series(2), language, usualRatio);
        painter->setPen(language.quietText);
        const auto caption = [&](const QRectF& plot, const QString& text) {
            painter->drawText(
                QRectF(plot.left(), plot.bottom() + 1, plot.width(), line), Qt::AlignLeft, text);
        };
        if (!trace.updateRatios.empty()) {
            caption(
                left, PulseGrid::tr("gradient %1").arg(numberText(trace.gradientNorms.back(), 2)));
            caption(
                right, PulseGrid::tr("update %1").arg(numberText(trace.updateRatios.back(), 2)));
        }
        painter->restore();
    }

private:
    PulseItemModel& m_items;
};

PulseGrid::PulseGrid(PulseItemModel& model, QWidget* parent)
    : QListView(parent)
    , m_delegate(new Delegate(model, this))
{
    setModel(&model);
    setItemDelegate(m_delegate);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    setFont(small);
    setAccessibleName(tr("Gradient norm and update ratio of each layer"));
}

void PulseGrid::resizeEvent(QResizeEvent* event)
{
    QListView::resizeEvent(event);
    const int least = fontMetrics().averageCharWidth() * 34;
    const int width = std::max(least, viewport()->width());
    const int columns = std::max(1, width / least);
    m_delegate->cell = QSize(width / columns - (columns > 1 ? 1 : 0),
        2 * fontMetrics().height() + pulseHeight + 2 * padding);
    doItemsLayout();
    updateGeometries(); // else a scroll bar that is needed no more stays
}

} // namespace layerscope::views
