#pragma once

#include <QStyledItemDelegate>

namespace layerscope::views {

/// Rows with a little air around the text.
class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace layerscope::views
