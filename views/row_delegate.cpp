#include "views/row_delegate.h"

namespace layerscope::views {

namespace {

constexpr int airAboveAndBelow = 6;

} // namespace

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + airAboveAndBelow));
    return size;
}

} // namespace layerscope::views
