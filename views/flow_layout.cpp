#include "views/flow_layout.h"

namespace layerscope::views {

FlowLayout::FlowLayout(int horizontalSpacing, int verticalSpacing, QWidget* parent)
    : QLayout(parent)
    , m_horizontalSpacing(horizontalSpacing)
    , m_verticalSpacing(verticalSpacing)
{
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.append(item);
}
int FlowLayout::count() const
{
    return static_cast<int>(m_items.size());
}
QLayoutItem* FlowLayout::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const
{
    return flow(QRect(0, 0, width, 0), Mode::Measure);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

QSize FlowLayout::sizeHint() const
{
    return minimumSize();
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    flow(rect, Mode::Place);
}

int FlowLayout::flow(const QRect& rect, Mode mode) const
{
    int y = rect.y();
    for (qsizetype first = 0; first < m_items.size();) {
        int width = 0;
        int height = 0;
        qsizetype next = first;
        while (next < m_items.size()) {
            const QSize size = m_items[next]->sizeHint();
            if (next > first && width + size.width() > rect.width())
                break;
            width += m_items[next]->isEmpty() ? 0 : size.width() + m_horizontalSpacing;
            height = std::max(height, size.height());
            ++next;
        }
        int x = rect.x();
        for (qsizetype i = first; mode == Mode::Place && i < next; ++i) {
            QLayoutItem* item = m_items[i];
            if (item->isEmpty())
                continue;
            const QSize size(
                std::min(item->sizeHint().width(), rect.width()), item->sizeHint().height());
            item->setGeometry(QRect(QPoint(x, y + (height - size.height()) / 2), size));
            x += size.width() + m_horizontalSpacing;
        }
        y += height + (next < m_items.size() ? m_verticalSpacing : 0);
        first = next;
    }
    return y - rect.y();
}

} // namespace layerscope::views
